"""Server-sent events on a real server: delivery, waiting, coming back, leaving and shutting down."""

from __future__ import annotations

import re
import threading

import pytest

from rawwfile import request, stream
from rawwfile.streaming.events import Event
from rawwfile.streaming.negotiate import ndjson, negotiate
from rawwfile.streaming.sse import COME_BACK, sse
from rawwfile.streaming.topic import Topic
from tests.event_source import read_events
from tests.live import PATIENCE

BEAT = b":\n\n"


def piece(client):
    """The next chunk of a chunked body; b"" for the last one, whose end is then read too."""
    size = int(client.until(b"\r\n"), 16)
    return client.take(size + 2)[:-2]


def open_stream(live, path="/events", fields=""):
    """A client that has read the head of an event stream."""
    client = live.connect()
    client.get(path, fields)
    head = client.until(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n"), head
    assert b"\r\nContent-Type: text/event-stream; charset=utf-8\r\n" in head
    return client


def told_to_come_again(rest):
    """Whether a chunked body ends cleanly, with advice as its last event; what came before that."""
    before, _, last = rest.rpartition(b"retry: ")
    found = re.fullmatch(rb"(\d+)\n\n\r\n0\r\n\r\n", last)
    assert found, rest
    assert COME_BACK[0] <= int(found[1]) <= COME_BACK[1]
    return before


@pytest.fixture
def topic(live):
    """A topic whose events are at /events, with ids from 1."""
    news = Topic("news", first_id=1)

    @live.page
    @sse(heartbeat=None)
    def events():
        return news

    return news


# -- delivery ------------------------------------------------------------------------------------


def test_an_event_is_there_before_the_next_is_made(live):
    received = threading.Semaphore(0)

    @live.page
    @sse
    def events():
        for number in range(3):
            yield Event({"n": number}, id=number)
            assert received.acquire(timeout=PATIENCE)

    client = open_stream(live)
    for number in range(3):
        assert piece(client) == b'id: %d\ndata: {"n":%d}\n\n' % (number, number)
        received.release()
    assert piece(client) == b""
    assert live.book.wait_entries(1)[0].end == "complete"


def test_a_stream_that_waits_for_its_first_event_is_open_at_once(live, topic):
    client = open_stream(live)
    assert piece(client) == BEAT
    topic.publish("a")
    assert piece(client) == b"id: 1\ndata: a\n\n"
    topic.publish({"b": 2}, "kind")
    assert piece(client) == b'event: kind\nid: 2\ndata: {"b":2}\n\n'


def test_however_often_it_waits_there_is_one_opening(live):
    news = Topic(first_id=1)

    @live.page
    @sse(heartbeat=None)
    def events():
        subscription = news.subscribe()
        for _ in range(3):
            assert subscription.get(0.001) is None
        yield "first"
        assert subscription.get(0.001) is None
        yield "second"

    client = open_stream(live)
    assert [piece(client) for _ in range(4)] == [BEAT, b"data: first\n\n", b"data: second\n\n", b""]


def test_what_was_missed_comes_first_without_another_beat(live, topic):
    for word in "abc":
        topic.publish(word)
    client = open_stream(live, fields="Last-Event-ID: 1\r\n")
    assert piece(client) == b"id: 2\ndata: b\n\n"
    assert piece(client) == b"id: 3\ndata: c\n\n"


def test_a_client_that_is_lost_comes_back_and_misses_nothing(live, topic):
    client = open_stream(live)
    assert piece(client) == BEAT
    topic.publish("a")
    last = read_events(piece(client)).last_event_id
    client.close()
    live.book.wait_entries(1)
    assert topic.subscribers == 0
    for word in "bc":
        topic.publish(word)

    client = open_stream(live, f"/events?lastEventId={last}")
    assert [piece(client), piece(client)] == [b"id: 2\ndata: b\n\n", b"id: 3\ndata: c\n\n"]


def test_a_client_from_before_the_memory_is_told_to_reset(live, topic):
    topic.publish("a")
    client = open_stream(live, fields="Last-Event-ID: 99\r\n")
    told = read_events(piece(client) + piece(client)).events
    assert [(each.type, each.id) for each in told] == [("reset", "0"), ("message", "1")]


def test_not_to_come_again_is_204(live):
    @live.page
    @sse
    def events():
        if request.last_event_id == "9":
            sse.stop()
        yield Event("last", id=9)

    client = live.connect()
    assert client.fetch("/events").body == b"id: 9\ndata: last\n\n"
    answer = client.fetch("/events", "Last-Event-ID: 9\r\n")
    assert (answer.status, answer.body) == (204, b"")
    assert client.fetch("/events").status == 200


def test_a_hundred_subscribers_get_every_event_and_short_requests_are_served(live, topic):
    @live.page
    def short():
        return "short"

    clients = [open_stream(live) for _ in range(100)]
    for client in clients:
        assert piece(client) == BEAT
    assert live.fetch("/short").body == b"short"
    for word in ("a", "b"):
        topic.publish(word)
    for client in clients:
        assert [piece(client), piece(client)] == [b"id: 1\ndata: a\n\n", b"id: 2\ndata: b\n\n"]
        client.close()
    live.book.wait_entries(101)
    assert topic.subscribers == 0


def test_one_stream_too_many_is_told_so_before_its_generator_is_run(serve):
    live = serve(limit_streams=1)
    begun = []

    @live.page
    @sse
    def events():
        begun.append(True)
        yield "first"
        stream.sleep(PATIENCE * 10)

    client = open_stream(live)
    assert piece(client) == b"data: first\n\n"
    answer = live.fetch("/events")
    assert (answer.status, answer.get(b"Retry-After")) == (503, b"5")
    assert answer.get(b"Cache-Control") is None
    assert begun == [True]


# -- HEAD ----------------------------------------------------------------------------------------


def test_head_of_a_stream_that_waits_is_answered_and_the_connection_goes_on(live, topic):
    client = live.connect()
    answer = client.fetch("/events", method="HEAD")
    assert answer.status == 200
    assert answer.get(b"Content-Type") == b"text/event-stream; charset=utf-8"
    assert client.fetch("/nowhere").status == 404
    assert topic.subscribers == 0


def test_head_of_an_async_stream_that_waits_is_answered(live):
    import asyncio

    closed = threading.Event()

    @live.page
    @sse
    async def events():
        try:
            await asyncio.sleep(PATIENCE * 10)
            yield "never"
        finally:
            closed.set()

    client = live.connect()
    assert client.fetch("/events", method="HEAD").status == 200
    assert closed.wait(PATIENCE)
    assert client.fetch("/nowhere").status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_async_generator_may_wait_for_a_topic_too(live, method):
    news = Topic(first_id=1)

    @live.page
    @sse(heartbeat=None)
    async def events():
        for event in news.subscribe():
            yield event

    client = live.connect()
    client.get("/events", method=method)
    assert client.until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
    if method == "GET":
        assert piece(client) == BEAT
        news.publish("a")
        assert piece(client) == b"id: 1\ndata: a\n\n"
        client.close()
    live.book.wait_entries(1)
    assert news.subscribers == 0


# -- leaving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_client_that_leaves_ends_a_wait_and_the_subscription(live, how):
    news = Topic()
    ended = threading.Event()

    @live.page
    @sse
    def events():
        subscription = news.subscribe()
        try:
            yield from subscription
        finally:
            ended.set()

    client = open_stream(live)
    assert piece(client) == BEAT
    getattr(client, how)()
    assert ended.wait(PATIENCE)
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert news.subscribers == 0


def test_a_generator_dropped_in_the_middle_of_a_for_loop_is_unsubscribed(live, topic):
    news = Topic()

    @live.page
    @sse
    def loop():
        for event in news.subscribe():
            yield event
            raise ValueError("in the middle")

    client = open_stream(live, "/loop")
    assert piece(client) == BEAT
    news.publish("a")
    client.rest()
    live.book.wait_entries(1)
    assert news.subscribers == 0


def test_a_reader_that_is_too_slow_is_ended_and_finds_the_rest_when_it_comes_back(live):
    news = Topic(first_id=1, maxlen=1000, max_bytes=1 << 30)
    subscribed = threading.Event()

    @live.page
    @sse(heartbeat=None)
    def events():
        subscription = news.subscribe(request.last_event_id, policy="close", maxlen=4)
        subscribed.set()
        return subscription

    client = live.connect(receive_buffer=4096)
    client.get("/events")
    assert subscribed.wait(PATIENCE)
    # More than the kernels' buffers take: the handler is held up in a send, and then its queue is full.
    text, count = "x" * 500_000, 0
    while news.subscribers:
        count = news.publish(text)
        assert count < 500
    news.publish("after")
    client.until(b"\r\n\r\n")
    data = b""
    while chunk := piece(client):
        data += chunk
    last = read_events(data).last_event_id
    assert 0 < int(last) < count
    client.close()

    rest = open_stream(live, fields=f"Last-Event-ID: {last}\r\n")
    found = [read_events(piece(rest)).events[0] for _ in range(int(last), count + 1)]
    assert [int(each.id) for each in found] == list(range(int(last) + 1, count + 2))
    assert found[-1].data == "after"


# -- silence -------------------------------------------------------------------------------------


def test_a_heartbeat_is_sent_while_the_handler_waits(live):
    news = Topic(first_id=1)

    @live.page
    @sse(heartbeat=0.05)
    def events():
        return news

    client = open_stream(live)
    assert [piece(client) for _ in range(4)] == [BEAT] * 4
    news.publish("a")
    # A beat may have gone out just before.
    assert b"id: 1\ndata: a\n\n" in (piece(client), piece(client))


def test_the_heartbeat_of_json_lines_is_an_empty_line(live):
    go_on = threading.Event()

    @live.page
    @ndjson(heartbeat=0.05)
    def lines():
        yield 1
        stream.wait(go_on)
        yield 2

    client = live.connect()
    client.get("/lines")
    client.until(b"\r\n\r\n")
    assert [piece(client) for _ in range(3)] == [b"1\n", b"\n", b"\n"]
    go_on.set()
    rest = b""
    while data := piece(client):
        rest += data
    assert rest.strip(b"\n") == b"2"


# -- shutdown ------------------------------------------------------------------------------------


def subscribing():
    return Topic()


def sleeping():
    yield "first"
    stream.sleep(PATIENCE * 10)


async def awaiting():
    import asyncio

    yield "first"
    await asyncio.sleep(PATIENCE * 10)


@pytest.mark.parametrize("handler", [subscribing, sleeping, awaiting])
def test_at_shutdown_a_stream_that_waits_ends_cleanly_with_advice(live, handler):
    live.page(sse(heartbeat=None)(handler))
    client = open_stream(live, f"/{handler.__name__}")
    assert piece(client) in (BEAT, b"data: first\n\n")
    stopping = threading.Thread(target=live.server.shutdown)
    stopping.start()
    told_to_come_again(client.rest())
    assert client.ending == "end"
    client.close()
    stopping.join(PATIENCE)
    assert live.book.wait_entries(1)[0].end in ("complete", "shutdown")


def test_at_shutdown_a_stream_that_produces_ends_at_its_next_event(live):
    stopped = threading.Event()

    @live.page
    @sse
    def events():
        yield "one"
        assert stopped.wait(PATIENCE)
        yield "two"
        yield "never"

    client = open_stream(live)
    assert piece(client) == b"data: one\n\n"

    @live.page
    @sse
    def watcher():
        try:
            yield "w"
            stream.sleep(PATIENCE * 10)
        finally:
            stopped.set()

    other = open_stream(live, "/watcher")
    assert piece(other) == b"data: w\n\n"
    stopping = threading.Thread(target=live.server.shutdown)
    stopping.start()
    assert re.fullmatch(rb"b\r\ndata: two\n\n\r\n[0-9a-f]+\r\n", told_to_come_again(client.rest()))
    assert client.ending == "end"
    for each in (client, other):
        each.close()
    stopping.join(PATIENCE)


# -- three transports ----------------------------------------------------------------------------


def test_one_handler_is_an_event_stream_or_lines(live):
    @live.page
    @negotiate(heartbeat=None)
    def squares():
        for number in range(3):
            yield number * number

    events = live.fetch("/squares", "Accept: text/event-stream\r\n")
    assert [each.json for each in read_events(events.body).events] == [0, 1, 4]
    lines = live.fetch("/squares", "Accept: application/jsonl\r\n")
    assert (lines.get(b"Content-Type"), lines.body) == (b"application/jsonl", b"0\n1\n4\n")
    assert live.fetch("/squares", "Accept: image/png\r\n").status == 406


def test_an_async_stream_that_waits_for_its_first_event_is_open_soon(live):
    import asyncio

    gate: list[object] = []
    ready = threading.Event()

    @live.page
    @sse
    async def events():
        go = asyncio.Event()
        gate.extend((asyncio.get_running_loop(), go))
        ready.set()
        await go.wait()
        yield "first"

    client = open_stream(live)
    assert piece(client) == BEAT
    assert ready.wait(PATIENCE)
    loop, go = gate
    loop.call_soon_threadsafe(go.set)
    assert piece(client) == b"data: first\n\n"
    assert piece(client) == b""
