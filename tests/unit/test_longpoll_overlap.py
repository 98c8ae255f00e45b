"""Several polls of one key at the same time: one turn after the other, and never "generator already executing"."""

from __future__ import annotations

import threading

import pytest

from rawwfile.errors import ClientGone, Shutdown
from rawwfile.exchange.channel import ENDED
from rawwfile.streaming.longpoll.turns import Poll, Turns
from rawwfile.streaming.longpoll.wishes import Wishes
from tests.live import PATIENCE
from tests.unit.longpolls import Clock, Site

# -- a poll that comes while another one is in the generator --------------------------------------


class Nested:
    """A generator that, when it makes its second item, polls its own key: that poll overlaps."""

    def __init__(self, query="key=1", before=lambda: None, **options):
        self.site = site = Site()
        self.inner = None

        class Root:
            @site.json_yield(**options)
            def page(root):
                yield "a"
                before()
                self.inner = site.poll(f"/page?{query}")
                yield "b"
                yield "c"

        site.serve(Root())
        assert site.poll("/page?key=1").content == "a"


def test_wait_answers_busy_when_the_wait_is_over():
    nested = Nested()
    assert nested.site.poll("/page?key=1").content == "b"
    assert nested.inner.body == '{"state": "busy", "content": null}'
    assert nested.inner.status == 200
    assert nested.site.clock.now == pytest.approx(1025)


def test_the_client_may_wait_less():
    nested = Nested("key=1&wait=2")
    nested.site.poll("/page?key=1")
    assert nested.inner.state == "busy"
    assert nested.site.clock.now == pytest.approx(1002)


def test_reject_answers_409_at_once():
    nested = Nested(overlap="reject")
    assert nested.site.poll("/page?key=1").content == "b"
    assert (nested.inner.status, nested.inner.state) == (409, "busy")
    assert nested.inner.get("Retry-After") == "1"
    assert nested.site.clock.now == 1000


def test_supersede_answers_the_older_pending_and_its_item_goes_to_the_next():
    nested = Nested("key=1&wait=1", overlap="supersede")
    assert nested.site.poll("/page?key=1").state == "pending"
    assert nested.inner.state == "busy"  # the older one was in the generator, which nobody can interrupt
    assert nested.site.contents("/page?key=1", 2) == ["b", "c"]


def test_a_poll_of_another_key_is_not_concerned():
    nested = Nested("key=2", before=lambda: None)
    assert nested.site.poll("/page?key=1").content == "b"
    assert nested.inner.content == "a"
    assert nested.site.clock.now == 1000


@pytest.mark.parametrize("overlap", ["wait", "reject", "supersede"])
def test_closing_does_not_wait_and_the_poll_in_the_generator_is_told_done(overlap):
    nested = Nested("key=1&close=1", overlap=overlap)
    assert nested.site.poll("/page?key=1").body == '{"state": "done", "content": null}'
    assert nested.inner.state == "done"
    assert nested.site.clock.now == 1000
    assert nested.site.only.state == "done"


def test_restarting_does_not_wait_either():
    nested = Nested("key=1&restart=1")
    assert nested.site.poll("/page?key=1").state == "expired"
    assert nested.inner.content == "a"
    assert nested.site.clock.now == 1000


# -- real threads ---------------------------------------------------------------------------------


def real_site():
    """A site on which time really passes: nothing but an event ends a wait."""
    site = Site()
    site.registry.pause = lambda event, seconds: event.wait(PATIENCE)
    return site


class Polling(threading.Thread):
    """A poll in a thread of its own."""

    def __init__(self, site, target):
        super().__init__()
        self.exchange = site.ask(target)
        self._site = site
        self.start()

    def run(self):
        self.result = self._site.answer(self.exchange)

    def waits(self):
        """Return when it waits for something."""
        assert self.exchange.channel.watched.wait(PATIENCE)

    def over(self):
        """Its result, when it is over."""
        self.join(PATIENCE)
        assert not self.is_alive()
        return self.result


def test_many_polls_at_once_get_each_item_once():
    site = real_site()
    inside = threading.Lock()

    class Root:
        @site.json_yield
        def page(self):
            for number in range(200):
                assert inside.acquire(blocking=False)
                inside.release()
                yield number

    site.serve(Root())
    found = []

    def poll():
        while (answer := site.poll("/page?key=1")).state != "done":
            found.append(answer.content)

    threads = [threading.Thread(target=poll) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(found) == list(range(200))


def test_a_poll_that_waits_for_its_turn_gets_it():
    site = real_site()
    inside, gate = threading.Event(), threading.Event()

    class Root:
        @site.json_yield
        def page(self):
            inside.set()
            gate.wait(PATIENCE)
            yield from "ab"

    site.serve(Root())
    first = Polling(site, "/page?key=1")
    inside.wait(PATIENCE)
    second = Polling(site, "/page?key=1")
    second.waits()
    gate.set()
    assert [first.over().content, second.over().content] == ["a", "b"]


def test_supersede_wakes_the_one_that_waits():
    site, ready = real_site(), threading.Event()

    class Root:
        @site.json_yield(overlap="supersede", producer="thread")
        def page(self):
            ready.wait(PATIENCE)
            yield "a"

    site.serve(Root())
    older = Polling(site, "/page?key=1")
    older.waits()
    newer = Polling(site, "/page?key=1")
    assert older.over().body == '{"state": "pending", "content": null}'
    ready.set()
    assert newer.over().content == "a"
    site.registry.close_all()


def test_a_poll_that_is_about_to_end_is_waited_for_even_if_the_client_has_ended_its_sending():
    site = real_site()

    class Root:
        @site.json_yield
        def page(self):
            yield from "ab"

    site.serve(Root())
    first, second = site.ask("/page?key=1"), site.ask("/page?key=1")
    ending, go_on = threading.Event(), threading.Event()

    def stay():
        # Called before the hook that gives the turn back: the last one set is the first.
        ending.set()
        go_on.wait(PATIENCE)

    def answer():
        hooked = first.on_end
        first.on_end = lambda hook: (hooked(hook), hooked(stay))
        site.answer(first)

    thread = threading.Thread(target=answer)
    thread.start()
    assert ending.wait(PATIENCE)
    second.channel.state, second.channel.answers_with_reset = ENDED, False
    site.registry.pause = lambda event, seconds: (go_on.set(), event.wait(PATIENCE))
    assert site.answer(second).content == "b"
    thread.join(PATIENCE)


def test_two_first_polls_begin_one_stream(monkeypatch):
    site, began = real_site(), []

    class Root:
        @site.json_yield
        def page(self):
            began.append(True)
            yield from "ab"

    site.serve(Root())
    registry, found = site.registry, []
    enter = registry.enter

    def enter_late(scope):
        stream = enter(scope)
        if not found:
            # Between the question and the beginning another poll comes.
            found.append(None)
            found[0] = site.poll("/page?key=1").content
        return stream

    monkeypatch.setattr(registry, "enter", enter_late)
    assert (site.poll("/page?key=1").content, found) == ("b", ["a"])
    assert began == [True]


# -- turns alone ----------------------------------------------------------------------------------


class Line:
    """The part of an exchange that a wait needs."""

    def __init__(self, error=None):
        self.error = error
        self.cancelled = 0

    def begin_waiting(self):
        """Nothing to count."""

    def on_wake(self, callback):
        self.wake = callback
        return self

    def cancel(self):
        self.cancelled += 1

    def check_wait(self):
        if self.error is not None:
            raise self.error


def poll_of(clock, line=None):
    return Poll(line, Wishes(), clock, clock.pause)


def test_turns_are_given_in_order():
    clock, turns = Clock(), Turns()
    polls = [poll_of(clock) for _ in range(3)]
    order = []
    assert turns.take(polls[0], 0, lambda: False)

    def give(number):
        order.append(number)
        turns.release()

    clock.at(1, lambda: give(0))
    assert turns.take(polls[1], 2000, lambda: False)
    assert not turns.take(polls[2], clock(), lambda: False)  # its time is up
    give(1)
    assert turns.try_take(polls[2])
    assert order == [0, 1]


@pytest.mark.parametrize("error", [ClientGone("gone"), Shutdown("stop")])
def test_who_leaves_the_queue_leaves_no_trace(error):
    clock, turns = Clock(), Turns()
    line = Line(error)
    assert turns.try_take("somebody")
    with pytest.raises(type(error)):
        turns.take(poll_of(clock, line), 2000, lambda: False)
    assert line.cancelled == 1
    turns.release()
    assert turns.try_take("somebody else")


def test_a_turn_that_is_given_to_one_who_is_just_leaving_goes_on(monkeypatch):
    clock, turns = Clock(), Turns()
    leaving = poll_of(clock)
    turns.try_take("somebody")

    def wait_for(is_there, until, brief):
        turns.release()
        assert is_there()
        raise ClientGone("gone")

    monkeypatch.setattr(leaving, "wait_for", wait_for)
    with pytest.raises(ClientGone):
        turns.take(leaving, 2000, lambda: False)
    assert turns.try_take("anybody")


def test_supersede_tells_all_that_came_before():
    clock, turns = Clock(), Turns()
    holder, queued, newest = (poll_of(clock) for _ in range(3))
    turns.try_take(holder)

    def come_and_go():
        clock.at(1, turns.release)
        assert turns.take(newest, 2000, lambda: False, supersede=True)
        turns.release()

    clock.at(1, come_and_go)
    assert not turns.take(queued, 2000, lambda: False, supersede=True)
    assert (holder.superseded, queued.superseded, newest.superseded) == (True, True, False)
    assert not turns.taken


def test_what_is_over_is_not_waited_for():
    clock, turns = Clock(), Turns()
    turns.try_take("somebody")
    assert not turns.take(poll_of(clock), 2000, lambda: True)
    assert clock.now == 1000
