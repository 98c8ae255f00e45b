"""json_yield(producer="thread"): a generator that runs ahead in a thread of its own, within bounds."""

from __future__ import annotations

import contextvars
import threading

import pytest

from rawwfile.errors import ClientGone
from rawwfile.streaming.waits import stream as waits
from tests.live import PATIENCE
from tests.unit.longpolls import Site

FRAMEWORKS = contextvars.ContextVar("frameworks")


class Pumped:
    """A site with one background generator; `made` is released at every item, `closed` set at its end."""

    def __init__(self, items=None, **options):
        self.site = site = Site()
        site.registry.pause = lambda event, seconds: event.wait(PATIENCE)
        self.made = threading.Semaphore(0)
        self.count = 0
        self.closed = threading.Event()
        self.threads = set()

        class Root:
            @site.json_yield(producer="thread", **options)
            def page(root):
                try:
                    for item in range(10_000) if items is None else items:
                        self.threads.add(threading.get_ident())
                        self.count += 1
                        self.made.release()
                        yield item
                finally:
                    self.threads.add(threading.get_ident())
                    self.closed.set()

        site.serve(Root())

    @property
    def source(self):
        """The source of the only stream."""
        (stream,) = self.site.registry._open
        return stream.source

    def await_made(self, count):
        """Return when so many more items were made."""
        for _ in range(count):
            assert self.made.acquire(timeout=PATIENCE)

    def await_pause(self):
        """Return when the thread waits for room, or for somebody who polls."""
        source = self.source
        with source._news:
            assert source._news.wait_for(lambda: source.pausing, PATIENCE)


@pytest.fixture
def pumped():
    """Makes them, and ends their threads."""
    made = []

    def make(*arguments, **options):
        made.append(Pumped(*arguments, **options))
        return made[-1]

    yield make
    for each in made:
        each.site.registry.close_all(PATIENCE)
        assert not each.site.registry._threads


def test_items_come_in_order_and_done_at_the_end(pumped):
    each = pumped("abc")
    assert each.site.contents("/page?key=1", 3) == ["a", "b", "c"]
    assert each.site.poll("/page?key=1").body == '{"state": "done", "content": null}'
    assert each.closed.wait(PATIENCE)
    assert each.site.poll("/page?key=1").state == "done"


def test_it_runs_in_one_thread_that_is_no_polls(pumped):
    each = pumped("abc")
    each.site.contents("/page?key=1", 3)
    each.site.poll("/page?key=1")
    assert each.closed.wait(PATIENCE)
    assert len(each.threads) == 1
    assert threading.get_ident() not in each.threads


def test_it_makes_maxlen_items_ahead_and_then_pauses(pumped):
    each = pumped(maxlen=5)
    assert each.site.poll("/page?key=1").content == 0
    each.await_made(1 + 5)
    each.await_pause()
    assert each.count == 6
    assert each.site.contents("/page?key=1", 3) == [1, 2, 3]
    each.await_made(3)
    each.await_pause()
    assert each.count == 9


def test_it_makes_max_bytes_ahead_and_then_pauses(pumped):
    each = pumped(["x" * 98] * 100, max_bytes=300)  # 100 bytes each, as JSON
    each.site.poll("/page?key=1")
    each.await_made(4)
    each.await_pause()
    assert each.count == 4
    assert 300 <= each.site.only.bytes <= 500


def test_it_pauses_when_nobody_polls_and_goes_on_when_somebody_does(pumped):
    step = threading.Semaphore(0)

    def stepping():
        for number in range(100):
            step.acquire(timeout=PATIENCE)
            yield number

    each = pumped(stepping(), pause=5.0)
    step.release()
    assert each.site.poll("/page?key=1").content == 0
    each.site.clock.now += 5.5
    step.release()  # it was in the generator already: this item is made
    each.await_made(2)
    each.await_pause()
    assert each.count == 2
    step.release(100)
    assert each.site.contents("/page?key=1", 2) == [1, 2]


def test_a_batch_takes_what_is_there(pumped):
    each = pumped(maxlen=5, batch=4, linger=0)
    each.site.poll("/page?key=1")
    each.await_pause()
    waiting = len(each.source._queue)
    assert waiting == 5
    answer = each.site.poll("/page?key=1&ack=1").json
    assert (len(answer["content"]), answer["more"]) == (4, True)


def test_a_poll_that_finds_nothing_waits_and_is_pending_when_its_time_is_up(pumped):
    go_on = threading.Event()

    def slow():
        go_on.wait(PATIENCE)
        yield "late"

    each = pumped(slow())
    each.site.registry.pause = each.site.clock.pause
    assert each.site.poll("/page?key=1&wait=3").state == "pending"
    assert each.site.clock.now == 1003
    each.site.registry.pause = lambda event, seconds: event.wait(PATIENCE)
    go_on.set()
    assert each.site.poll("/page?key=1").content == "late"


def test_a_client_that_leaves_while_it_waits_consumes_nothing(pumped):
    go_on = threading.Event()

    def slow():
        go_on.wait(PATIENCE)
        yield from "ab"

    each = pumped(slow())
    site = each.site
    waiting = site.ask("/page?key=1")

    def pause(event, seconds):
        waiting.channel.leave()

    site.registry.pause = pause
    assert site.answer(waiting).raw == b""
    assert waiting.end == "client-gone"
    site.registry.pause = lambda event, seconds: event.wait(PATIENCE)
    go_on.set()
    assert site.contents("/page?key=1", 2) == ["a", "b"]


def test_an_error_comes_after_the_items_before_it(pumped, caplog):
    def failing():
        yield "a"
        raise LookupError("b")

    each = pumped(failing())
    assert each.site.poll("/page?key=1").content == "a"
    answer = each.site.poll("/page?key=1")
    assert (answer.status, answer.json["error"]) == (500, {"type": "LookupError"})
    assert "raised LookupError" in caplog.text
    assert each.site.poll("/page?key=1").state == "done"


def test_a_generator_that_has_nothing_yet_is_asked_again(pumped):
    each = pumped()
    nothing = each.site.json_yield.NOTHING
    each = pumped([nothing, "a", nothing, "b"])
    assert each.site.contents("/page?key=1", 2) == ["a", "b"]


def test_an_expired_one_is_closed_in_its_own_thread(pumped):
    each = pumped(ttl=60)
    each.site.poll("/page?key=1")
    each.site.clock.now += 60
    each.site.registry.sweep()
    assert each.closed.wait(PATIENCE)
    assert len(each.threads) == 1
    assert each.site.poll("/page?key=1").state == "expired"


def test_a_generator_that_waits_through_us_is_woken_when_its_stream_ends(pumped):
    woken = []

    def waiting():
        yield "a"
        try:
            waits.sleep(1000)
        except ClientGone as error:
            woken.append(error)
            raise

    each = pumped(waiting())
    assert each.site.poll("/page?key=1").content == "a"
    each.site.poll("/page?key=1", method="DELETE")
    assert each.closed.wait(PATIENCE)
    assert len(woken) == 1


def test_the_number_of_threads_is_bounded(pumped):
    each = pumped()
    each.site.json_yield.configure(threads=2)
    assert [each.site.poll(f"/page?key={key}").status for key in "123"] == [200, 200, 503]
    each.site.poll("/page?key=1", method="DELETE")
    assert each.closed.wait(PATIENCE)
    each.site.registry.close_all(PATIENCE)
    assert each.site.poll("/page?key=4").status == 200


def test_a_thread_that_has_made_all_its_items_is_free_for_others(pumped):
    each = pumped("abc")
    each.site.json_yield.configure(threads=1)
    each.site.poll("/page?key=1")
    assert each.closed.wait(PATIENCE)
    each.source._thread.join(PATIENCE)
    assert each.site.registry._threads == 0
    assert each.site.contents("/page?key=1", 2) == ["b", "c"]


def test_it_waits_while_all_streams_together_are_too_large(pumped):
    each = pumped(["x" * 1000] * 10, maxlen=5)
    each.site.json_yield.configure(bytes=2500)
    assert each.site.poll("/page?key=1").status == 200
    each.await_made(3)
    assert each.count <= 4
    # One by one they can be taken all the same.
    for _ in range(4):
        assert each.site.poll("/page?key=1").status == 200


def test_it_runs_in_a_copy_of_its_first_polls_context(pumped):
    seen = []

    def looking():
        seen.append(FRAMEWORKS.get(None))
        FRAMEWORKS.set("changed")
        yield "a"
        seen.append(FRAMEWORKS.get(None))

    each = pumped(looking())
    first = each.site.ask("/page?key=1")
    first.context.run(FRAMEWORKS.set, "first")
    each.site.answer(first)
    each.site.poll("/page?key=1")
    assert seen == ["first", "changed"]
    assert first.context[FRAMEWORKS] == "first"


def test_a_system_without_threads_is_an_error_that_takes_no_room(pumped, monkeypatch):
    each = pumped()
    monkeypatch.setattr(threading.Thread, "start", _no_more_threads)
    assert each.site.poll("/page?key=1").status == 500
    monkeypatch.undo()
    assert each.site.registry._threads == 0
    assert each.site.streams == []
    assert each.site.poll("/page?key=1").content == 0


def _no_more_threads(thread):
    raise RuntimeError("can't start new thread")
