"""json_yield: lists, batches, metadata, and polls that wait."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.unit.longpolls import Closing, letters, site_of


def failing(self):
    yield "a"
    raise ValueError("no b")


# -- lists, batches, metadata --------------------------------------------------------------------


def test_accumulate_sends_all_so_far():
    site = site_of(letters, accumulate=True)
    assert site.contents("/page?key=1", 3) == [["a"], ["a", "b"], ["a", "b", "c"]]


def test_accumulate_n_sends_the_last_n():
    site = site_of(letters, accumulate=2)
    assert site.contents("/page?key=1", 4) == [["a"], ["a", "b"], ["b", "c"], ["c", "d"]]


def test_a_list_is_written_as_json_dumps_writes_it():
    site = site_of(lambda self: iter([1, {"a": [2, None]}]), accumulate=True)
    site.poll("/page?key=1")
    assert site.poll("/page?key=1").body == json.dumps({"state": "ready", "content": [1, {"a": [2, None]}]})


def test_what_is_accumulated_past_max_bytes_is_an_error():
    items = Closing(["x" * 60] * 3)
    site = site_of(lambda self: items, accumulate=True, max_bytes=100, debug=True)
    assert site.poll("/page?key=1").status == 200
    answer = site.poll("/page?key=1")
    assert answer.status == 500
    assert "accumulate=n keeps the last n" in answer.json["error"]["message"]
    assert items.closed == 1


def test_batch_sends_several_and_the_rest_at_the_end():
    site = site_of(letters, batch=4)
    assert site.contents("/page?key=1", 2) == [["a", "b", "c", "d"], ["e", "f"]]
    assert site.poll("/page?key=1").state == "done"


def test_linger_bounds_how_long_a_batch_is_waited_for():
    site = None

    def slow(self):
        for letter in "abcdef":
            site.clock.now += 0.4
            yield letter

    site = site_of(slow, batch=100, linger=1.0)
    # b comes 0.4 s after a, c 0.8 s, d 1.2 s: asked for before the time was up.
    assert site.contents("/page?key=1", 2) == [["a", "b", "c", "d"], ["e", "f"]]


def test_an_error_in_a_batch_comes_after_what_was_before_it():
    site = site_of(failing, batch=5)
    assert site.poll("/page?key=1").content == ["a"]
    assert site.poll("/page?key=1").state == "error"


def test_batches_accumulate():
    site = site_of(letters, batch=2, accumulate=3)
    assert site.contents("/page?key=1", 3) == [["a", "b"], ["b", "c", "d"], ["d", "e", "f"]]


def test_count_counts_items_and_seq_answers():
    site = site_of(letters, batch=2, meta=True)
    found = [site.poll("/page?key=1").json for _ in range(3)]
    assert [(each["seq"], each["count"]) for each in found] == [(1, 2), (2, 4), (3, 6)]


def test_meta_and_retry_are_told_without_ack():
    site = site_of(letters, meta=True, retry=2.5)
    site.clock.now += 3
    answer = site.poll("/page").json
    assert (answer["seq"], answer["retry"], answer["ttl"]) == (1, 2.5, 60.0)
    assert len(answer["key"]) >= 22


# -- waiting -------------------------------------------------------------------------------------


def test_a_generator_that_has_nothing_yet_is_asked_again_until_the_wait_is_over():
    asked = []

    def page(self):
        while site.clock.now < 1040:
            asked.append(site.clock.now)
            yield site.json_yield.NOTHING
        yield "at last"

    site = site_of(page)
    first = site.poll("/page?key=1")
    assert first.body == '{"state": "pending", "content": null}'
    assert site.clock.now == pytest.approx(1025)
    pauses = [b - a for a, b in itertools.pairwise(asked)]
    assert pauses[0] == pytest.approx(0.01)
    assert max(pauses) == pytest.approx(0.25)
    assert site.poll("/page?key=1").content == "at last"


WAITS = [
    # the handler's, the client's, the server's; how long it is
    (25, None, 55, 25),
    (25, "3.5", 55, 3.5),
    (25, "0", 55, 0),
    (25, "40", 55, 40),
    (25, "300", 55, 55),
    (100, None, 55, 55),
]


@pytest.mark.parametrize(("handlers", "clients", "servers", "seconds"), WAITS)
def test_how_long_a_poll_waits(handlers, clients, servers, seconds):
    def page(self):
        while True:
            yield site.json_yield.NOTHING

    site = site_of(page, wait=handlers)
    site.json_yield.configure(wait=servers)
    site.poll("/page?key=1" + ("" if clients is None else f"&wait={clients}"))
    assert site.clock.now - 1000 == pytest.approx(seconds, abs=0.001)


def test_a_client_that_leaves_while_it_waits_consumes_nothing():
    def page(self):
        yield "a"
        while not ready:
            yield site.json_yield.NOTHING
        yield "b"

    ready = []
    site = site_of(page)
    site.poll("/page?key=1")
    waiting = site.ask("/page?key=1")
    site.clock.at(1, waiting.channel.leave)
    left = site.answer(waiting)
    assert (left.raw, left.exchange.end) == (b"", "client-gone")
    assert site.clock.now == pytest.approx(1001, abs=0.01)
    assert site.only.state == "waiting"
    ready.append(True)
    assert site.poll("/page?key=1").content == "b"


def test_a_client_that_leaves_in_a_batch_leaves_it_for_the_next_poll():
    def page(self):
        yield "a"
        waiting.channel.leave()
        yield site.json_yield.NOTHING
        yield "b"

    site = site_of(page, batch=3)
    waiting = site.ask("/page?key=1")
    assert site.answer(waiting).raw == b""
    assert site.poll("/page?key=1").content == ["a", "b"]


def test_a_waiting_poll_counts_as_a_stream_of_the_server():
    def page(self):
        yield site.json_yield.NOTHING
        yield "a"

    site = site_of(page)
    waiting = site.ask("/page?key=1")
    site.answer(waiting)
    assert waiting.channel.streams == 1
    at_once = site.ask("/page?key=2")
    site_of(letters).answer(at_once)
    assert at_once.channel.streams == 0


def test_a_stopping_server_answers_the_waiting_at_once():
    def page(self):
        while True:
            yield site.json_yield.NOTHING

    site = site_of(page)
    waiting = site.ask("/page?key=1")
    site.clock.at(1, waiting.channel.stop)
    answer = site.answer(waiting)
    assert answer.body == '{"state": "pending", "content": null}'
    assert answer.get("Connection") == "close"
    assert site.clock.now == pytest.approx(1001, abs=0.01)


def test_a_stopping_server_begins_nothing():
    site = site_of(letters)
    late = site.ask("/page?key=1")
    late.channel.stops = True
    assert site.answer(late).state == "pending"
    assert site.streams == []
