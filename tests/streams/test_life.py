"""The life of a streamed response: prime, head, pieces, end, close, hooks. Streaming contract, sections 1, 2 and 4."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import pytest

from rawwfile import FLUSH, HeadersSent, HTTPError, request, response, stream
from rawwfile.exchange.context import current_exchange
from tests.live import PATIENCE

OLD = b"GET /page HTTP/1.0\r\n\r\n"


class Body:
    """A body whose steps are gated and whose end is noted."""

    def __init__(self, pieces, gate=False, at_close=None):
        self.pieces = iter(pieces)
        self.gates = threading.Semaphore(0) if gate else None
        self.closed = []
        self.done = threading.Event()
        self.at_close = at_close
        self.threads = set()

    def __iter__(self):
        return self

    def __next__(self):
        self.threads.add(threading.get_ident())
        if self.gates is not None:
            assert self.gates.acquire(timeout=PATIENCE)
        piece = next(self.pieces)
        if isinstance(piece, BaseException):
            raise piece
        return piece

    def close(self):
        self.closed.append(threading.get_ident())
        if self.at_close is not None:
            self.at_close()
        self.done.set()


def stream_of(live, body, **fields):
    @live.page
    def page():
        response.stream = True
        for name, value in fields.items():
            response.headers[name.replace("_", "-")] = value
        return body

    return body


def test_each_piece_is_at_the_client_before_the_next_is_made(live):
    body = stream_of(live, Body(["one", b"two", "thr\u00e9\u00e9"], gate=True))
    client = live.connect()
    client.get("/page")
    for piece in (b"3\r\none\r\n", b"3\r\ntwo\r\n", b"7\r\nthr\xc3\xa9\xc3\xa9\r\n"):
        body.gates.release()
        client.until(piece)
        assert not body.closed
    body.gates.release()
    assert client.until(b"0\r\n\r\n") == b"0\r\n\r\n"
    assert body.done.wait(PATIENCE) and len(body.closed) == 1 and {*body.closed} == body.threads
    assert client.fetch("/nowhere").status == 404
    entry = live.book.wait_entries(1)[0]
    assert (entry.end, entry.content_bytes, entry.status) == ("complete", 13, 200)


def test_head_and_first_piece_go_out_in_one_send(live):
    stream_of(live, Body(["", b"", "first", "second"]))
    client = live.connect()
    client.get("/page")
    answer = client.response()
    assert answer.body == b"firstsecond" and answer.get(b"Transfer-Encoding") == b"chunked"


@pytest.mark.parametrize("at", ["call", "first", "after empty"])
@pytest.mark.parametrize("error", [RuntimeError("no"), HTTPError(418)])
def test_an_error_before_the_first_piece_is_an_error_page(live, at, error):
    body = Body([error] if at == "first" else ["", b"", error])

    @live.page
    def page():
        response.stream = True
        response.headers["X-Kept"] = "no"
        if at == "call":
            raise error
        return body

    client = live.connect()
    answer = client.fetch("/page")
    assert answer.status == (418 if isinstance(error, HTTPError) else 500)
    assert answer.get(b"X-Kept") is None and answer.get(b"Content-Length")
    assert client.fetch("/nowhere").status == 404
    assert len(body.closed) == (at != "call")


def test_a_generator_function_may_set_the_head_until_its_first_piece(live):
    @live.page
    def page():
        response.stream = True
        yield ""
        response.status = 202
        response.headers["X-Late"] = "yes"
        yield "body"
        errors = []
        for change in (
            lambda: setattr(response, "status", 500),
            lambda: response.headers.__setitem__("X-Later", "no"),
            lambda: response.cookie.__setitem__("a", "b"),
        ):
            try:
                change()
            except HeadersSent as error:
                errors.append(error)
        yield f" {len(errors)} {response.headers['X-Late']}"

    # A generator function's code runs while it is primed, so the flag is set before, as @stream does it.
    live.pages.pages["page"] = with_stream(page)
    answer = live.fetch("/page")
    assert (answer.status, answer.get(b"X-Late"), answer.body) == (202, b"yes", b"body 3 yes")


def with_stream(page):
    def handler():
        response.stream = True
        return page()

    return handler


@pytest.mark.parametrize("how", ["chunked", "length", "1.0"])
def test_an_error_after_the_first_piece_is_a_visible_cut(live, how):
    fields = {"Content_Length": "10"} if how == "length" else {}
    body = stream_of(live, Body(["first", RuntimeError("late")]), **fields)
    client = live.connect()
    client.send(OLD) if how == "1.0" else client.get("/page")
    rest = client.rest()
    assert rest.endswith(b"first" if how != "chunked" else b"5\r\nfirst\r\n")
    expected = {"http": "reset" if how == "1.0" else "end", "https": "cut"}
    assert client.ending == expected[live.scheme]
    assert b"RuntimeError" not in rest and b"Traceback" not in rest
    assert len(body.closed) == 1
    assert live.book.wait_for("raised RuntimeError; the response is cut short")
    assert live.book.wait_entries(1)[0].end == "error"


def test_the_end_does_not_wait_for_close(live):
    gate = threading.Event()
    body = stream_of(live, Body(["all"], at_close=lambda: gate.wait(PATIENCE)))
    client = live.connect()
    client.get("/page")
    assert client.response().body == b"all"
    assert not body.done.is_set()
    gate.set()
    assert client.fetch("/nowhere").status == 404


def test_an_error_in_close_harms_nobody(live):
    def fail():
        raise RuntimeError("in close")

    body = stream_of(live, Body(["all"], at_close=fail))
    client = live.connect()
    assert client.fetch("/page").body == b"all"
    assert client.fetch("/nowhere").status == 404
    assert len(body.closed) == 1
    assert live.book.wait_for(r"raised RuntimeError in close\(\)")
    assert live.book.wait_entries(1)[0].end == "complete"


@pytest.mark.parametrize("pieces", [["", "a"], [], ["", b""], ["a"] * 1000])
def test_head_primes_and_closes_once(live, pieces):
    body = stream_of(live, Body(pieces))
    client = live.connect()
    answer = client.fetch("/page", method="HEAD")
    assert answer.status == 200 and not answer.body
    assert client.fetch("/nowhere").status == 404
    assert len(body.closed) == 1
    assert len(list(body.pieces)) >= len(pieces) - 2


def test_head_ends_an_endless_generator_that_runs_its_clean_up(live):
    ended = threading.Event()

    @live.page
    def page():
        response.stream = True

        def endless():
            try:
                while True:
                    yield "tick"
            finally:
                ended.set()

        return endless()

    assert live.fetch("/page", method="HEAD").status == 200
    assert ended.wait(PATIENCE)


def test_http_1_0_gets_no_chunks_and_the_end_by_closing(live):
    stream_of(live, Body(["one", "two"]))
    client = live.connect()
    client.send(OLD.replace(b"\r\n\r\n", b"\r\nConnection: keep-alive\r\n\r\n"))
    rest = client.rest()
    assert rest.endswith(b"\r\n\r\nonetwo") and b"chunked" not in rest and b"Connection: close" in rest
    assert client.ending == "end"


@pytest.mark.parametrize(("pieces", "sent"), [(["12345", "678"], b"12345678"), (["12345678901", "x"], b"1234567890")])
def test_a_false_content_length_is_contained(live, pieces, sent):
    body = stream_of(live, Body(pieces), Content_Length="10")
    client = live.connect()
    client.send(b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
    rest = client.rest()
    assert rest.endswith(b"\r\n\r\n" + sent) and rest.count(b"HTTP/1.1") == 1 and b"chunked" not in rest
    assert live.book.wait_for("2 bytes less than its Content-Length" if len(sent) < 10 else "1 bytes more than its")
    assert len(body.closed) == 1


@pytest.mark.parametrize("late", [RuntimeError("late"), None])
def test_a_counted_content_is_complete_only_when_its_body_has_ended(live, late):
    """The last byte is the end that such a client sees: it goes out when the generator is done."""
    body = stream_of(live, Body(["12345", "67890", *([late] if late else [])], gate=True), Content_Length="10")
    client = live.connect()
    client.get("/page")
    body.gates.release(2)
    client.until(b"\r\n\r\n")
    assert client.take(9) == b"123456789"
    body.gates.release()
    if late:
        assert client.rest() == b"" and client.ending == {"http": "end", "https": "cut"}[live.scheme]
    else:
        assert client.take(1) == b"0" and client.fetch("/nowhere").status == 404
    assert live.book.wait_entries(1)[0].content_bytes == (9 if late else 10)


@pytest.mark.parametrize("value", [3, {"a": 1}, {1, 2}, object()])
@pytest.mark.parametrize("flag", [True, False])
def test_what_cannot_be_sent_is_an_error_page_that_names_it(live, value, flag):
    @live.page
    def page():
        response.stream = flag
        return value

    assert live.fetch("/page").status == 500
    record = live.book.wait_for(rf"page \(test_life.py:\d+\).* returned {type(value).__name__}; return str, bytes,")
    assert record.exc_info is None


def test_text_is_encoded_incrementally(live):
    @live.page
    def page():
        response.stream = True
        response.charset = "utf-16"
        return iter(["a", "b"])

    assert live.fetch("/page").body.decode("utf-16") == "ab"


def test_pieces_of_a_stateful_charset_end_as_they_must(live):
    @live.page
    def page():
        response.stream = request.query_string == "stream"
        response.charset = "iso-2022-jp"
        return iter(["\u3042", "\u3044"])

    whole = "\u3042\u3044".encode("iso-2022-jp")
    assert live.fetch("/page?stream").body == whole == live.fetch("/page").body


# -- context and hooks


tint: ContextVar[str] = ContextVar("tint", default="none")


def test_one_context_from_call_to_hooks_and_none_of_it_later(live):
    seen = []

    @live.page
    def page():
        response.stream = True
        token = tint.set("red")
        exchange = current_exchange.get()
        exchange.on_end(lambda: seen.append(("hook", tint.get(), exchange.end)))

        def pieces():
            try:
                seen.append(("step", tint.get(), request.path))
                yield "a"
                yield tint.get()
            finally:
                tint.reset(token)
                seen.append(("close", tint.get(), request.path))

        return pieces()

    @live.page
    def other():
        return tint.get()

    client = live.connect()
    assert client.fetch("/page").body == b"ared"
    assert client.fetch("/other").body == b"none"
    assert seen == [("step", "red", "page"), ("close", "none", "page"), ("hook", "none", "complete")]


def test_hooks_run_last_in_first_out_each_for_itself(live):
    seen = []

    @live.page
    def page():
        exchange = current_exchange.get()
        for number in range(3):
            exchange.on_end(lambda number=number: seen.append(1 / (number - 1)))
        return "x"

    client = live.connect()
    assert client.fetch("/page").body == b"x" and client.fetch("/nowhere").status == 404
    assert seen == [1.0, -1.0]
    assert live.book.wait_for("raised ZeroDivisionError in an end hook")


@pytest.mark.parametrize("kind", ["stream", "collected", "value", "file"])
def test_what_must_be_done_before_the_end_decides_whether_it_is_complete(live, tmp_path, kind):
    (tmp_path / "file").write_bytes(b"x" * 100_000)

    def body():
        return open(tmp_path / "file", "rb") if kind == "file" else "a" if kind == "value" else iter(["a"])

    @live.page
    def page():
        response.stream = kind == "stream"
        current_exchange.get().before_end(lambda: 1 / int(request.query_string))
        return body()

    client = live.connect()
    good = client.fetch("/page?1")
    assert good.body in (b"a", b"x" * 100_000)
    client.get("/page?0")
    if kind == "stream":
        assert client.rest().endswith(b"1\r\na\r\n") and client.ending == {"http": "end", "https": "cut"}[live.scheme]
    else:
        assert client.response().status == 500


# -- flushing


def flushing(live, policy, pieces):
    body = Body(pieces, gate=True)

    @live.page
    def page():
        response.stream = True
        response.flush = policy
        return body

    return body


def test_pieces_are_collected_up_to_a_size_or_a_mark(live):
    body = flushing(live, 6, ["a", "bcd", "efg", "h", FLUSH, "i"])
    client = live.connect()
    client.get("/page")
    body.gates.release(2)
    client.until(b"1\r\na\r\n")  # the first goes out with the head
    body.gates.release(1)
    client.until(b"6\r\nbcdefg\r\n")
    body.gates.release(2)
    client.until(b"1\r\nh\r\n")
    body.gates.release(2)
    assert client.until(b"0\r\n\r\n") == b"1\r\ni\r\n0\r\n\r\n"


@pytest.mark.parametrize("policy", [0.02, (1000, 0.02)])
def test_what_waits_goes_out_in_time_while_the_handler_is_blocked(live, policy):
    body = flushing(live, policy, ["a", "b", "c"])
    client = live.connect()
    client.get("/page")
    body.gates.release(3)
    client.until(b"1\r\na\r\n")
    assert client.until(b"c\r\n") in (b"2\r\nbc\r\n", b"1\r\nb\r\n1\r\nc\r\n")  # and the handler still waits
    assert not body.closed
    body.gates.release()
    assert client.until(b"0\r\n\r\n") == b"0\r\n\r\n"


@pytest.mark.parametrize("policy", [0, -1, True, "often", (1,), (0, 1), (None, None), (1, -0.5)])
def test_a_flush_that_is_none_is_refused(live, policy):
    flushing(live, policy, ["a"]).gates.release(3)
    assert live.fetch("/page").status == 500
    with pytest.raises(ValueError, match="flush must be"):
        stream(flush=policy)


# -- trailers


@pytest.mark.parametrize("te", ["trailers", "gzip;q=0.5, trailers", "gzip", ""])
def test_trailers_go_to_clients_that_take_them(live, te):
    @live.page
    def page():
        response.stream = True
        response.trailers["X-Sum"] = "?"

        def pieces():
            yield "abc"
            response.trailers["X-Sum"] = "42"

        return pieces()

    client = live.connect()
    client.get("/page", f"TE: {te}\r\n" if te else "")
    if "trailers" in te:
        answer = client.response()
        assert answer.get(b"Trailer") == b"X-Sum" and answer.trailers == b"X-Sum: 42\r\n"
    else:
        answer = client.response()
        assert answer.get(b"Trailer") is None and answer.trailers == b""
        assert live.book.wait_for("did not say TE: trailers: X-Sum not sent")
    assert answer.body == b"abc" and client.fetch("/nowhere").status == 404


def test_a_declared_error_trailer_takes_the_place_of_the_cut(live):
    @live.page
    def page():
        response.stream = True
        response.error_trailer = "X-Error"
        return iter(Body(["abc", RuntimeError()]))

    client = live.connect()
    client.get("/page", "TE: trailers\r\n")
    answer = client.response()
    assert (answer.body, answer.get(b"Trailer"), answer.trailers) == (b"abc", b"X-Error", b"X-Error: error\r\n")
    assert client.rest() == b""
