"""rawwfile.streaming.sse and events: what stands in the stream, and what a handler may do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.adapters.expose import expose
from rawwfile.adapters.pages import PageTree
from rawwfile.errors import HTTPError, NotFound, Shutdown
from rawwfile.exchange.exchange import Exchange
from rawwfile.settings import Settings
from rawwfile.streaming.events import Event, encode_event
from rawwfile.streaming.sse import COME_BACK, StopStream, last_event_id, sse
from rawwfile.streaming.topic import Topic
from tests.event_source import Received, read_events
from tests.unit.wire import GET, Wire, request_text

# -- what stands in the stream -------------------------------------------------------------------

ENCODED = [
    # what is yielded, the bytes
    ("hello", b"data: hello\n\n"),
    ("", b"data: \n\n"),
    ("a\nb", b"data: a\ndata: b\n\n"),
    ("a\r\nb\rc", b"data: a\ndata: b\ndata: c\n\n"),
    ("a\n", b"data: a\ndata: \n\n"),
    ("\n\r", b"data: \ndata: \ndata: \n\n"),
    (" led", b"data:  led\n\n"),
    ("Gr\u00fc\u00dfe", b"data: Gr\xc3\xbc\xc3\x9fe\n\n"),
    ("a\u2028b\x85c\x0bd", "data: a\u2028b\x85c\x0bd\n\n".encode()),
    ("name \udcff", b"data: name \xef\xbf\xbd\n\n"),
    (b"bytes\nare text", b"data: bytes\ndata: are text\n\n"),
    (b"", b""),
    (None, b""),
    ({"a": "b\nc", "d": [1, None]}, b'data: {"a":"b\\nc","d":[1,null]}\n\n'),
    ([1, "\u00e9"], b'data: [1,"\xc3\xa9"]\n\n'),
    (5, b"data: 5\n\n"),
    (False, b"data: false\n\n"),
    (Event(), b""),
    (Event("x", "tick", 7, 1000, "why"), b": why\nevent: tick\nid: 7\nretry: 1000\ndata: x\n\n"),
    (Event(event="done"), b"event: done\ndata: \n\n"),
    (Event(id=""), b"id: \n\n"),
    (Event(comment="two\r\nlines"), b": two\n: lines\n\n"),
    (Event(retry=0), b"retry: 0\n\n"),
    (Event(b""), b"data: \n\n"),
]


@pytest.mark.parametrize(("item", "wire"), ENCODED, ids=[repr(item)[:40] for item, _ in ENCODED])
def test_what_is_yielded_stands_in_the_stream_as(item, wire):
    assert encode_event(item) == wire


ONE_LINE = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\0"))


@given(
    st.text(st.one_of(st.sampled_from("\r\n :\0\ufeff"), st.characters(exclude_categories=("Cs",)))), ONE_LINE, ONE_LINE
)
def test_a_browser_reads_back_data_type_and_id(data, event, id):
    stream = Event(data, event, id).encode() + Event("next").encode()
    normal = re.sub("\r\n|\r", "\n", data)
    assert read_events(stream).events == [Received(event or "message", normal, id), Received("message", "next", id)]


@given(st.lists(st.tuples(st.text(), st.one_of(st.none(), st.text("\r\n:ab")), st.one_of(st.none(), st.integers(0)))))
def test_a_browser_reads_back_every_event_of_a_stream(parts):
    stream = b"".join(Event(data, comment=comment, retry=retry).encode() for data, comment, retry in parts)
    found = read_events(stream)
    assert [each.data for each in found.events] == [re.sub("\r\n|\r", "\n", data) for data, _, _ in parts]
    assert found.retry == next((retry for _, _, retry in reversed(parts) if retry is not None), None)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
)


@given(st.dictionaries(st.text(), JSON))
def test_a_browser_reads_back_json(value):
    assert read_events(encode_event(value)).events[0].json == value


@pytest.mark.parametrize("bad", ["a\nb", "\r", "x\0"])
@pytest.mark.parametrize("name", ["event", "id"])
def test_a_line_break_in_event_or_id_is_refused_where_it_is_set(name, bad):
    with pytest.raises(ValueError, match=rf"^{name} .* holds .* at \d: it must be one line"):
        Event("x", **{name: bad})


@pytest.mark.parametrize("bad", [-1, 1.5, "1000", True])
def test_retry_is_whole_milliseconds(bad):
    with pytest.raises(ValueError, match="whole milliseconds"):
        Event(retry=bad)
    with pytest.raises(ValueError, match="whole milliseconds"):
        sse(retry=bad)


@pytest.mark.parametrize(("bad", "error"), [({"a": object()}, TypeError), ({"a": float("nan")}, ValueError)])
def test_what_json_cannot_say_is_named(bad, error):
    with pytest.raises(error, match="dict of a stream cannot be sent as JSON"):
        encode_event(bad)


def test_bytes_that_are_no_utf8_are_refused():
    with pytest.raises(UnicodeDecodeError):
        encode_event(b"\xff")


def test_an_event_cannot_be_changed():
    with pytest.raises(AttributeError):
        Event("x").data = "y"


# -- the response --------------------------------------------------------------------------------


class StreamWire(Wire):
    """A connection whose timers and watches never call back."""

    def call_at(self, when, callback):
        return self

    def watch(self, callback):
        return self

    def cancel(self):
        """Nothing was begun."""


def made(handler, request=GET, settings=None, wire=None):
    """Run a handler without arguments as the whole application; the exchange, its head and its content."""
    wire = wire or StreamWire()
    wire.reader.receive_data(request.encode("latin-1"))
    exchange = Exchange(wire, wire.reader.next_event(), settings or Settings())

    def application(exchange):
        exchange.announce(handler)
        exchange.response.body = handler()

    exchange.run(application)
    head, _, rest = b"".join(wire.pieces).partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    return exchange, lines, dechunked(rest) if "Transfer-Encoding: chunked" in lines else rest


def dechunked(data):
    """The content of a chunked body; all that is there, if it was cut."""
    content = b""
    while data and (size := int(data[: data.index(b"\r\n")], 16)):
        start = data.index(b"\r\n") + 2
        content += data[start : start + size]
        data = data[start + size + 2 :]
    return content


def test_a_generator_is_a_stream_of_events():
    @sse
    def handler():
        yield "one"
        yield {"two": 2}

    exchange, head, content = made(handler)

    assert head[0] == "HTTP/1.1 200 OK"
    assert "Content-Type: text/event-stream; charset=utf-8" in head
    assert "Cache-Control: no-cache, no-transform" in head
    assert "X-Accel-Buffering: no" in head
    assert "Transfer-Encoding: chunked" in head
    assert content == b'data: one\n\ndata: {"two":2}\n\n'
    assert exchange.response.heartbeat == (15.0, b":\n\n")
    assert exchange.end == "complete"


def test_head_and_first_event_are_one_send_and_each_further_event_is_another():
    wire = StreamWire()

    @sse
    def handler():
        yield "one"
        assert wire.pieces[0].endswith(b"data: one\n\n\r\n")
        yield "two"
        assert wire.pieces[1:] == [b"b\r\ndata: two\n\n\r\n"]

    assert made(handler, wire=wire)[0].end == "complete"


@pytest.mark.parametrize("inside", [False, True], ids=["in the function", "in the generator"])
def test_what_the_handler_says_in_the_head_stays(inside):
    @sse
    def handler():
        def events():
            if inside:
                speak()
            yield "x"

        if not inside:
            speak()
        return events()

    def speak():
        exchange = sse_request().response
        exchange.headers["Cache-Control"] = "no-store"
        exchange.headers["X-Accel-Buffering"] = "yes"
        exchange.headers["X-More"] = "1"

    _, head, _ = made(handler)
    assert "Cache-Control: no-store" in head
    assert "X-Accel-Buffering: yes" in head
    assert "X-More: 1" in head
    assert not [line for line in head if "no-transform" in line]


def sse_request():
    """The exchange that is being answered."""
    from rawwfile.streaming.waits import running_exchange

    return running_exchange()


@pytest.mark.parametrize("error", [NotFound("no such stream"), HTTPError(403, "no")], ids=["404", "403"])
def test_an_error_before_the_first_event_is_a_page(error):
    @sse
    def handler():
        raise error
        yield

    _, head, _ = made(handler)
    assert head[0].startswith(f"HTTP/1.1 {error.status} ")
    assert "Content-Type: text/plain; charset=utf-8" in head
    assert not [line for line in head if line.startswith(("X-Accel", "Cache-Control", "Transfer-Encoding"))]


def test_an_error_after_the_first_event_is_a_cut(caplog):
    @sse
    def handler():
        yield "one"
        raise ValueError("boom")

    exchange, _, content = made(handler)
    assert content == b"data: one\n\n"
    assert exchange.cut
    assert exchange.end == "error"


def test_none_is_204():
    @sse
    def handler():
        return None

    _, head, content = made(handler)
    assert head[0] == "HTTP/1.1 204 No Content"
    assert content == b""
    assert not [line for line in head if line.startswith("Content-")]


def test_none_with_another_status_keeps_it():
    @sse
    def handler():
        sse_request().response.status = 202

    assert made(handler)[1][0] == "HTTP/1.1 202 Accepted"


@pytest.mark.parametrize("inside", [False, True], ids=["in the function", "in the generator"])
def test_stop_before_the_first_event_is_204(inside):
    events = []

    @sse
    def handler():
        def generator():
            try:
                yield b""
                sse.stop()
            finally:
                events.append("cleaned up")

        return generator() if inside else sse.stop()

    exchange, head, content = made(handler)
    if inside:
        # An empty piece came first; the head still had not gone out.
        assert events == ["cleaned up"]
    assert head[0] == "HTTP/1.1 204 No Content"
    assert content == b""
    assert exchange.end == "complete"


def test_stop_after_an_event_is_the_end():
    @sse
    def handler():
        yield "one"
        sse.stop()

    exchange, head, content = made(handler)
    assert (head[0], content) == ("HTTP/1.1 200 OK", b"data: one\n\n")
    assert exchange.end == "complete"


def test_stop_says_what_it_is():
    with pytest.raises(StopStream, match="has ended its event stream"):
        sse.stop()


RETURNED = [
    (["a", {"b": 1}], b'data: a\n\ndata: {"b":1}\n\n'),
    (("a", "b"), b"data: a\n\ndata: b\n\n"),
    ("not by letter", b"data: not by letter\n\n"),
    ({"one": "event"}, b'data: {"one":"event"}\n\n'),
    (Event("x", id=1), b"id: 1\ndata: x\n\n"),
    (iter(["a"]), b"data: a\n\n"),
    ([], b""),
]


@pytest.mark.parametrize(("result", "content"), RETURNED, ids=[type(result).__name__ for result, _ in RETURNED])
def test_a_function_may_return(result, content):
    assert made(sse(lambda: result))[2] == content


def test_a_topic_is_what_came_after_the_last_event():
    topic = Topic(first_id=1)
    for word in ("a", "b", "c"):
        topic.publish(word)
    topic.close()

    assert made(sse(lambda: topic), request_text("GET /", "Last-Event-ID: 1\r\n"))[2] == (
        b"id: 2\ndata: b\n\nid: 3\ndata: c\n\n"
    )


def test_what_is_no_iterable_is_named(caplog):
    _, head, _ = made(sse(lambda: 5))
    assert head[0].startswith("HTTP/1.1 500 ")
    assert "made of a generator or another iterable, not of 5" in caplog.text


def test_the_beginning_may_tell_when_to_come_again():
    @sse(retry=250, heartbeat=None)
    def handler():
        yield "a"
        yield "b"

    exchange, _, content = made(handler)
    assert content == b"retry: 250\n\ndata: a\n\ndata: b\n\n"
    assert exchange.response.heartbeat is None
    assert made(sse(retry=250)(list))[2] == b"retry: 250\n\n"


@pytest.mark.parametrize("bad", [0, -1.0])
def test_a_heartbeat_is_more_than_no_time(bad):
    with pytest.raises(ValueError, match="seconds above 0, or None"):
        sse(heartbeat=bad)


def test_head_has_no_events_and_ends_the_generator():
    ended = []

    @sse
    def handler():
        try:
            while True:
                yield "x"
        finally:
            ended.append(True)

    wire = StreamWire()
    _, head, _ = made(handler, request_text("HEAD /"), wire=wire)
    assert head[0] == "HTTP/1.1 200 OK"
    assert "Content-Type: text/event-stream; charset=utf-8" in head
    assert b"".join(wire.pieces).endswith(b"\r\n\r\n")
    assert ended == [True]


def test_methods_of_every_kind_are_decorated():
    class Root:
        @expose
        @sse
        def plain(self):
            yield "plain"

        @sse
        @expose
        def below(self):
            yield "below"

        @sse
        @staticmethod
        def static():
            yield "static"

        @sse
        @classmethod
        def of_class(cls):
            yield cls.__name__

    root = Root()
    assert [made(each)[2] for each in (root.plain, root.below, root.static, root.of_class)] == [
        b"data: plain\n\n",
        b"data: below\n\n",
        b"data: static\n\n",
        b"data: Root\n\n",
    ]
    assert root.below.exposed and root.plain.stream


def test_outside_of_a_request_it_says_so():
    with pytest.raises(RuntimeError, match="while a request is answered"):
        sse(list)()


# -- the last event ------------------------------------------------------------------------------

LAST = [
    # request line, fields, what it is
    ("GET /", "", None),
    ("GET /", "Last-Event-ID: 12\r\n", "12"),
    ("GET /", "last-event-id: gr\u00c3\u00bc\u00c3\u009f\r\n", "gr\u00fc\u00df"),
    ("GET /", "Last-Event-ID: \u00ff\r\n", "\ufffd"),
    ("GET /", "Last-Event-ID:\r\n", None),
    ("GET /?lastEventId=5", "", "5"),
    ("GET /?last_event_id=5", "", "5"),
    ("GET /?lastEventId=a%20b&lastEventId=c", "", "c"),
    ("GET /?lastEventId=", "", None),
    ("GET /?lastEventId=5", "Last-Event-ID: 12\r\n", "12"),
    ("GET /?other=5", "", None),
]


@pytest.mark.parametrize(("line", "fields", "expected"), LAST)
def test_the_last_event_id_comes_from_field_or_query(line, fields, expected):
    seen = []

    @sse
    def handler():
        seen.append(sse_request().request.last_event_id)
        seen.append(last_event_id(sse_request().request))
        return ()

    made(handler, request_text(line, fields))
    assert seen == [expected, expected]


class Pages:
    @expose
    @sse
    def none(self):
        yield "none"

    @expose
    @sse
    def takes(self, lastEventId=None, room="-"):
        yield f"{lastEventId} {room}"

    @expose
    @sse
    def all(self, **fields):
        yield repr(fields)


PATHS = [
    ("/none?lastEventId=5", "200", b"data: none\n\n"),
    ("/none?last_event_id=5", "200", b"data: none\n\n"),
    ("/none?other=5", "404", None),
    ("/takes?lastEventId=5&room=a", "200", b"data: 5 a\n\n"),
    ("/takes?last_event_id=5", "200", b"data: None -\n\n"),
    ("/all?lastEventId=5", "200", b"data: {'lastEventId': '5'}\n\n"),
]


@pytest.mark.parametrize(("path", "status", "expected"), PATHS)
def test_the_query_parameter_is_no_404_for_a_handler_that_does_not_take_it(path, status, expected):
    wire = StreamWire()
    wire.reader.receive_data(request_text(f"GET {path}").encode("ascii"))
    Exchange(wire, wire.reader.next_event(), Settings()).run(PageTree(Pages()))
    head, _, rest = b"".join(wire.pieces).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode("ascii"))
    assert expected is None or dechunked(rest) == expected


# -- the end -------------------------------------------------------------------------------------


def advice_in(content):
    """What precedes a last `retry:` of the right size."""
    before, _, last = content.rpartition(b"retry: ")
    assert re.fullmatch(rb"\d+\n\n", last), content
    assert COME_BACK[0] <= int(last) <= COME_BACK[1]
    return before


def test_at_shutdown_the_stream_ends_with_advice_between_two_events():
    wire = StreamWire()
    closed = []

    @sse
    def handler():
        try:
            yield "one"
            wire.stopping = True
            yield "two"
            yield "three"
        finally:
            closed.append(wire.pieces[-1])

    exchange, _, content = made(handler, wire=wire)
    assert advice_in(content) == b"data: one\n\ndata: two\n\n"
    assert closed == [b"0\r\n\r\n"]
    assert not exchange.cut


def test_a_wait_that_is_woken_by_shutdown_ends_with_advice():
    @sse
    def handler():
        yield "one"
        raise Shutdown

    exchange, _, content = made(handler)
    assert advice_in(content) == b"data: one\n\n"
    assert not exchange.cut


def test_a_request_while_stopping_is_told_to_come_again():
    wire = StreamWire()
    wire.stopping = True
    _, head, content = made(sse(lambda: ["never"]), wire=wire)
    assert head[0] == "HTTP/1.1 200 OK"
    assert advice_in(content) == b""


def test_a_stream_that_is_too_old_ends_with_advice():
    @sse
    def handler():
        yield "one"
        sse_request().started -= 100
        yield "two"
        yield "three"

    _, _, content = made(handler, settings=Settings(timeout_stream=50.0))
    assert advice_in(content).startswith(b"data: one\n\n")


def test_iterator_and_iterable_are_closed_once_each():
    closed = []

    class Source:
        def __iter__(self):
            try:
                yield "a"
                yield "b"
            finally:
                closed.append("iterator")

        def close(self):
            closed.append("iterable")

    class Wireless(StreamWire):
        def send(self, data):
            super().send(data)
            self.gone = True

    assert made(sse(Source), wire=Wireless())[0].end == "client-gone"
    assert closed == ["iterator", "iterable"]


def test_an_event_that_cannot_be_sent_closes_the_generator():
    closed = []

    @sse
    def handler():
        try:
            yield object()
        finally:
            closed.append(True)

    assert made(handler)[1][0].startswith("HTTP/1.1 500 ")
    assert closed == [True]


# -- async ---------------------------------------------------------------------------------------


def test_an_async_generator_is_a_stream_of_events():
    closed = []

    @sse
    async def handler():
        try:
            yield "one"
            yield {"two": 2}
        finally:
            closed.append(True)

    _, head, content = made(handler)
    assert content == b'data: one\n\ndata: {"two":2}\n\n'
    assert "Content-Type: text/event-stream; charset=utf-8" in head
    assert closed == [True]


def test_a_coroutine_may_return_the_events_or_stop():
    @sse
    async def gives():
        return ["a"]

    @sse
    async def stops():
        sse.stop()

    assert made(gives)[2] == b"data: a\n\n"
    assert made(stops)[1][0] == "HTTP/1.1 204 No Content"


def test_an_async_generator_may_stop_or_fail_before_its_first_event():
    @sse
    async def stops():
        sse.stop()
        yield

    @sse
    async def fails():
        raise NotFound("nothing here")
        yield

    assert made(stops)[1][0] == "HTTP/1.1 204 No Content"
    assert made(fails)[1][0] == "HTTP/1.1 404 Not Found"
