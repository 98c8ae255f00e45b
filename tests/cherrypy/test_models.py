"""Which threads run what, and what is left of a request (rawwfile.cherrypy.models, state; spec 6.1, 15)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from rawwfile.cherrypy import models
from rawwfile.cherrypy.models import Inline, OneAtATime, Threads, model_for
from rawwfile.cherrypy.state import Kept, begin, end, request, response, snapshot

PATIENCE = 30.0


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    end()


def exchange() -> Any:
    """An exchange that counts how often its thread's leadership was given away."""
    channel = SimpleNamespace(handed=0)

    def hand_over() -> None:
        channel.handed += 1

    channel.hand_over = hand_over
    return SimpleNamespace(channel=channel)


def in_thread(function: Any) -> threading.Thread:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread


def test_attributes_are_those_of_the_thread() -> None:
    request.mine = 1
    seen: list[bool] = []
    in_thread(lambda: seen.append(hasattr(request, "mine"))).join(PATIENCE)
    assert seen == [False]


def test_begin_brings_back_what_is_kept_and_nothing_else() -> None:
    begin(Kept())
    request.connection = response.style = "kept"
    kept = snapshot()
    request.login = response.body = "hers"
    begin(kept)
    assert (request.__dict__, response.__dict__) == ({"connection": "kept"}, {"style": "kept"})


def test_an_attribute_that_is_not_set() -> None:
    begin(Kept())
    for state in (request, response):
        assert not hasattr(state, "nothing") and getattr(state, "nothing", 1) == 1
        with pytest.raises(AttributeError, match="nothing"):
            getattr(state, "nothing")  # noqa: B009 - the plain form looks useless


def test_inline_runs_where_it_is_called() -> None:
    seen: list[Any] = []
    Inline().run(lambda kept: seen.append(threading.current_thread()))
    assert seen == [threading.current_thread()]


def test_one_at_a_time() -> None:
    model, first, second = OneAtATime(), threading.Event(), threading.Event()
    order: list[str] = []

    def slow(kept: Kept) -> None:
        first.set()
        assert second.wait(PATIENCE)
        order.append("slow")

    waiting = exchange()
    waiting.channel.hand_over = second.set  # it is called once the lock was found taken
    thread = in_thread(lambda: model.run(slow))
    assert first.wait(PATIENCE)
    model.run(lambda kept: order.append("quick"), waiting)
    thread.join(PATIENCE)
    assert order == ["slow", "quick"]


def test_a_pool_has_init_thread_in_each_thread() -> None:
    model = Threads()

    def init_thread(index: int) -> None:
        request.index = index
        request.thread = threading.get_ident()

    model.start(3, init_thread)
    found: dict[int, int] = {}
    together = threading.Barrier(3)

    def job(kept: Kept) -> None:
        begin(kept)
        assert request.thread == threading.get_ident()
        found[request.index] = request.thread
        together.wait(PATIENCE)

    callers = [in_thread(lambda: model.run(job, exchange())) for _ in range(3)]
    for caller in callers:
        caller.join(PATIENCE)
    assert sorted(found) == [0, 1, 2] and len(set(found.values())) == 3
    model.stop()


def test_a_pool_lives_on_with_the_threads_that_start() -> None:
    model = Threads()

    def init_thread(index: int) -> None:
        if index == 0:
            raise OSError("no connection for this one")

    model.start(2, init_thread)
    seen: list[int] = []
    model.run(lambda kept: seen.append(1))
    assert seen == [1]
    model.stop()
    with pytest.raises(OSError):
        Threads().start(1, lambda index: init_thread(0))


def test_what_a_job_raises_reaches_who_waits() -> None:
    model = Threads()
    model.start(1, None)

    def job(kept: Kept) -> None:
        raise ValueError("in the job")

    with pytest.raises(ValueError, match="in the job"):
        model.run(job)
    model.run(lambda kept: None)
    model.stop()


def test_one_thread_may_be_the_one_that_calls_work() -> None:
    model, seen = Threads(), []

    def ask() -> None:
        model.run(lambda kept: seen.append(threading.current_thread()))
        model.stop()

    asking = in_thread(ask)
    model.work()
    asking.join(PATIENCE)
    assert seen == [threading.current_thread()]


def test_the_model_of_a_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "BOUND_TO_THREADS", ("a module that nobody has",))
    kinds = {name: type(model_for(name)) for name in ("plain", "processPool", "threading", "forking", "threadPool")}
    assert kinds == {
        "plain": OneAtATime, "processPool": OneAtATime, "threading": Inline, "forking": Inline, "threadPool": Threads,
    }  # fmt: skip
    monkeypatch.setattr(models, "BOUND_TO_THREADS", ("threading",))
    assert type(model_for("plain")) is Threads
