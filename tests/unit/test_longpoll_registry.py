"""json_yield: expiry, limits, the reaper, introspection; on a clock of the test's own."""

from __future__ import annotations

import gc
import hashlib
import threading
import weakref

import pytest

from rawwfile.streaming.longpoll.decorator import JsonYield
from rawwfile.streaming.longpoll.options import Limits
from rawwfile.streaming.longpoll.registry import Registry
from tests.live import PATIENCE
from tests.unit.longpolls import Closing, Site, letters, site_of

EXPIRED = '{"state": "expired", "content": null}'

# -- time ----------------------------------------------------------------------------------------


def test_a_stream_that_nobody_polls_is_closed_after_ttl_and_says_so_for_as_long():
    items = Closing("abc")
    site = site_of(lambda self: items, ttl=60)
    site.poll("/page?key=1")
    site.clock.now += 59
    site.registry.sweep()
    assert items.closed == 0
    assert site.poll("/page?key=1").content == "b"
    site.clock.now += 60
    site.registry.sweep()
    assert items.closed == 1
    assert site.only.state == "expired"
    answer = site.poll("/page?key=1")
    assert (answer.status, answer.body) == (410, EXPIRED)
    site.clock.now += 60
    site.registry.sweep()
    assert site.streams == []
    assert items.closed == 1


def test_a_poll_finds_it_expired_even_if_the_reaper_has_not_come_yet():
    items = Closing("abc")
    site = site_of(lambda self: items, ttl=60)
    site.poll("/page?key=1")
    site.clock.now += 60
    assert site.poll("/page?key=1").body == EXPIRED
    assert items.closed == 1


def test_what_is_forgotten_begins_anew_even_if_the_reaper_has_not_come_yet():
    site = site_of(letters, ttl=60)
    site.poll("/page?key=1")
    site.clock.now += 60
    assert site.poll("/page?key=1").body == EXPIRED
    site.clock.now += 60
    assert site.poll("/page?key=1").content == "a"


def test_a_stream_with_a_poll_in_it_is_not_idle():
    def page(self):
        for _ in range(2):
            site.clock.now += 100
            site.registry.sweep()
            yield "slow"

    site = site_of(page, ttl=60)
    assert site.contents("/page?key=1", 2) == ["slow", "slow"]


def test_max_age_ends_a_stream_however_much_it_is_polled():
    items = Closing("abcdefghij")
    site = site_of(lambda self: items, max_age=100)
    for letter in "abcd":
        assert site.poll("/page?key=1").content == letter
        site.clock.now += 30
    assert site.poll("/page?key=1").body == EXPIRED
    assert items.closed == 1


def test_max_age_ends_a_poll_that_waits():
    def page(self):
        while True:
            yield site.json_yield.NOTHING

    site = site_of(page, max_age=10)
    site.clock.at(11, site.registry.sweep)
    assert site.poll("/page?key=1").body == EXPIRED
    assert site.clock.now == pytest.approx(1011)


def test_a_stream_that_expires_while_its_generator_runs_is_closed_by_its_poll():
    items = None

    class Expiring(Closing):
        def __next__(self):
            site.clock.now += 11
            site.registry.sweep()
            assert self.closed == 0
            return super().__next__()

    items = Expiring("abc")
    site = site_of(lambda self: items, max_age=10)
    assert site.poll("/page?key=1").body == EXPIRED
    assert items.closed == 1
    site.registry.sweep()
    assert items.closed == 1


def test_a_generator_cleans_up_once_whatever_ends_it():
    log = []

    def page(self):
        try:
            yield "a"
            yield "b"
        finally:
            log.append("closed")

    site = site_of(page)
    site.poll("/page?key=1")
    site.poll("/page?key=1", method="DELETE")
    site.clock.now += 1000
    site.registry.sweep()
    site.registry.close_all()
    assert log == ["closed"]


def test_a_generator_that_fails_while_it_is_closed_is_logged(caplog):
    def page(self):
        try:
            yield "a"
        finally:
            raise OSError("cannot clean up")

    site = site_of(page)
    site.poll("/page?key=1")
    assert site.poll("/page?key=1", method="DELETE").state == "done"
    assert "failed in close()" in caplog.text
    assert site.only.state == "done"


def test_a_generator_that_goes_on_after_its_close_is_logged_and_dropped(caplog):
    def page(self):
        try:
            yield "a"
        except GeneratorExit:
            yield "b"

    site = site_of(page)
    site.poll("/page?key=1")
    site.poll("/page?key=1", method="DELETE")
    assert "generator ignored GeneratorExit" in caplog.text
    assert site.poll("/page?key=1").state == "done"


def test_streams_of_a_server_that_stops_are_due():
    items = Closing("abc")
    site = site_of(lambda self: items)
    first = site.poll("/page?key=1")
    site.registry.sweep()
    assert items.closed == 0
    first.exchange.channel.stops = True
    site.registry.sweep()
    assert items.closed == 1


def test_a_poll_of_the_next_server_in_this_process_begins_anew():
    made = []

    def page(self):
        made.append(Closing("abc"))
        return made[-1]

    site = site_of(page)
    first = site.poll("/page?key=1")
    first.exchange.channel.stops = True
    # The reaper has not come yet; this poll is another server's, and knows nothing of the old stream.
    assert site.poll("/page?key=1").content == "a"
    assert [each.closed for each in made] == [1, 0]


def test_close_all_closes_all():
    made = []

    def page(self):
        made.append(Closing("abc"))
        return made[-1]

    site = site_of(page)
    for key in "123":
        site.poll(f"/page?key={key}")
    site.json_yield.close_all()
    assert [each.closed for each in made] == [1, 1, 1]
    assert site.streams == []
    assert site.registry._bytes == 0
    assert site.poll("/page?key=1").content == "a"


def test_an_ended_stream_holds_on_to_no_generator_and_no_exchange():
    site = site_of(letters)
    polled = site.poll("/page?key=1")
    exchange = weakref.ref(polled.exchange)
    site.poll("/page?key=1", method="DELETE")
    del polled
    gc.collect()
    assert exchange() is None


# -- limits --------------------------------------------------------------------------------------


def addresses(count):
    """So many addresses."""
    return [f"192.0.{number // 250}.{number % 250}" for number in range(count)]


def test_a_thousand_streams_and_no_more():
    site = site_of(letters)
    for address in addresses(1000):
        assert site.poll("/page", address=address).status == 200
    answer = site.poll("/page", address="198.51.100.1")
    assert (answer.status, answer.state) == (503, "busy")
    assert answer.get("Retry-After") == "60"
    assert answer.json["retry"] == 60
    assert answer.get("Content-Type") == "application/json"
    assert len(site.streams) == 1000
    site.clock.now += 60
    site.registry.sweep()
    assert site.poll("/page", address="198.51.100.1").status == 200


def test_sixteen_of_one_address():
    site = site_of(letters)
    keys = [site.poll("/page").json["key"] for _ in range(16)]
    site.clock.now += 20
    answer = site.poll("/page")
    assert (answer.status, answer.state, answer.get("Retry-After")) == (429, "busy", "40")
    assert site.poll("/page", address="192.0.2.10").status == 200
    assert site.poll(f"/page?key={keys[0]}").content == "b"
    site.poll(f"/page?key={keys[0]}", method="DELETE")
    assert site.poll("/page").status == 200


def test_sixteen_of_one_session_whatever_the_address():
    site = site_of(letters, session_of=lambda request: request.headers.get("x-session"))
    for number in range(16):
        assert site.poll("/page", "X-Session: anna\r\n", address=f"192.0.2.{number}").status == 200
    assert site.poll("/page", "X-Session: anna\r\n", address="192.0.2.99").status == 429
    assert site.poll("/page", "X-Session: bert\r\n", address="192.0.2.0").status == 200


def test_on_a_unix_socket_nobody_has_an_address_and_only_the_total_counts():
    site = site_of(letters)
    site.json_yield.configure(streams=20)
    answers = [site.poll("/page", address="").status for _ in range(21)]
    assert answers == [200] * 20 + [503]


def test_a_restart_needs_no_room_for_two():
    site = site_of(letters)
    site.json_yield.configure(per_client=1)
    site.poll("/page?key=1")
    assert site.poll("/page?key=1&restart=1").content == "a"
    assert site.poll("/page?key=2").status == 429


def test_what_fails_at_its_beginning_takes_no_room():
    def page(self, name=None):
        if name is None:
            raise ValueError("no name")
        return iter("a")

    site = site_of(page, producer="thread")
    site.json_yield.configure(per_client=1, threads=1)
    for _ in range(3):
        assert site.poll("/page?key=1").status == 500
    assert site.poll("/page?key=1&name=x").content == "a"
    site.registry.close_all()


def test_a_stream_counts_until_its_generator_is_closed():
    site = None

    class Stubborn(Closing):
        def __next__(self):
            site.poll("/page?key=1", method="DELETE")
            states.append(site.only.state)
            statuses.append(site.poll("/page?key=2").status)
            return super().__next__()

    states, statuses = [], []
    site = site_of(lambda self: Stubborn("abc"))
    site.json_yield.configure(streams=1)
    site.poll("/page?key=1")
    assert (states, statuses) == (["closing"], [503])
    assert site.only.state == "done"


def test_what_is_remembered_is_bounded_too():
    site = site_of(letters)
    site.json_yield.configure(streams=3)
    for key in range(10):
        site.poll(f"/page?key={key}")
        site.poll(f"/page?key={key}", method="DELETE")
    assert len(site.streams) == 3
    assert site.poll("/page?key=9").state == "done"
    assert site.poll("/page?key=0").content == "a"


def test_bytes_of_all_streams_are_bounded():
    site = site_of(lambda self: iter(["x" * 1000] * 5))
    site.json_yield.configure(bytes=2500)
    for key in "123":
        assert site.poll(f"/page?key={key}").status == 200
    assert sum(each.bytes for each in site.streams) > 2500
    assert site.poll("/page?key=4").status == 503
    # Its own last answer has arrived, and that makes room.
    assert site.poll("/page?key=1").status == 200
    site.poll("/page?key=2", method="DELETE")
    site.poll("/page?key=3", method="DELETE")
    site.clock.now += 60
    site.registry.sweep()
    site.clock.now += 60
    site.registry.sweep()
    assert site.streams == []
    assert not site.registry.full
    assert site.registry._bytes == 0


def test_while_there_is_no_room_nothing_is_asked_of_a_generator():
    site = site_of(lambda self: iter(["x" * 1000] * 5))
    site.json_yield.configure(bytes=2100)
    for key in "12":
        site.poll(f"/page?key={key}&ack=0")
    site.json_yield.configure(bytes=900)
    answer = site.poll("/page?key=1&ack=1")
    assert (answer.status, answer.json["state"], answer.json["count"]) == (503, "busy", 1)
    site.json_yield.configure(bytes=5000)
    assert site.poll("/page?key=1&ack=1").json["count"] == 2


@pytest.mark.parametrize("bad", [{"streams": 0}, {"wait": -1}, {"bytes": "1M"}])
def test_limits_are_numbers(bad):
    with pytest.raises(ValueError, match=f"limit {next(iter(bad))} must be a number"):
        JsonYield(Registry(reap=False)).configure(**bad)
    with pytest.raises(TypeError):
        JsonYield(Registry(reap=False)).configure(colour=1)


# -- introspection -------------------------------------------------------------------------------


def test_streams_tells_what_there_is_but_not_the_keys():
    site = site_of(letters)
    site.poll("/page?key=secret")
    site.clock.now += 2.5
    site.poll("/page?key=secret&ack=0")
    site.clock.now += 1
    found = site.only
    assert found.key_hash == hashlib.sha256(b"secret").hexdigest()[:12]
    assert found.handler.endswith("letters")
    assert (found.state, found.age, found.idle, found.count, found.seq) == ("waiting", 3.5, 1.0, 1, 1)
    assert found.bytes > 0
    assert found.producer is None
    assert "secret" not in repr(found)


def test_a_stream_that_is_polled_says_so():
    def page(self):
        states.append(site.only.state)
        yield "a"

    states = []
    site = site_of(page)
    site.poll("/page?key=1")
    assert states == ["polled"]
    assert site.only.state == "waiting"


# -- the reaper, in its thread -------------------------------------------------------------------


@pytest.fixture
def reaped():
    """A site whose registry has its reaper, and real time to look; its clock is the test's."""
    site = Site()
    site.registry = Registry(Limits(), clock=site.clock, pause=site.clock.pause)
    site.json_yield = JsonYield(site.registry)
    yield site
    site.clock.now += 10_000
    site.registry.close_all()
    site.registry.look_now()
    site.clock.now += 10_000
    while (reaper := site.registry._reaper) is not None:
        site.registry.look_now()
        reaper.join(0.1)


def test_the_reaper_closes_what_has_expired_and_goes_when_nothing_is_left(reaped):
    closed = threading.Event()

    class Root:
        @reaped.json_yield
        def page(self):
            try:
                yield "a"
            finally:
                closed.set()

    reaped.serve(Root())
    assert reaped.registry._reaper is None
    reaped.poll("/page?key=1")
    reaper = reaped.registry._reaper
    reaped.clock.now += 60
    reaped.registry.look_now()
    assert closed.wait(PATIENCE)
    reaped.clock.now += 60
    reaped.registry.look_now()
    reaper.join(PATIENCE)
    assert not reaper.is_alive()
    assert reaped.streams == []
    reaped.poll("/page?key=1")
    assert reaped.registry._reaper is not None


def test_a_generator_that_takes_its_time_to_close_does_not_hold_up_the_others(reaped):
    closing, closed, go_on = threading.Event(), threading.Event(), threading.Event()

    class Root:
        @reaped.json_yield(ttl=60)
        def slow(self):
            try:
                yield "a"
            finally:
                closing.set()
                go_on.wait(PATIENCE)

        @reaped.json_yield(ttl=90)
        def page(self):
            try:
                yield "a"
            finally:
                closed.set()

    reaped.serve(Root())
    reaped.poll("/slow?key=1")
    reaped.poll("/page?key=1")
    reaped.clock.now += 60
    reaped.registry.look_now()
    assert closing.wait(PATIENCE)
    reaped.clock.now += 30
    reaped.registry.look_now()
    assert closed.wait(PATIENCE)
    go_on.set()
