"""json_yield by content negotiation: one stream as polls, server-sent events or lines of JSON."""

from __future__ import annotations

import json

import pytest

from rawwfile.exchange.channel import ENDED
from rawwfile.streaming.longpoll.stream import RING
from rawwfile.streaming.longpoll.transports import find_transport, read_event_id
from rawwfile.streaming.sse import COME_BACK
from tests.event_source import read_events
from tests.unit.longpolls import letters, site_of

EVENTS = "Accept: text/event-stream\r\n"
LINES = "Accept: application/x-ndjson\r\n"

ACCEPT = [
    # Accept, what is served; None is one answer as JSON
    (None, None),
    ("*/*", None),
    ("text/html,application/xhtml+xml,*/*;q=0.8", None),
    ("application/json, text/javascript, */*; q=0.01", None),
    ("text/event-stream", "text/event-stream; charset=utf-8"),
    ("text/event-stream, */*;q=0.5", "text/event-stream; charset=utf-8"),
    ("application/x-ndjson", "application/x-ndjson"),
    ("application/jsonl", "application/jsonl"),
    ("text/event-stream;q=0.5, application/json", None),
    ("image/png", None),
]


@pytest.mark.parametrize(("accept", "served"), ACCEPT, ids=[str(row[0]) for row in ACCEPT])
def test_accept_decides(accept, served):
    found = find_transport(accept)
    assert (None if found is None else found.content_type) == served


def dechunked(body):
    """The chunks of a body."""
    chunks = []
    while not body.startswith("0\r\n"):
        size, _, body = body.partition("\r\n")
        chunks.append(body[: int(size, 16)])
        body = body[int(size, 16) + 2 :]
    return chunks


def events_of(polled):
    """What a browser makes of it."""
    return read_events("".join(dechunked(polled.body)).encode()).events


def lines_of(polled):
    """Every line of JSON, each in a chunk of its own."""
    return [json.loads(chunk) for chunk in dechunked(polled.body)]


def test_lines_of_json_to_the_end():
    polled = site_of(letters).poll("/page?key=1", LINES)
    assert polled.get("Content-Type") == "application/x-ndjson"
    assert lines_of(polled) == [
        *({"state": "ready", "content": letter} for letter in "abcdef"),
        {"state": "done", "content": None},
    ]


def test_events_to_the_end():
    polled = site_of(letters).poll("/page?key=1", EVENTS)
    assert polled.get("Content-Type") == "text/event-stream; charset=utf-8"
    assert "no-transform" in polled.get("Cache-Control")
    assert "no-store" in polled.get("Cache-Control")
    assert polled.get("X-Accel-Buffering") == "no"
    assert polled.exchange.response.heartbeat == (15.0, b":\n\n")
    events = events_of(polled)
    assert [each.id for each in events] == ["1", "2", "3", "4", "5", "6", "end"]
    assert [each.json for each in events][-2:] == [
        {"state": "ready", "content": "f"},
        {"state": "done", "content": None},
    ]


def test_a_client_may_change_from_one_to_another():
    def page(self):
        yield from "ab"
        # The client of the event stream leaves here: "b" has gone out and was not answered with a reset.
        if asked:
            asked[0].channel.failing = True
        yield from "cd"

    asked = []
    site = site_of(page)
    assert site.poll("/page?key=1").content == "a"
    asked.append(site.ask("/page?key=1", EVENTS))
    assert asked[0].request.method == "GET"
    site.answer(asked[0])
    assert asked[0].end == "client-gone"
    assert site.contents("/page?key=1", 2) == ["c", "d"]


def test_a_browser_that_comes_back_gets_what_it_has_not_seen():
    def page(self):
        yield from "abc"
        first.channel.failing = True
        yield from "def"

    site = site_of(page)
    first = site.ask("/page?key=1", EVENTS)
    site.answer(first)
    # "b" and "c" went into the buffers of a connection that was dead.
    events = events_of(site.poll("/page?key=1", f"{EVENTS}Last-Event-ID: 1\r\n"))
    assert [each.json["content"] for each in events] == ["b", "c", "d", "e", "f", None]
    assert [each.id for each in events] == ["2", "3", "4", "5", "6", "end"]


def test_one_that_comes_back_by_its_query_too():
    site = site_of(letters)
    site.poll("/page?key=1&ack=0")
    assert [e.id for e in events_of(site.poll("/page?key=1&lastEventId=0", EVENTS))][:2] == ["1", "2"]


def test_a_key_that_the_server_made_stands_in_the_id():
    def page(self):
        yield "a"
        first.channel.failing = True
        yield from "bc"

    site = site_of(page)
    first = site.ask("/page", EVENTS)
    (event,) = events_of(Partly(site.answer(first)))
    key, _, seq = event.id.rpartition(".")
    assert (event.json["key"], seq) == (key, "1")
    again = events_of(site.poll("/page", f"{EVENTS}Last-Event-ID: {event.id}\r\n"))
    assert [each.json.get("content") for each in again] == ["b", "c", None]
    assert [each.id for each in again] == [f"{key}.2", f"{key}.3", "end"]


class Partly:
    """A response that was cut between two chunks."""

    def __init__(self, polled):
        self.body = polled.body + "0\r\n"


@pytest.mark.parametrize("path", ["/page?key=1", "/page?key=1&restart=1", "/page"])
def test_who_has_seen_the_end_is_told_to_come_no_more(path):
    site = site_of(letters)
    site.poll("/page?key=1", EVENTS)
    assert site.poll(path, f"{EVENTS}Last-Event-ID: end\r\n").status == 204
    assert len(site.streams) == 1


def test_who_has_not_seen_the_end_is_told_it_again():
    site = site_of(letters)
    site.poll("/page?key=1", EVENTS)
    (event,) = events_of(site.poll("/page?key=1", f"{EVENTS}Last-Event-ID: 6\r\n"))
    assert (event.json["state"], event.id) == ("done", "end")


def test_a_browser_that_comes_back_does_not_restart():
    site = site_of(letters)
    site.poll("/page?key=1&restart=1&ack=0")
    events = events_of(site.poll("/page?key=1&restart=1", f"{EVENTS}Last-Event-ID: 1\r\n"))
    assert [each.json["content"] for each in events][:2] == ["b", "c"]


def test_who_comes_back_to_a_stream_that_is_not_there_is_told_once():
    site = site_of(letters)
    answer = site.poll("/page?key=1", f"{EVENTS}Last-Event-ID: 4\r\n")
    (event,) = events_of(answer)
    assert (answer.status, event.json["state"], event.id) == (200, "expired", "end")
    assert site.streams == []


IDS = [
    # Last-Event-ID, key, ack, ended
    (None, "", None, False),
    ("", "", None, False),
    ("7", "", 7, False),
    ("ab-c.7", "ab-c", 7, False),
    ("a.b.7", "a.b", 7, False),
    ("end", "", None, True),
    ("other", "", None, False),
    ("7.x", "", None, False),
    ("x" * 65 + ".7", "", None, False),
]


@pytest.mark.parametrize(("text", "key", "ack", "ended"), IDS)
def test_last_event_id(text, key, ack, ended):
    found = read_event_id(text)
    assert (found.key, found.ack, found.ended) == (key, ack, ended)


def test_an_error_is_an_event():
    def page(self):
        yield "a"
        raise ValueError("b")

    site = site_of(page)
    polled = site.poll("/page?key=1", EVENTS)
    assert polled.status == 200
    assert [each.json["state"] for each in events_of(polled)] == ["ready", "error"]
    assert events_of(site.poll("/page?key=1", f"{EVENTS}Last-Event-ID: 2\r\n"))[0].json["state"] == "done"


def test_a_stream_that_lets_wait_opens_with_what_means_nothing():
    def page(self):
        for _ in range(20):
            yield site.json_yield.NOTHING
        yield "a"

    site = site_of(page, wait=1)
    chunks = dechunked(site.poll("/page?key=1", EVENTS).body)
    assert chunks[0] == ":\n\n"
    assert "".join(chunks).count(":\n\n") == 1
    assert chunks[1].startswith("id: 1\n")


def test_a_client_that_has_left_is_noticed_while_nothing_happens():
    def page(self):
        try:
            yield "a"
            while True:
                if site.clock.now > 1010:
                    gone.channel.state = ENDED
                yield site.json_yield.NOTHING
        finally:
            closed.append(site.clock.now)

    closed = []
    site = site_of(page, wait=5, ttl=60)
    gone = site.ask("/page?key=1", LINES)
    site.answer(gone)
    assert gone.end == "client-gone"
    assert site.clock.now < 1016
    assert site.only.state == "waiting"
    site.clock.now += 60
    site.registry.sweep()
    assert len(closed) == 1


def test_a_stopping_server_says_when_to_come_back():
    def page(self):
        yield "a"
        while True:
            yield site.json_yield.NOTHING

    site = site_of(page)
    for fields in (EVENTS, LINES):
        asked = site.ask(f"/page?key={fields[8]}", fields)
        site.clock.at(1, asked.channel.stop)
        polled = site.answer(asked)
        assert polled.exchange.end == "complete"
        if fields is EVENTS:
            found = read_events("".join(dechunked(polled.body)).encode())
            assert COME_BACK[0] <= found.retry <= COME_BACK[1]
        else:
            assert lines_of(polled)[-1]["state"] == "pending"


def test_who_comes_to_a_stopping_server_is_told_when_to_come_back():
    site = site_of(letters)
    for fields in (EVENTS, LINES):
        asked = site.ask("/page?key=1", fields)
        asked.channel.stops = True
        polled = site.answer(asked)
        assert polled.status == 200
        (chunk,) = dechunked(polled.body)
        assert chunk.startswith("retry: " if fields is EVENTS else '{"state": "pending"')
    assert site.streams == []


def test_refusals_are_answers_of_their_own():
    site = site_of(letters)
    site.json_yield.configure(per_client=1)
    site.poll("/page?key=1")
    assert site.poll("/page?key=2", EVENTS).status == 429
    assert site.poll("/page?key=%00", EVENTS).status == 400


def test_a_newer_poll_supersedes_the_event_stream():
    def page(self):
        yield "a"
        site.clock.at(1, lambda: polled.append(site.poll("/page?key=1&wait=2")))
        while site.clock.now < 1002:
            yield site.json_yield.NOTHING
        yield "b"

    polled = []
    site = site_of(page, overlap="supersede")
    events = events_of(site.poll("/page?key=1", EVENTS))
    assert [each.json["state"] for each in events] == ["ready", "pending"]
    assert site.poll("/page?key=1").content == "b"


def test_of_what_a_dead_connection_took_the_last_answers_are_kept():
    def page(self):
        for number in range(1, 201):
            if number == 150:
                first.channel.failing = True
            yield number

    site = site_of(page)
    first = site.ask("/page?key=1", EVENTS)
    site.answer(first)
    events = events_of(site.poll("/page?key=1", f"{EVENTS}Last-Event-ID: 3\r\n"))
    numbers = [each.json["content"] for each in events]
    assert numbers == [*range(150 - RING + 1, 201), None]
    assert int(events[0].id) == 150 - RING + 1  # by the numbers the client can see what is missing
