"""rawwfile.streaming.topic: ids, memory, queues and their policies, publishers in many threads."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.errors import ClientGone, Shutdown
from rawwfile.exchange.context import current_exchange
from rawwfile.streaming.events import Event
from rawwfile.streaming.topic import Topic

PATIENCE = 10.0


def waiting(subscription):
    """What there is, without waiting: (id, data) of each event."""
    found = []
    while (event := subscription.get(0)) is not None:
        found.append((event.id, event.data))
    return found


def filled(words, **options):
    """A topic with ids from 1 and an event for each word."""
    topic = Topic(first_id=1, **options)
    for word in words:
        topic.publish(word)
    return topic


# -- ids and memory ------------------------------------------------------------------------------


def test_ids_grow_by_one_and_are_those_of_the_events():
    topic = Topic(first_id=7)
    subscription = topic.subscribe()
    assert [topic.publish("a"), topic.publish({"b": 1}, "named"), topic.publish(Event("c", "kind", retry=5))] == [
        7,
        8,
        9,
    ]
    assert [each.encode() for each in (subscription.get(0), subscription.get(0), subscription.get(0))] == [
        b"id: 7\ndata: a\n\n",
        b'event: named\nid: 8\ndata: {"b":1}\n\n',
        b"event: kind\nid: 9\nretry: 5\ndata: c\n\n",
    ]
    assert topic.last_id == 9


def test_ids_begin_at_the_clock_so_that_those_of_an_earlier_run_are_foreign():
    earlier = Topic()
    seen = earlier.publish("a")
    # Two processes of a server are further apart; here the clock need only have gone on.
    while time.time_ns() // 1000 <= seen:
        pass
    later = Topic()
    later.publish("b")
    assert seen < 2**53, "JavaScript reads it as a number without loss"
    assert [each.event for each in (later.subscribe(seen).get(0), earlier.subscribe(later.last_id).get(0))] == [
        "reset"
    ] * 2


@pytest.mark.parametrize("last", [None, ""])
def test_without_a_last_event_only_new_ones_come(last):
    topic = filled("abc")
    subscription = topic.subscribe(last)
    topic.publish("d")
    assert waiting(subscription) == [(4, "d")]


@pytest.mark.parametrize("last", [1, "1"])
def test_what_was_missed_comes_first_and_nothing_twice(last):
    topic = filled("abc")
    subscription = topic.subscribe(last)
    topic.publish("d")
    assert waiting(subscription) == [(2, "b"), (3, "c"), (4, "d")]
    assert waiting(topic.subscribe(4)) == []


RESETS = [
    # what the client has seen, what it is told
    ("0", {"after": "0", "first": "4", "last": "5"}),
    ("2", {"after": "2", "first": "4", "last": "5"}),
    ("6", {"after": "6", "first": "4", "last": "5"}),
    ("abc", {"after": "abc", "first": "4", "last": "5"}),
    ("-4", {"after": "-4", "first": "4", "last": "5"}),
    ("\u0664", {"after": "\u0664", "first": "4", "last": "5"}),
    ("4" * 9999, {"after": "4" * 20, "first": "4", "last": "5"}),
]


@pytest.mark.parametrize(("last", "told"), RESETS, ids=[last[:9] for last, _ in RESETS])
def test_where_the_ring_does_not_reach_back_one_reset_comes_first(last, told):
    topic = filled("abcde", maxlen=2)
    assert waiting(topic.subscribe(last)) == [(3, told), (4, "d"), (5, "e")]


def test_the_id_of_a_reset_can_be_continued_from():
    topic = filled("abcde", maxlen=2)
    reset = topic.subscribe("1").get(0)
    assert (reset.event, reset.id) == ("reset", 3)
    assert waiting(topic.subscribe(reset.id)) == [(4, "d"), (5, "e")]


def test_the_edge_of_the_ring_needs_no_reset():
    topic = filled("abcde", maxlen=2)
    assert waiting(topic.subscribe("3")) == [(4, "d"), (5, "e")]


def test_the_ring_is_bounded_in_bytes_as_sent():
    topic = Topic(first_id=1, max_bytes=2 * len(b"id: 1\ndata: aaaa\n\n"))
    for word in ("aaaa", "bbbb", "cccc"):
        topic.publish(word)
    assert len(topic) == 2
    topic.publish("x" * 1000)
    assert len(topic) == 0
    assert waiting(topic.subscribe("3")) == [(4, {"after": "3", "first": "5", "last": "4"})]
    assert waiting(topic.subscribe("4")) == []


def test_without_memory_events_still_come():
    topic = Topic(maxlen=0, first_id=1)
    subscription = topic.subscribe()
    topic.publish("a")
    assert waiting(subscription) == [(1, "a")]


def test_ids_of_ones_own_may_begin_anywhere_and_have_gaps():
    topic = Topic()
    assert topic.publish("a", id=100) == 100
    topic.publish("b", id=107)
    assert waiting(topic.subscribe(99)) == [(100, "a"), (107, "b")]
    assert waiting(topic.subscribe(103)) == [(107, "b")]
    assert topic.subscribe(98).get(0).event == "reset"
    with pytest.raises(ValueError, match="id 107 is not greater than 107"):
        topic.publish("c", id=107)
    assert topic.publish("c") == 108


def test_what_cannot_be_encoded_is_refused_and_leaves_no_trace():
    topic = filled("a")
    with pytest.raises(TypeError):
        topic.publish({"x": object()})
    with pytest.raises(ValueError, match="the ids of a topic are its own"):
        topic.publish(Event("x", id=5))
    with pytest.raises(ValueError, match="must be one line"):
        topic.publish("x", "two\nlines")
    assert topic.publish("b") == 2


@given(st.integers(0, 6), st.lists(st.sampled_from("pc"), max_size=30))
def test_who_comes_back_misses_nothing_or_is_told(maxlen, steps):
    """A client reads an event or two, is lost and comes back; the others go on publishing."""
    topic = Topic(maxlen=maxlen, first_id=1)
    last, seen, told = "0", [], False
    for step in steps:
        if step == "p":
            topic.publish("x")
            continue
        subscription = topic.subscribe(last)
        for _ in range(2):
            event = subscription.get(0)
            if event is None:
                break
            told = told or event.event == "reset"
            if event.event is None:
                seen.append(event.id)
            last = str(event.id)
        subscription.close()
    assert seen == sorted(set(seen))
    assert told or seen == list(range(1, len(seen) + 1))


# -- queues --------------------------------------------------------------------------------------


def test_drop_oldest_loses_the_oldest_and_counts_them():
    topic = Topic(first_id=1)
    subscription = topic.subscribe(maxlen=2)
    for word in "abcde":
        topic.publish(word)
    assert waiting(subscription) == [(4, "d"), (5, "e")]
    assert subscription.dropped == 3


def test_drop_oldest_minds_the_bytes_too():
    topic = Topic(first_id=1)
    subscription = topic.subscribe(max_bytes=100)
    for _ in range(3):
        topic.publish("x" * 30)
    topic.publish("y" * 500)
    assert [event.data[0] for event in iter(lambda: subscription.get(0), None)] == ["y"]
    assert subscription.dropped == 3


def test_a_queue_does_not_bound_what_was_missed():
    topic = filled("abcde")
    assert len(waiting(topic.subscribe(0, maxlen=1))) == 5


def test_close_gives_what_is_queued_and_ends_and_nothing_is_lost_on_return():
    topic = Topic(first_id=1)
    subscription = topic.subscribe(policy="close", maxlen=2)
    for word in "abcd":
        topic.publish(word)
    assert topic.subscribers == 0
    assert [event.data for event in subscription] == ["a", "b"]
    assert subscription.ended
    assert waiting(topic.subscribe("2")) == [(3, "c"), (4, "d")]


def test_block_makes_the_publisher_wait_for_room():
    topic = Topic(first_id=1, block_timeout=PATIENCE * 6)
    subscription = topic.subscribe(policy="block", maxlen=1)
    topic.publish("a")
    published = threading.Event()

    def publish():
        topic.publish("b")
        published.set()

    thread = threading.Thread(target=publish, daemon=True)
    thread.start()
    assert not published.wait(0.05)
    assert subscription.get(0).data == "a"
    assert published.wait(PATIENCE)
    assert subscription.get(0).data == "b"
    assert not subscription.ended
    thread.join()


def test_a_subscriber_that_leaves_lets_the_publisher_go_on():
    topic = Topic(block_timeout=PATIENCE * 6)
    subscription = topic.subscribe(policy="block", maxlen=1)
    topic.publish("a")
    thread = threading.Thread(target=topic.publish, args=("b",), daemon=True)
    thread.start()
    subscription.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert topic.subscribers == 0


def test_a_topic_that_closes_tells_the_publisher_that_waits():
    topic = Topic(block_timeout=PATIENCE * 6)
    topic.subscribe(policy="block", maxlen=1)
    topic.publish("a")
    told = []

    def publish():
        with pytest.raises(RuntimeError, match="is closed"):
            topic.publish("b")
        told.append(True)

    thread = threading.Thread(target=publish, daemon=True)
    thread.start()
    topic.close()
    thread.join(PATIENCE)
    assert told == [True]


def test_block_ends_who_makes_no_room_in_time():
    topic = Topic(first_id=1, block_timeout=0.01)
    stuck = topic.subscribe(policy="block", maxlen=1)
    well = topic.subscribe(policy="block", maxlen=10)
    for word in "abc":
        topic.publish(word)
    assert stuck.ended
    assert [event.data for event in stuck] == ["a"]
    assert waiting(well) == [(1, "a"), (2, "b"), (3, "c")]
    assert topic.subscribers == 1


def test_publishing_waits_for_no_other_policy():
    topic = Topic(block_timeout=PATIENCE * 6)
    topic.subscribe(policy="drop-oldest", maxlen=1)
    topic.subscribe(policy="close", maxlen=1)
    began = time.monotonic()
    for _ in range(5):
        topic.publish("x")
    assert time.monotonic() - began < PATIENCE / 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"policy": "drop"}, "policy must be one of drop-oldest, close, block, not 'drop'"),
        ({"maxlen": 0}, "a queue must hold something"),
        ({"max_bytes": 0}, "a queue must hold something"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Topic().subscribe(**options)


def test_a_negative_ring_is_refused():
    with pytest.raises(ValueError, match="must be 0 or more"):
        Topic(maxlen=-1)


# -- the end -------------------------------------------------------------------------------------


def test_closing_a_topic_ends_its_subscriptions_after_what_is_queued():
    topic = filled("a")
    subscription = topic.subscribe(0)
    topic.publish("b")
    topic.close()
    assert [event.data for event in subscription] == ["a", "b"]
    with pytest.raises(RuntimeError, match="topic '' is closed"):
        topic.publish("c")
    assert [event.data for event in topic.subscribe(0)] == ["a", "b"]


def test_a_closed_subscription_is_empty_and_unknown_to_the_topic():
    topic = filled("a")
    with topic.subscribe(0) as subscription:
        topic.publish("b")
        assert topic.subscribers == 1
    subscription.close()
    topic.publish("c")
    assert list(subscription) == []
    assert topic.subscribers == 0


def test_get_with_a_timeout_gives_none():
    subscription = Topic().subscribe()
    assert subscription.get(0.001) is None
    assert not subscription.ended


def test_its_name_and_figures_are_shown():
    topic = filled("ab", name="news")
    topic.subscribe()
    assert repr(topic) == "<Topic 'news', 2 events, 1 subscribers>"


# -- many threads --------------------------------------------------------------------------------


def test_many_publishers_and_subscribers_agree_on_the_order():
    topic = Topic(first_id=1)
    found = [[] for _ in range(40)]
    subscriptions = [topic.subscribe(maxlen=1000) for _ in found]

    def read(subscription, events):
        events.extend((event.id, event.data) for event in subscription)

    readers = [threading.Thread(target=read, args=pair) for pair in zip(subscriptions, found, strict=True)]
    writers = [threading.Thread(target=lambda n=n: [topic.publish([n, k]) for k in range(50)]) for n in range(4)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join(PATIENCE)
    topic.close()
    for thread in readers:
        thread.join(PATIENCE)
        assert not thread.is_alive()

    assert [number for number, _ in found[0]] == list(range(1, 201))
    assert all(each == found[0] for each in found)
    for n in range(4):
        assert [k for _, (m, k) in found[0] if m == n] == list(range(50))


def test_nobody_is_woken_without_an_event():
    """Four hundred subscribers that wait look at their queues once each, and not again until something comes."""
    topic = Topic()
    looks = []
    subscriptions = [topic.subscribe() for _ in range(400)]
    all_wait = threading.Semaphore(0)
    for each in subscriptions:
        wait = each._news.wait

        def counted(timeout=None, wait=wait):
            looks.append(timeout)
            all_wait.release()
            return wait(timeout)

        each._news.wait = counted
    threads = [threading.Thread(target=each.get) for each in subscriptions]
    for thread in threads:
        thread.start()
    for _ in subscriptions:
        assert all_wait.acquire(timeout=PATIENCE)
    assert looks == [None] * 400
    topic.publish("x")
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert len(looks) == 400


# -- in a handler --------------------------------------------------------------------------------


class FakeExchange:
    """What a subscription asks of the exchange it waits in."""

    before_wait = None

    def __init__(self):
        self.steps = []
        self.hooks = []
        self.waiting = threading.Event()
        self.error = None

    def on_end(self, hook):
        self.hooks.append(hook)

    def begin_waiting(self):
        self.steps.append("begin")
        self.check_wait()

    def on_wake(self, callback):
        self.steps.append("watch")
        self.wake = callback
        self.waiting.set()
        return self

    def cancel(self):
        self.steps.append("forget")

    def check_wait(self):
        if self.error is not None:
            raise self.error


@pytest.fixture
def exchange():
    fake = FakeExchange()
    token = current_exchange.set(fake)
    yield fake
    current_exchange.reset(token)


def test_the_end_of_the_response_unsubscribes(exchange):
    topic = Topic()
    topic.subscribe()
    assert topic.subscribers == 1
    for hook in exchange.hooks:
        hook()
    assert topic.subscribers == 0


def test_an_event_that_is_there_needs_no_wait(exchange):
    topic = Topic()
    subscription = topic.subscribe()
    topic.publish("x")
    assert subscription.get().data == "x"
    assert exchange.steps == []


def test_a_wait_gives_up_its_watch(exchange):
    topic = Topic()
    subscription = topic.subscribe()
    thread = threading.Thread(target=lambda: exchange.waiting.wait(PATIENCE) and topic.publish("x"))
    thread.start()
    assert subscription.get().data == "x"
    assert exchange.steps == ["begin", "watch", "forget"]
    thread.join()


@pytest.mark.parametrize("error", [ClientGone, Shutdown])
def test_a_wait_ends_with_the_client_and_with_the_server(exchange, error):
    subscription = Topic().subscribe()

    def wake():
        exchange.waiting.wait(PATIENCE)
        exchange.error = error()
        exchange.wake()

    thread = threading.Thread(target=wake)
    thread.start()
    with pytest.raises(error):
        next(subscription)
    assert exchange.steps == ["begin", "watch", "forget"]
    thread.join()


def test_who_was_woken_for_nothing_waits_on_with_a_new_watch(exchange):
    topic = Topic()
    subscription = topic.subscribe()

    def wake():
        exchange.waiting.wait(PATIENCE)
        exchange.waiting.clear()
        exchange.wake()
        exchange.waiting.wait(PATIENCE)
        topic.publish("x")

    thread = threading.Thread(target=wake)
    thread.start()
    assert subscription.get(PATIENCE).data == "x"
    assert exchange.steps == ["begin", "watch", "forget", "watch", "forget"]
    thread.join()


def test_before_it_waits_a_stream_may_open_itself(exchange):
    exchange.before_wait = lambda: exchange.steps.append("open")
    assert Topic().subscribe().get(0.001) is None
    assert exchange.steps == ["open", "begin", "watch", "forget"]
