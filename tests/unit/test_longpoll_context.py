"""What a long poll's generator sees: its first request, the poll being answered, waits, resources and hooks."""

from __future__ import annotations

import contextvars
import os
import threading
from contextlib import contextmanager

import pytest

from rawwfile import on_disconnect, request, response
from rawwfile.errors import ClientGone, Shutdown
from rawwfile.exchange.context import current_exchange
from rawwfile.exchange.resources import resource
from rawwfile.streaming.longpoll.standin import current_poll
from rawwfile.streaming.resources import commit_on_completion
from rawwfile.streaming.waits import client_disconnected
from rawwfile.streaming.waits import stream as waits
from tests.live import PATIENCE
from tests.unit.longpolls import Site, site_of

USER = contextvars.ContextVar("user")

# -- requests ------------------------------------------------------------------------------------


def test_the_request_is_the_first_polls_and_current_poll_is_the_one_being_answered():
    def page(self, **fields):
        while True:
            yield [request.query_string, current_poll().query_string]

    site = site_of(page)
    assert site.poll("/page?key=1&n=1").content == ["key=1&n=1", "key=1&n=1"]
    assert site.poll("/page?key=1&n=2").content == ["key=1&n=1", "key=1&n=2"]


def test_the_response_is_that_of_the_poll_being_answered():
    def page(self):
        for number in (1, 2):
            response.headers["X-Number"] = str(number)
            response.cookie["n"] = str(number)
            yield number

    site = site_of(page)
    assert site.poll("/page?key=1").get("X-Number") == "1"
    second = site.poll("/page?key=1")
    assert (second.get("X-Number"), second.get("Set-Cookie")) == ("2", "n=2")


def test_outside_of_a_generator_there_is_no_current_poll():
    with pytest.raises(RuntimeError, match="only there in the generator of a json_yield handler"):
        current_poll()


def test_called_from_python_there_is_no_request():
    def page(self):
        yield current_poll() is None
        yield current_exchange.get(None) is None

    site = site_of(page)
    assert site.application.root.page("1") == '{"state": "ready", "content": true}'
    assert site.application.root.page("1") == '{"state": "ready", "content": true}'


def test_one_long_poll_may_ask_another():
    site = Site()

    class Root:
        @site.json_yield
        def inner(self):
            yield from "ab"

        @site.json_yield
        def outer(self):
            while True:
                yield self.inner("same")

    site.serve(Root())
    assert site.contents("/outer?key=1", 2) == [
        '{"state": "ready", "content": "a"}',
        '{"state": "ready", "content": "b"}',
    ]


def test_the_context_of_the_request_is_the_streams():
    def page(self):
        USER.set("anna")
        yield request.context[USER]
        yield request.context.copy().run(USER.get)
        yield [request.scheme, current_exchange.get().settings.charset, str(current_exchange.get())]

    site = site_of(page)
    assert site.contents("/page?key=1", 3) == ["anna", "anna", ["http", "utf-8", "#1 GET /page?key=1"]]


def test_context_variables_are_the_streams_own():
    def page(self):
        while True:
            seen = USER.get("nobody")
            USER.set(seen + "!")
            yield seen

    site = site_of(page)
    first = site.ask("/page?key=1")
    first.context.run(USER.set, "anna")
    assert site.answer(first).content == "anna"
    assert site.contents("/page?key=1", 2) == ["anna!", "anna!!"]
    assert first.context[USER] == "anna"
    assert USER.get(None) is None


def test_a_token_may_be_reset_in_the_end():
    done = []

    def page(self):
        token = USER.set("in")
        try:
            yield "a"
        finally:
            USER.reset(token)
            done.append(True)

    site = site_of(page)
    site.poll("/page?key=1")
    site.clock.now += 60
    site.registry.sweep()
    assert done == [True]


# -- resources and hooks -------------------------------------------------------------------------


class Session:
    """Says what was done to it."""

    def __init__(self, log):
        self.log = log

    def commit(self):
        self.log.append("commit")

    def rollback(self):
        self.log.append("rollback")

    def close(self):
        self.log.append("close")


def test_a_resource_lasts_as_long_as_the_stream_and_is_committed_before_done_is_told():
    log = []

    def page(self):
        resource(commit_on_completion(factory))
        yield "a"
        yield "b"

    def factory():
        log.append("open")
        return Session(log)

    site = site_of(page)
    site.contents("/page?key=1", 2)
    assert log == ["open"]
    assert site.poll("/page?key=1").state == "done"
    assert log == ["open", "commit", "close"]


@pytest.mark.parametrize("how", ["closed", "expired", "error"])
def test_a_stream_that_ends_otherwise_is_rolled_back(how):
    log = []

    def page(self):
        resource(commit_on_completion(lambda: Session(log)))
        yield "a"
        raise ValueError("b")

    site = site_of(page, ttl=60)
    site.poll("/page?key=1")
    if how == "closed":
        site.poll("/page?key=1", method="DELETE")
    elif how == "expired":
        site.clock.now += 60
        site.registry.sweep()
    else:
        assert site.poll("/page?key=1").state == "error"
    assert log == ["rollback", "close"]


def test_what_a_resource_sees_of_the_end():
    seen = []

    @contextmanager
    def watching():
        try:
            yield
        except BaseException as error:
            seen.append(type(error))
            raise

    def page(self):
        resource(watching)
        yield "a"
        raise ValueError("b")

    site = site_of(page, ttl=60)
    for key, end in (("1", "DELETE"), ("2", "GET")):
        site.poll(f"/page?key={key}")
        site.poll(f"/page?key={key}", method=end)
    assert seen == [ClientGone, ValueError]


def test_a_commit_that_fails_is_an_error_instead_of_done(caplog):
    class Failing(Session):
        def commit(self):
            raise OSError("disk full")

    log = []

    def page(self):
        resource(commit_on_completion(lambda: Failing(log)))
        yield "a"

    site = site_of(page)
    site.poll("/page?key=1")
    answer = site.poll("/page?key=1")
    assert (answer.status, answer.json["error"]["type"]) == (500, "OSError")
    assert log == ["rollback", "close"]
    assert "raised OSError" in caplog.text
    assert site.poll("/page?key=1").state == "done"


def test_a_function_that_fails_before_it_has_a_generator_gives_back_its_resources():
    log = []

    def page(self):
        resource(commit_on_completion(lambda: Session(log)))
        raise ValueError("no generator")

    site = site_of(page)
    assert site.poll("/page?key=1").status == 500
    assert log == ["rollback", "close"]


def test_end_hooks_run_when_the_stream_ends_the_last_first_whatever_one_raises(caplog):
    log = []

    def page(self):
        exchange = current_exchange.get()
        exchange.on_end(lambda: log.append("first"))
        exchange.on_end(lambda: 1 / 0)
        exchange.on_end(lambda: log.append((USER.get(), exchange.end)))
        USER.set("anna")
        yield "a"

    site = site_of(page)
    site.poll("/page?key=1")
    assert log == []
    site.poll("/page?key=1")
    assert log == [("anna", "complete"), "first"]
    assert "failed in an end hook" in caplog.text


# -- waits ---------------------------------------------------------------------------------------


def test_a_wait_in_the_generator_does_not_end_with_one_polls_client():
    def page(self):
        polled.channel.leave()
        waits.sleep(0.001)
        yield client_disconnected()

    site = site_of(page)
    polled = site.ask("/page?key=1")
    site.answer(polled)
    # Its client left while the generator ran: the item is the next poll's.
    assert site.poll("/page?key=1").content is False


def test_a_wait_in_the_generator_counts_as_a_stream_of_the_server():
    def page(self):
        waits.sleep(0.001)
        yield "a"

    site = site_of(page)
    polled = site.ask("/page?key=1")
    site.answer(polled)
    assert polled.channel.streams == 1


class Waiting:
    """A generator that waits in the ways that there are, in a poll of a thread of its own."""

    def __init__(self, wait):
        self.waits, self.raised, self.polled = threading.Event(), [], None

        def page(root):
            yield "a"
            on_disconnect(lambda: self.raised.append("told"))
            self.waits.set()
            try:
                wait()
            except BaseException as error:
                self.raised.append(type(error))
                raise

        self.site = site_of(page)
        assert self.site.poll("/page?key=1").content == "a"
        self.exchange = self.site.ask("/page?key=1")
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        assert self.waits.wait(PATIENCE)

    def run(self):
        self.polled = self.site.answer(self.exchange)

    def over(self):
        """What was answered in the end."""
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        return self.polled


def select():
    """Wait for a pipe that nobody writes to."""
    reader, writer = os.pipe()
    try:
        waits.select([reader], 1000)
    finally:
        os.close(reader)
        os.close(writer)


WAITS = {
    "sleep": lambda: waits.sleep(1000),
    "wait": lambda: waits.wait(threading.Event(), 1000),
    "select": select,
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_a_wait_in_the_generator_ends_with_the_stream(wait):
    waiting = Waiting(wait)
    assert waiting.site.poll("/page?key=1", method="DELETE").state == "done"
    assert waiting.over().body == '{"state": "done", "content": null}'
    assert waiting.raised == ["told", ClientGone]


def test_a_generator_that_waits_while_it_is_closed_is_not_waited_for():
    def page(self):
        try:
            yield "a"
        finally:
            waits.sleep(1000)

    site = site_of(page)
    site.poll("/page?key=1")
    assert site.poll("/page?key=1", method="DELETE").state == "done"
    assert site.only.state == "done"


def test_a_wait_in_the_generator_ends_with_the_server():
    waiting = Waiting(WAITS["sleep"])
    (stream,) = waiting.site.registry._open
    stream.standin._first.channel.stops = True
    waiting.site.registry.sweep()
    assert waiting.over().state == "expired"
    assert waiting.raised == ["told", Shutdown]


def test_select_gives_what_is_ready():
    reader, writer = os.pipe()

    def page(self):
        yield waits.select([reader], 0) == []
        os.write(writer, b"x")
        yield waits.select([reader], 1000) == [reader]

    site = site_of(page)
    try:
        assert site.contents("/page?key=1", 2) == [True, True]
    finally:
        os.close(reader)
        os.close(writer)


def test_who_asks_too_late_to_be_told_of_the_end_is_told_at_once():
    told = []

    def page(self):
        try:
            yield "a"
        finally:
            handle = on_disconnect(lambda: told.append(client_disconnected()))
            handle.cancel()

    site = site_of(page)
    site.poll("/page?key=1")
    site.poll("/page?key=1", method="DELETE")
    assert told == [True]


def test_a_callback_that_fails_is_logged_and_one_that_is_cancelled_is_not_called(caplog):
    told = []

    def page(self):
        on_disconnect(lambda: 1 / 0)
        on_disconnect(lambda: told.append("cancelled")).cancel()
        on_disconnect(lambda: told.append("called"))
        yield "a"

    site = site_of(page)
    site.poll("/page?key=1")
    site.poll("/page?key=1", method="DELETE")
    assert told == ["called"]
    assert "a callback of a long poll's generator failed" in caplog.text
