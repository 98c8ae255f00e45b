"""rawwfile.exchange.resources, on exchanges without a socket."""

from __future__ import annotations

import contextlib
import logging
import threading

import pytest

from rawwfile.errors import ClientDisconnected, ClientGone, HTTPError, HTTPRedirect, NotFound, Shutdown
from rawwfile.exchange.resources import resource
from tests.unit.bodies import returning, streamed
from tests.unit.wire import HEAD, answer, exchange_for


class Book:
    """A context manager that notes what happens to it, in what order."""

    def __init__(self, notes, name="book"):
        self.notes, self.name = notes, name

    def __enter__(self):
        self.notes.append(f"enter {self.name}")
        return self

    def __exit__(self, kind, error, trace):
        assert kind is (None if error is None else type(error))
        self.notes.append(f"leave {self.name}")
        self.error = error


# -- life ------------------------------------------------------------------------------------------


def test_entered_when_asked_for_and_left_after_close():
    notes = []

    def body():
        notes.append("begin")
        try:
            resource(lambda: Book(notes))
            yield "a"
            yield "b"
        finally:
            notes.append("closed")

    answer(streamed(body), events=notes)
    # "closed" comes before the last chunk, since the generator ends by itself.
    assert notes == ["begin", "enter book", "sent", "sent", "closed", "sent", "leave book"]


def test_left_after_a_close_that_came_early():
    notes = []

    def body():
        try:
            resource(lambda: Book(notes))
            yield "a"
            yield "b"
        finally:
            notes.append("closed")

    answer(streamed(body), HEAD, events=notes)
    assert notes == ["enter book", "sent", "closed", "leave book"]


def test_the_same_factory_gives_the_same_thing_and_the_last_is_left_first():
    notes, found = [], []

    def first():
        return Book(notes, "first")

    def second():
        return Book(notes, "second")

    def index():
        found.extend([resource(first), resource(second), resource(first)])

    answer(returning(index))
    assert found[0] is found[2] is not found[1]
    assert notes == ["enter first", "enter second", "leave second", "leave first"]
    answer(returning(index))
    assert found[3] is not found[0]


def test_a_factory_need_not_be_hashable():
    class Factory(list):
        def __call__(self):
            return Book(notes)

    notes, factory = [], Factory()
    answer(returning(lambda: (resource(factory), resource(factory), "")[-1]))
    assert notes == ["enter book", "leave book"]


def test_one_that_fails_on_leaving_is_logged_and_the_others_are_left(caplog):
    notes = []

    @contextlib.contextmanager
    def failing():
        yield 1
        raise OSError("on leaving")

    def index():
        resource(lambda: Book(notes))
        resource(failing)

    exchange, lines, _ = answer(returning(index))
    assert lines[0] == "HTTP/1.1 200 OK" and exchange.end == "complete"
    assert notes == ["enter book", "leave book"]
    assert "raised OSError in an end hook" in caplog.text


def test_one_that_cannot_be_entered_is_the_handlers_error():
    class Broken(Book):
        def __enter__(self):
            raise NotFound("no such table")

    notes = []
    _, lines, _ = answer(returning(lambda: resource(lambda: Broken(notes))))
    assert lines[0] == "HTTP/1.1 404 Not Found" and notes == []


def test_no_context_manager():
    exchange, lines, _ = answer(returning(lambda: resource(list)))
    assert lines[0].startswith("HTTP/1.1 500 ") and isinstance(exchange.error, TypeError)
    assert "must give a context manager, not list; contextlib.closing" in str(exchange.error)


def test_outside_of_a_request():
    with pytest.raises(RuntimeError, match="only there while a request is answered"):
        resource(lambda: Book([]))


def test_another_thread_may_not_ask():
    raised, notes = [], []

    def index():
        resource(lambda: Book(notes))

        def elsewhere():
            try:
                resource(lambda: Book(notes, "elsewhere"))
            except RuntimeError as error:
                raised.append(str(error))

        spawned = threading.Thread(target=exchange.context.copy().run, args=(elsewhere,))
        spawned.start()
        spawned.join()

    exchange = exchange_for()
    exchange.run(returning(index))
    assert notes == ["enter book", "leave book"]
    assert len(raised) == 1 and raised[0].startswith(
        "a resource belongs to the thread of its request: ask for it there"
    )


def test_one_that_another_thread_was_the_first_to_enter_is_logged(caplog):
    notes = []

    def index():
        spawned = threading.Thread(target=exchange.context.copy().run, args=(resource, lambda: Book(notes)))
        spawned.start()
        spawned.join()

    exchange = exchange_for()
    with caplog.at_level(logging.ERROR, "rawwfile"):
        exchange.run(returning(index))
    assert notes == ["enter book", "leave book"]
    assert "was entered in a thread that was not the request's" in caplog.text


# -- how it ended ----------------------------------------------------------------------------------


def test_complete_is_none():
    book = Book([])
    answer(streamed(lambda: (resource(lambda: book).name for _ in range(3))))
    assert book.error is None


def test_what_the_handler_raises():
    book, error = Book([]), ZeroDivisionError("mine")

    def body():
        resource(lambda: book)
        yield "a"
        raise error

    exchange, _, _ = answer(streamed(body))
    assert exchange.end == "error" and book.error is error


def test_what_is_raised_before_the_first_piece():
    book = Book([])

    def body():
        resource(lambda: book)
        raise ZeroDivisionError
        yield "a"

    _, lines, _ = answer(streamed(body))
    assert lines[0].startswith("HTTP/1.1 500 ") and isinstance(book.error, ZeroDivisionError)


def test_an_http_error_is_an_error_and_a_redirect_is_none():
    book = Book([])

    def gone():
        resource(lambda: book)
        raise HTTPError(410)

    def away():
        resource(lambda: book)
        raise HTTPRedirect("/")

    exchange, lines, _ = answer(returning(gone))
    assert lines[0] == "HTTP/1.1 410 Gone" and exchange.end == "complete"
    assert isinstance(book.error, HTTPError) and book.error.status == 410
    answer(returning(away))
    assert book.error is None


ENDS = [
    ("client-gone", ClientDisconnected("gone"), ClientGone),
    ("client-gone", ClientGone("gone"), ClientGone),
    ("shutdown", Shutdown("stop"), Shutdown),
]


@pytest.mark.parametrize(("end", "raised", "kind"), ENDS)
def test_other_ends(end, raised, kind):
    book = Book([])

    def body():
        resource(lambda: book)
        yield "a"
        raise raised

    exchange, _, _ = answer(streamed(body))
    assert exchange.end == end and type(book.error) is kind


def test_a_time_out():
    book, slow = Book([]), ClientDisconnected("too slow")
    slow.__cause__ = TimeoutError("30 s")

    def body():
        resource(lambda: book)
        yield "a"
        raise slow

    exchange, _, _ = answer(streamed(body))
    assert exchange.end == "timeout" and type(book.error) is TimeoutError


def test_a_false_length_is_an_error():
    book = Book([])

    def application(exchange):
        exchange.response.stream = True
        exchange.response.headers["Content-Length"] = 5
        exchange.response.body = (resource(lambda: book).name for _ in range(1))

    exchange, _, _ = answer(application)
    assert exchange.end == "error" and isinstance(book.error, ValueError)


def test_head_on_a_stream_is_no_completion_and_on_a_page_it_is():
    book = Book([])

    def body():
        yield resource(lambda: book).name
        yield "b"

    answer(streamed(body), HEAD)
    assert type(book.error) is GeneratorExit
    answer(returning(body), HEAD)
    assert book.error is None


def test_a_response_by_hand():
    book = Book([])

    def application(exchange):
        resource(lambda: book)
        exchange.response.sendResponse = 0
        exchange.response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"[: exchange.length])

    def of(length):
        def limited(exchange):
            exchange.length = length
            application(exchange)

        return limited

    answer(of(None))
    assert book.error is None
    answer(of(-1))
    assert isinstance(book.error, Exception)


def test_one_that_hands_the_error_back_or_swallows_it_changes_nothing(caplog):
    class HandsBack(Book):
        def __exit__(self, kind, error, trace):
            raise error

    @contextlib.contextmanager
    def swallows():
        try:
            yield
        except Shutdown:
            notes.append("swallowed")

    notes = []

    def body():
        resource(lambda: HandsBack(notes))
        resource(swallows)
        yield "a"
        raise Shutdown("stop")

    exchange, _, _ = answer(streamed(body))
    assert exchange.end == "shutdown" and notes == ["enter book", "swallowed"]
    assert "end hook" not in caplog.text
