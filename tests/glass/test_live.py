"""The live events: at once, merged, continued after a loss, for many pages, and ended by stop()."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import Any

import pytest

from rawwfile import response
from rawwfile.glass.web import live
from rawwfile.glass.web.live import News
from rawwfile.tape.model import ConnectionTape, Entry, ExchangeRecord, Tape
from tests.glass.inspecting import Watched, encoded, watching
from tests.live import PATIENCE


def over(name: str, row: Any) -> bool:
    return name == "exchange" and not row["open"]


def closed(name: str, row: Any) -> bool:
    return name == "connection" and row["closed"] is not None


def test_a_request_is_told_as_it_happens(watched: Watched) -> None:
    with watched.page.events() as events:
        assert events.next() == ("hello", {"seq": watched.inspector._news.place})
        reply = watched.fetch()
        # A row says how things stand when it is told: the connection may be closed in the first one.
        told: list[tuple[str, Any]] = []
        while not (
            any(closed(*each) for each in told)
            and any(over(*each) for each in told)
            and [name for name, _ in told].count("entry") == 2
        ):
            told.append(events.next() or pytest.fail("the stream ended"))
    assert {name for name, _ in told} == {"connection", "entry", "exchange"}
    entries = [row for name, row in told if name == "entry"]
    assert [(row["direction"], row["offset"], row["size"]) for row in entries] == [
        ("in", 0, reply.sent), ("out", 0, len(reply.data))]  # fmt: skip
    assert entries[0].keys() == {"connection", "sequence", "direction", "side", "offset", "size", "time", "by"}
    rows = [row for name, row in told if name == "exchange"]
    assert rows[-1] == watched.page.get("exchanges")["rows"][0]


def test_what_is_under_way_is_told_before_it_ends(watched: Watched) -> None:
    done = threading.Event()

    @watched.page_of
    def slow() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh")
        done.wait(PATIENCE)
        response.wfile.write(b"i")

    with watched.page.events() as events:
        events.next()
        thread = threading.Thread(target=watched.fetch, args=["/slow"])
        thread.start()
        events.until(lambda name, row: name == "exchange" and row["status"] == 200 and row["open"])
        done.set()
        events.until(over)
        thread.join()


def test_who_comes_back_is_told_what_it_has_missed_and_nothing_twice(watched: Watched) -> None:
    page = watched.page
    with page.events() as events:
        watched.fetch("/hello?1")
        events.until(over)
        last = int(events.last_id or 0)
    watched.fetch("/hello?2")
    with page.events(last) as events:
        places: list[int] = []

        def second_is_over(name: str, row: Any) -> bool:
            places.append(int(events.last_id or 0))
            return over(name, row) and row["target"] == "/hello?2"

        events.until(second_is_over)
    # "hello" says the place itself; what follows comes after it, in order.
    assert places[0] == last and places[1] > last and places == sorted(set(places))


def test_a_page_of_an_earlier_run_hears_that_all_it_knows_is_gone() -> None:
    with watching() as before:
        before.fetch()
        left = before.inspector._news.place
    with watching() as after:
        for _ in range(3):
            after.fetch()
        with after.page.events(left) as events:
            assert [name for name, _ in (events.next(), events.next())] == ["hello", "cleared"]


@pytest.mark.parametrize("strange", ["99999999", "x", "-1", "9" * 40, "1.5"])
def test_a_strange_place_to_go_on_from_harms_nobody(watched: Watched, strange: str) -> None:
    with watched.page.events(strange) as events:
        name, _ = events.next() or ("", None)
        assert name == "hello"
        if strange == "99999999":
            # An earlier run has given it: the page must load all anew.
            assert events.next() == ("cleared", {})
        watched.fetch()
        events.until(over)


def test_many_pages_are_told_the_same(watched: Watched) -> None:
    with ExitStack() as stack:
        pages = [stack.enter_context(watched.page.events()) for _ in range(12)]
        for page in pages:
            page.next()
        watched.fetch()
        rows = [page.until(over)[-1][1] for page in pages]
    assert all(row == rows[0] for row in rows)


def test_stop_ends_all_streams_at_once_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    with watching() as watched, ExitStack() as stack:
        pages = [stack.enter_context(watched.page.events()) for _ in range(5)]
        for page in pages:
            page.next()
        watched.inspector.stop()
        for page in pages:
            while page.next() is not None:
                pass
    left = [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]
    for thread in left:
        thread.join(PATIENCE)
    assert not [thread for thread in left if thread.is_alive()]


def test_stop_ends_a_request_that_is_being_sent(watched: Watched) -> None:
    done, begun = threading.Event(), threading.Event()

    @watched.page_of
    def never() -> str:
        begun.set()
        done.wait(PATIENCE)
        return ""

    answers: list[Any] = []

    def ask() -> None:
        pieces = encoded(b"GET /never HTTP/1.1\r\nHost: a\r\n\r\n")
        answers.append(watched.page.post("send", {"pieces": pieces, "read": 100}))

    thread = threading.Thread(target=ask)
    thread.start()
    begun.wait(PATIENCE)
    watched.inspector.stop()
    thread.join(PATIENCE)
    done.set()
    assert answers and answers[0]["ended"] == "stopped"


def test_cleared_is_told(watched: Watched) -> None:
    watched.fetch()
    with watched.page.events() as events:
        events.next()
        assert watched.page.post("clear") == {"exchanges": 0}
        assert events.until(lambda name, _: name == "cleared")[-1] == ("cleared", {})
    assert watched.page.get("exchanges") == {"total": 0, "rows": []}
    assert watched.page.get("connections") == []


# -- without sockets


def exchange(tape: Tape, number: int) -> ExchangeRecord:
    connection = ConnectionTape(number)
    record = ExchangeRecord(number, number, 1)
    tape.add_connection(connection)
    tape.add_exchange(connection, record)
    return record


def follow(tape: Tape, *records: ExchangeRecord) -> None:
    with tape.lock:
        for record in records:
            tape.publish("exchange", tape.connections[record.connection], record)


def noted(news: News) -> News:
    """What the thread would do, done here."""
    for event in news._follower.next(0):
        news._note(event)
    return news


def test_changes_of_one_thing_are_one_event() -> None:
    tape = Tape()
    news = News(tape)
    records = [exchange(tape, number) for number in range(1, 4)]
    for _ in range(50):
        follow(tape, *records)
    follow(tape, records[0])
    events, place = noted(news).since(0)
    # In the order of the last change: 2, 3, then 1, which changed after them.
    assert [event.data["id"] for event in events] == [2, 3, 1] and place == news.place == events[-1].id
    assert news.since(place) == ([], place)


def test_what_is_noted_keeps_no_bytes_alive() -> None:
    tape = Tape()
    news = News(tape)
    record = exchange(tape, 1)
    entry = Entry(1, 1, "in", "plain", 0, 0.5, b"x" * 1000)
    with tape.lock:
        tape.publish("entry", tape.connections[1], record, entry)
    noted(news)
    told = {event.event: event.data for event in news.since(0)[0]}
    assert told["entry"]["size"] == 1000 and told["exchange"]["id"] == 1
    assert {type(kept) for _, kept in news._changes.values()} == {dict, type(None)}
    tape.forget(1)
    # What the tape has dropped is no longer told.
    assert [event.event for event in news.since(0)[0]] == ["entry"]


def test_a_burst_comes_in_batches_of_which_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_BATCH", 30)
    tape = Tape()
    news = News(tape)
    follow(tape, *[exchange(tape, number) for number in range(1, 101)])
    noted(news)
    seen, place, sizes = [], 0, []
    while True:
        events, place = news.since(place)
        if not events:
            break
        sizes.append(len(events))
        seen += [event.data["id"] for event in events]
    assert seen == list(range(1, 101)) and sizes == [30, 30, 30, 10]


def test_a_page_that_lags_too_far_behind_loads_all_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_NOTED", 10)
    tape = Tape()
    news = News(tape)
    assert news.place == 0
    news.start()
    try:
        follower = tape.follow()
        follow(tape, *[exchange(tape, number) for number in range(1, 51)])
        assert len(follower.next(PATIENCE)) == 50
        while news.place < 50:
            threading.Event().wait(0.01)
        events, place = news.since(3)
        while events and events[0].event != "missed":
            events, place = news.since(3)
        assert place == news.place
    finally:
        news.stop()


def test_what_the_follower_lost_makes_the_pages_load_anew() -> None:
    tape = Tape()
    news = News(tape)
    news._follower._most = 10
    assert news.place == 0
    follow(tape, *[exchange(tape, number) for number in range(1, 51)])
    news.start()
    try:
        while not news.place:
            threading.Event().wait(0.01)
        events, _ = news.since(0)
        assert [event.event for event in events] == ["cleared"]
    finally:
        news.stop()


def test_while_no_page_looks_the_tape_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    tape = Tape()
    news = News(tape)
    records = [exchange(tape, number) for number in (1, 2)]
    news._rest_if_alone()
    follow(tape, *records)
    assert news._follower.next(0) == []
    # The first who looks has them in what it loads.
    place = news.place
    assert place == 1 and news.since(place) == ([], place)
    follow(tape, records[1])
    assert [event.data["id"] for event in noted(news).since(place)[0]] == [2]

    # All pages have gone for long. One that comes back need not load anew if nothing has happened.
    left = news.place
    monkeypatch.setattr(live, "REST", -1.0)
    news._rest_if_alone()
    assert news.place == left and news.since(left) == ([], left)
    news._rest_if_alone()
    follow(tape, records[0])
    news._rest_if_alone()
    assert news._follower.next(0) == []
    assert news.place > left and [event.event for event in news.since(left)[0]] == ["missed"]


def test_a_server_that_nobody_watches_queues_nothing_for_pages(watched: Watched) -> None:
    follower = watched.tape.follow()
    watched.fetch()
    while not any(event.kind == "closed" for event in follower.next(PATIENCE)):
        pass
    news = watched.inspector._news
    assert news is not None and news._follower.next(0) == [] and not news._changes
    with watched.page.events() as events:
        events.next()
        watched.fetch()
        events.until(over)


def test_ten_thousand_exchanges_are_a_few_writes(watched: Watched) -> None:
    with watched.page.events() as events:
        events.next()
        for _ in range(20):
            watched.send(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" * 50)
        told = events.until(lambda name, row: over(name, row) and row["id"] == 1000)
    rows = {row["id"]: row for name, row in told if name == "exchange"}
    assert len(rows) == 1000 and all(not row["open"] for row in list(rows.values())[:-50])
    # Each was begun, answered and ended, and had two entries: most of that was merged.
    assert len([1 for name, _ in told if name == "exchange"]) < 3000
