"""json_yield on a real server: what is on the wire, clients that leave, overlap, the end of the server."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rawwfile import stream
from rawwfile.adapters.interface import application_for
from rawwfile.streaming.longpoll.decorator import JsonYield
from rawwfile.streaming.longpoll.registry import Registry
from tests.event_source import read_events
from tests.integration.test_sse import piece
from tests.live import PATIENCE

DONE = {"state": "done", "content": None}


class Polls:
    """A registry with a reaper; `waiting` is released each time a poll begins to wait."""

    def __init__(self):
        self.waiting = threading.Semaphore(0)
        self.registry = Registry(pause=self.pause)
        self.json_yield = JsonYield(self.registry)

    def pause(self, event, seconds):
        self.waiting.release()
        event.wait(seconds)

    def await_waiting(self, count=1):
        """Return when so many more polls have begun to wait."""
        for _ in range(count):
            assert self.waiting.acquire(timeout=PATIENCE)


@pytest.fixture
def polls():
    """The long polls of one test."""
    made = Polls()
    yield made
    made.json_yield.close_all(PATIENCE)
    assert not made.registry._open


@pytest.fixture
def site(serve, polls):
    """Serves a page tree made of functions: site(page, other, threads=8)."""

    def start(*pages, **options):
        root = type("Root", (), {page.__name__: page for page in pages})()
        return serve(application_for(root, "pages"), **options)

    return start


def answer(live, target, fields="", method="GET"):
    """The JSON of one poll on a connection of its own."""
    return json.loads(live.fetch(target, fields, method).body)


def contents(live, target, count):
    """The contents of so many polls."""
    return [answer(live, target)["content"] for _ in range(count)]


# -- the wire ------------------------------------------------------------------------------------


def test_the_prime_numbers_of_the_article(polls, site):
    @polls.json_yield
    def prime(self):
        probe = 1
        while True:
            probe += 2
            if all(probe % i for i in range(2, probe)):
                yield probe

    live = site(prime)
    with live.connect() as client:
        for number in (3, 5, 7, 11):
            found = client.fetch("/prime?key=1")
            assert found.body == b'{"state": "ready", "content": %d}' % number
            assert found.get(b"Content-Type") == b"application/json"
            assert found.get(b"Cache-Control") == b"no-store"
            assert found.get(b"Content-Length") == str(len(found.body)).encode()
            assert found.get(b"Connection") is None  # it is kept


def test_a_beacon_ends_a_stream(polls, site):
    closed = threading.Event()

    @polls.json_yield
    def page(self):
        try:
            yield "a"
            yield "b"
        finally:
            closed.set()

    live = site(page)
    key = answer(live, "/page")["key"]
    kind = "Content-Type: text/plain;charset=UTF-8\r\n"  # as navigator.sendBeacon sends it
    assert answer(live, f"/page?key={key}&close=1", kind, "POST") == DONE
    assert closed.wait(PATIENCE)
    assert answer(live, f"/page?key={key}") == DONE


def test_an_event_stream_is_resumed_where_it_broke(polls, site):
    go_on = threading.Semaphore(0)

    @polls.json_yield(producer="thread")
    def page(self):
        for number in range(4):
            go_on.acquire(timeout=PATIENCE)
            yield number

    live = site(page)
    client = live.connect()
    client.get("/page?key=1", "Accept: text/event-stream\r\n")
    assert b"text/event-stream" in client.until(b"\r\n\r\n")
    assert piece(client) == b":\n\n"
    for number in range(2):
        go_on.release()
        assert piece(client) == b'id: %d\ndata: {"state": "ready", "content": %d}\n\n' % (number + 1, number)
    client.close()
    assert live.book.wait_entries(1)[0].end == "client-gone"
    go_on.release(2)
    found = live.fetch("/page?key=1", "Accept: text/event-stream\r\nLast-Event-ID: 1\r\n")
    events = read_events(found.body).events
    assert [each.id for each in events] == ["2", "3", "4", "end"]
    assert [each.json["content"] for each in events] == [1, 2, 3, None]
    assert live.fetch("/page?key=1", "Accept: text/event-stream\r\nLast-Event-ID: end\r\n").status == 204


# -- clients that leave --------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_client_that_leaves_during_the_wait_consumes_nothing(polls, site, how):
    go_on = threading.Event()

    @polls.json_yield(producer="thread")
    def page(self):
        go_on.wait(PATIENCE)
        yield from "ab"

    live = site(page)
    client = live.connect()
    client.get("/page?key=1")
    polls.await_waiting()
    getattr(client, how)()
    assert live.book.wait_entries(1)[0].end == "client-gone"  # it was noticed before anything was made
    go_on.set()
    assert contents(live, "/page?key=1", 2) == ["a", "b"]


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_client_that_leaves_while_the_generator_runs_consumes_nothing(polls, site, how):
    inside, go_on = threading.Event(), threading.Event()

    @polls.json_yield
    def page(self):
        inside.set()
        go_on.wait(PATIENCE)
        yield from "ab"

    live = site(page)
    client = live.connect()
    client.get("/page?key=1")
    assert inside.wait(PATIENCE)
    getattr(client, how)()
    go_on.set()
    live.book.wait_entries(1)
    assert contents(live, "/page?key=1", 2) == ["a", "b"]


def test_a_large_answer_that_is_not_taken_is_repeated(polls, site, scheme):
    large = "x" * 8_000_000

    @polls.json_yield
    def page(self):
        yield large
        yield "small"

    live = site(page)
    client = live.connect(receive_buffer=4096)
    client.get("/page?key=1")
    client.until(b"\r\n\r\n")
    client.reset()
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert contents(live, "/page?key=1", 2) == [large, "small"]


def test_a_client_that_ends_its_sending_gets_every_item_once(polls, site):
    @polls.json_yield
    def page(self):
        yield from "abc"

    live = site(page)
    for letter in "abc":
        with live.connect() as client:
            client.get("/page?key=1")
            client.finish_sending()
            assert json.loads(client.response().body)["content"] == letter


def test_many_polls_of_clients_that_leave_lose_nothing(polls, site):
    @polls.json_yield(overlap="wait")
    def page(self):
        yield from range(100)

    live = site(page)
    for number in range(100):
        client = live.connect()
        client.get(f"/page?key=1&ack={number}")
        if number % 2:
            client.close()
            client = live.connect()
            client.get(f"/page?key=1&ack={number}")
        found = json.loads(client.response().body)
        assert (found["content"], found["seq"]) == (number, number + 1)
        client.close()
    assert answer(live, "/page?key=1&ack=100")["state"] == "done"


# -- overlap -------------------------------------------------------------------------------------


def test_two_polls_at_once_get_two_items(polls, site):
    go_on = threading.Event()

    @polls.json_yield
    def page(self):
        go_on.wait(PATIENCE)
        yield from "ab"

    live = site(page)
    clients = [live.connect() for _ in range(2)]
    for client in clients:
        client.get("/page?key=1")
    polls.await_waiting()  # one is in the generator, the other one waits for its turn
    go_on.set()
    assert sorted(json.loads(client.response().body)["content"] for client in clients) == ["a", "b"]


@pytest.mark.parametrize(("overlap", "status", "state"), [("wait", 200, "busy"), ("reject", 409, "busy")])
def test_a_poll_that_does_not_get_its_turn_is_busy(polls, site, overlap, status, state):
    inside, go_on = threading.Event(), threading.Event()

    @polls.json_yield(overlap=overlap)
    def page(self):
        inside.set()
        go_on.wait(PATIENCE)
        yield "a"

    live = site(page)
    client = live.connect()
    client.get("/page?key=1")
    assert inside.wait(PATIENCE)
    found = live.fetch("/page?key=1&wait=0.05")
    assert (found.status, json.loads(found.body)["state"]) == (status, state)
    go_on.set()
    assert json.loads(client.response().body)["content"] == "a"


def test_a_newer_poll_supersedes_one_that_waits(polls, site):
    go_on = threading.Event()

    @polls.json_yield(overlap="supersede", producer="thread")
    def page(self):
        go_on.wait(PATIENCE)
        yield "a"

    live = site(page)
    older, newer = live.connect(), live.connect()
    older.get("/page?key=1")
    polls.await_waiting()
    newer.get("/page?key=1")
    assert json.loads(older.response().body)["state"] == "pending"
    go_on.set()
    assert json.loads(newer.response().body)["content"] == "a"


def test_who_polls_again_at_once_on_another_connection_is_not_rejected(polls, site):
    @polls.json_yield(overlap="reject")
    def page(self):
        yield from range(200)

    live = site(page)
    with live.connect() as one, live.connect() as other:
        found = [json.loads(client.fetch("/page?key=1").body)["content"] for client in [one, other] * 100]
    assert found == list(range(200))


def test_a_crowd_on_one_key_gets_each_item_once(polls, site):
    @polls.json_yield(producer="thread", maxlen=10)
    def page(self):
        yield from range(300)

    live = site(page)

    def poll(_):
        found = []
        with live.connect() as client:
            while (said := json.loads(client.fetch("/page?key=1").body))["state"] == "ready":
                found.append(said["content"])
        assert said["state"] == "done"
        return found

    with ThreadPoolExecutor(6) as pool:
        found = [number for each in pool.map(poll, range(6)) for number in each]
    assert sorted(found) == list(range(300))


# -- neighbours, the end of the server -------------------------------------------------------------


def test_forty_polls_that_wait_do_not_starve_short_requests(polls, site):
    polls.json_yield.configure(per_client=100)
    go_on = threading.Event()

    @polls.json_yield(producer="thread")
    def page(self):
        go_on.wait(PATIENCE)
        yield "a"

    def short(self):
        return "at once"

    short.exposed = True
    live = site(page, short, threads=4)
    clients = [live.connect() for _ in range(40)]
    for number, client in enumerate(clients):
        client.get(f"/page?key={number}")
    polls.await_waiting(40)
    for _ in range(20):
        assert live.fetch("/short").body == b"at once"
    go_on.set()
    for client in clients:
        assert json.loads(client.response().body)["content"] == "a"


def test_a_server_that_stops_answers_who_waits_and_closes_the_generators(polls, site):
    closed = threading.Semaphore(0)

    @polls.json_yield(producer="thread")
    def waiting(self):
        try:
            yield "a"
            stream.sleep(1000)
        finally:
            closed.release()

    @polls.json_yield
    def idle(self):
        try:
            yield "a"
            yield "b"
        finally:
            closed.release()

    live = site(waiting, idle)
    answer(live, "/waiting?key=1")
    answer(live, "/idle?key=1")
    client = live.connect()
    client.get("/waiting?key=1")
    polls.await_waiting()
    stopping = threading.Thread(target=live.server.shutdown, args=(5,))
    stopping.start()
    found = client.response()
    client.close()
    stopping.join(PATIENCE)
    # The reaper and the poll are woken by the same stop; whoever is first, nobody waits on.
    assert json.loads(found.body)["state"] in ("pending", "expired")
    assert found.get(b"Connection") == b"close"
    for _ in range(2):
        assert closed.acquire(timeout=PATIENCE)
    assert not closed.acquire(blocking=False)


def test_the_reaper_closes_what_nobody_asks_for(polls, site):
    closed = threading.Event()

    @polls.json_yield(ttl=0.05)
    def page(self):
        try:
            yield "a"
        finally:
            closed.set()

    live = site(page)
    answer(live, "/page?key=1")
    live.book.wait_entries(1)
    assert closed.wait(PATIENCE)
