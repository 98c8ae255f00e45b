"""rawwfile.streaming.negotiate: Accept, lines of JSON, and one generator in three transports."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.adapters.expose import expose
from rawwfile.adapters.pages import PageTree
from rawwfile.exchange.exchange import Exchange
from rawwfile.settings import Settings
from rawwfile.streaming.events import Event
from rawwfile.streaming.longpoll.decorator import json_yield
from rawwfile.streaming.negotiate import best_match, encode_line, ndjson, negotiate
from tests.unit.test_sse import StreamWire, dechunked, made
from tests.unit.wire import request_text

OFFERED = ("application/json", "application/x-ndjson", "application/jsonl", "text/event-stream")

ACCEPT = [
    # Accept, what is chosen
    (None, "application/json"),
    ("", "application/json"),
    ("*/*", "application/json"),
    ("text/event-stream", "text/event-stream"),
    ("TEXT/Event-Stream", "text/event-stream"),
    ("text/*", "text/event-stream"),
    ("application/x-ndjson", "application/x-ndjson"),
    ("application/jsonl", "application/jsonl"),
    ("application/json, text/javascript, */*; q=0.01", "application/json"),
    ("text/event-stream;q=0.5, application/json;q=0.4", "text/event-stream"),
    ("text/event-stream;q=0.5, application/json", "application/json"),
    ("*/*, application/json;q=0", "application/x-ndjson"),
    ("application/*;q=0.2, text/event-stream;q=0.1, application/json;q=0.05", "application/x-ndjson"),
    ("text/html", None),
    ("text/event-stream;q=0", None),
    ("*/*;q=0", None),
    ("text/event-stream;q=2", None),
    ("text/event-stream;q=oops, application/jsonl;q=0.1", "application/jsonl"),
    ("text/event-stream;q=0.9;q=0.1", "text/event-stream"),
    (",, ;q=1 ,text/event-stream", "text/event-stream"),
]


@pytest.mark.parametrize(("accept", "chosen"), ACCEPT, ids=[str(row[0]) for row in ACCEPT])
def test_accept_decides(accept, chosen):
    assert best_match(accept, OFFERED) == chosen


@given(st.text(st.sampled_from('*/;,=q01.t x"\\')))
def test_whatever_accept_says_the_answer_is_offered_or_none(accept):
    assert best_match(accept, OFFERED) in (*OFFERED, None)


LINES = [
    ("text\nwith lines", b'"text\\nwith lines"\n'),
    ("", b'""\n'),
    (b"bytes", b'"bytes"\n'),
    (b"", b""),
    (None, b""),
    ({"a": 1}, b'{"a":1}\n'),
    (5, b"5\n"),
    ("Gr\u00fc\u00dfe \udcff", '"Gr\u00fc\u00dfe \ufffd"\n'.encode()),
    (Event("x"), b'{"data":"x"}\n'),
    (Event({"a": 1}, "tick", 7, 1000, "why"), b'{"event":"tick","id":"7","data":{"a":1}}\n'),
    (Event(b"x", event="done"), b'{"event":"done","data":"x"}\n'),
    (Event(comment="nobody sees it"), b""),
    (Event(id=5), b""),
]


@pytest.mark.parametrize(("item", "line"), LINES, ids=[repr(item)[:40] for item, _ in LINES])
def test_an_item_is_a_line(item, line):
    assert encode_line(item) == line


@given(st.text())
def test_a_line_is_one_line_and_says_the_same(text):
    line = encode_line(text)
    assert line.count(b"\n") == 1
    assert json.loads(line) == text


def test_a_generator_as_lines():
    closed = []

    @ndjson
    def handler():
        try:
            yield 1
            yield {"two": 2}
        finally:
            closed.append(True)

    exchange, head, content = made(handler)
    assert content == b'1\n{"two":2}\n'
    assert "Content-Type: application/x-ndjson" in head
    assert "X-Accel-Buffering: no" in head
    assert exchange.response.heartbeat == (15.0, b"\n")
    assert closed == [True]


def test_the_name_of_the_format_is_the_one_that_is_accepted():
    assert (
        "Content-Type: application/jsonl"
        in made(ndjson(heartbeat=None)(lambda: [1]), request_text("GET /", "Accept: application/jsonl\r\n"))[1]
    )


def test_lines_of_async_generators_and_coroutines():
    @ndjson
    async def generator():
        yield 1

    @ndjson
    async def coroutine():
        return [2]

    @ndjson
    @staticmethod
    def static():
        yield 3

    assert [made(each)[2] for each in (generator, coroutine, static.__func__)] == [b"1\n", b"2\n", b"3\n"]


@pytest.mark.parametrize("value", [None, "a page", b"bytes"])
def test_what_is_no_generator_is_left_alone(value):
    content = made(ndjson(lambda: value))[2]
    assert content == (value or "").encode() if not isinstance(value, bytes) else value


# -- three transports ----------------------------------------------------------------------------


def poll(function):
    """Stands for json_yield: takes a key, and answers with the first item."""

    def polled(self, key, *segments, wait="25", **fields):
        return json.dumps({"state": "ready", "content": next(function(self, *segments, **fields)), "key": key})

    return polled


class Root:
    @expose
    @negotiate
    def two(self, n="1"):
        yield int(n)
        yield "text"

    @expose
    @negotiate(poll=poll, heartbeat=7.0, retry=100)
    def three(self, n="1"):
        yield int(n)
        yield "text"


def served(path, accept, root=None):
    """Status, Content-Type, Vary, and the content."""
    wire = StreamWire()
    fields = "" if accept is None else f"Accept: {accept}\r\n"
    wire.reader.receive_data(request_text(f"GET {path}", fields).encode("ascii"))
    exchange = Exchange(wire, wire.reader.next_event(), Settings())
    exchange.run(PageTree(root or Root()))
    head, _, rest = b"".join(wire.pieces).partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode("ascii").split("\r\n")[1:])
    content = dechunked(rest) if "Transfer-Encoding" in lines else rest
    return head[9:12].decode("ascii"), lines.get("Content-Type"), lines.get("Vary"), content


class Real:
    @expose
    @negotiate(poll=json_yield)
    def count(self, start="1"):
        yield from range(int(start), int(start) + 2)


def test_with_the_real_long_poll_each_transport_has_the_whole_of_the_generator():
    root = Real()
    assert root.count.methods == json_yield(Real.count.__wrapped__).methods
    polls = [served("/count?key=real&start=5", "*/*", root)[3] for _ in range(3)]
    assert [json.loads(each) for each in polls] == [
        {"state": "ready", "content": 5},
        {"state": "ready", "content": 6},
        {"state": "done", "content": None},
    ]
    assert served("/count?key=real&start=5", "text/event-stream", root)[3] == b"data: 5\n\ndata: 6\n\n"
    assert served("/count?start=5&lastEventId=1", "application/jsonl", root)[3] == b"5\n6\n"


SERVED = [
    ("/two", None, "application/x-ndjson", b'1\n"text"\n'),
    ("/two?n=5", "*/*", "application/x-ndjson", b'5\n"text"\n'),
    ("/two/5", "application/jsonl", "application/jsonl", b'5\n"text"\n'),
    ("/two/5", "text/event-stream", "text/event-stream; charset=utf-8", b"data: 5\n\ndata: text\n\n"),
    ("/two?lastEventId=9", "text/event-stream", "text/event-stream; charset=utf-8", b"data: 1\n\ndata: text\n\n"),
    ("/two?lastEventId=9", "application/x-ndjson", "application/x-ndjson", b'1\n"text"\n'),
    ("/three?key=a", None, None, b'{"state": "ready", "content": 1, "key": "a"}'),
    ("/three?key=a&wait=1&n=2", "application/json", None, b'{"state": "ready", "content": 2, "key": "a"}'),
    ("/three?key=a&wait=1&n=2", "application/x-ndjson", "application/x-ndjson", b'2\n"text"\n'),
    ("/three?n=2", "text/event-stream", "text/event-stream; charset=utf-8", b"retry: 100\n\ndata: 2\n\ndata: text\n\n"),
]


@pytest.mark.parametrize(("path", "accept", "kind", "content"), SERVED)
def test_one_generator_is_served_as(path, accept, kind, content):
    status, found, vary, body = served(path, accept)
    assert (status, vary, body) == ("200", "Accept", content)
    assert kind is None or found == kind


def test_who_takes_none_of_them_is_told_which_there_are():
    status, _, vary, body = served("/two", "text/html")
    assert (status, vary) == ("406", "Accept")
    assert b"application/x-ndjson, application/jsonl, text/event-stream" in body


def test_what_only_the_poll_needs_is_missed_only_by_the_poll():
    status, _, _, body = served("/three", "application/json")
    assert (status, b"missing parameter key" in body) == ("404", True)
    assert served("/three", "application/jsonl")[0] == "200"


def test_what_nobody_takes_is_still_a_404():
    assert served("/two?other=1", "text/event-stream")[0] == "404"
