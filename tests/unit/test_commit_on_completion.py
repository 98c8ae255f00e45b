"""rawwfile.streaming.resources: committed when the response is complete, else rolled back."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from rawwfile.errors import ClientDisconnected, ClientGone, HTTPRedirect, NotFound, Shutdown
from rawwfile.exchange.resources import resource
from rawwfile.streaming.resources import commit_on_completion
from tests.unit.bodies import returning, streamed
from tests.unit.wire import HEAD, answer


class Session:
    """A session that notes what it is told."""

    def __init__(self, notes, failing=""):
        self.notes, self.failing = notes, failing

    def _told(self, what):
        self.notes.append(what)
        if what == self.failing:
            raise OSError(f"the {what} failed")

    def commit(self):
        self._told("commit")

    def rollback(self):
        self._told("rollback")

    def close(self):
        self._told("close")


def test_committed_before_the_end_is_told():
    notes = []

    def body():
        resource(commit_on_completion(lambda: Session(notes)))
        yield "a"
        notes.append("work")

    _, _, content = answer(streamed(body), events=notes)
    assert notes == ["sent", "work", "commit", "sent", "close"]
    assert content.endswith(b"0\r\n\r\n")


def test_a_page_in_one_is_committed_before_its_head():
    notes = []
    answer(returning(lambda: (resource(commit_on_completion(lambda: Session(notes))), "x")[1]), events=notes)
    assert notes == ["commit", "sent", "close"]


def test_a_commit_that_fails_is_a_cut():
    notes = []

    def body():
        resource(commit_on_completion(lambda: Session(notes, failing="commit")))
        yield "a"

    exchange, _, content = answer(streamed(body))
    assert exchange.end == "error" and exchange.cut and b"0\r\n\r\n" not in content
    assert notes == ["commit", "rollback", "close"]


def test_a_commit_that_fails_is_an_error_page_before_the_head():
    notes = []

    def index():
        resource(commit_on_completion(lambda: Session(notes, failing="commit")))
        return "done"

    _, lines, content = answer(returning(index))
    assert lines[0].startswith("HTTP/1.1 500 ") and b"done" not in content
    assert notes == ["commit", "rollback", "close"]


ROLLED_BACK = [ZeroDivisionError(), NotFound(), ClientGone(), ClientDisconnected(), Shutdown()]


@pytest.mark.parametrize("error", ROLLED_BACK, ids=lambda error: type(error).__name__)
def test_rolled_back_and_closed(error):
    notes = []

    def body():
        resource(commit_on_completion(lambda: Session(notes)))
        yield "a"
        raise error

    answer(streamed(body))
    assert notes == ["rollback", "close"]
    del notes[:]
    answer(streamed(body), HEAD)  # nobody asks for the second piece, so that it is not complete
    assert notes == ["rollback", "close"]


def test_closed_even_if_the_rollback_fails(caplog):
    notes = []

    def body():
        resource(commit_on_completion(lambda: Session(notes, failing="rollback")))
        yield "a"
        raise ZeroDivisionError

    answer(streamed(body))
    assert notes == ["rollback", "close"]
    assert "raised OSError in an end hook" in caplog.text


def test_a_redirect_commits():
    notes = []

    def index():
        resource(commit_on_completion(lambda: Session(notes)))
        raise HTTPRedirect("/done")

    answer(returning(index), events=notes)
    assert notes == ["commit", "sent", "close"]


def test_the_same_session_within_a_request():
    notes, found = [], []

    def make():
        return Session(notes)

    def index():
        found.extend(resource(commit_on_completion(make)) for _ in range(2))

    answer(returning(index))
    assert found[0] is found[1] and notes == ["commit", "close"]


def test_in_a_with_of_the_handlers_own():
    notes = []

    def body():
        with commit_on_completion(lambda: Session(notes))():
            yield "a"
        notes.append("after")

    answer(streamed(body))
    assert notes == ["commit", "close", "after"]
    del notes[:]
    with commit_on_completion(lambda: Session(notes))():
        notes.append("without a request")
    assert notes == ["without a request", "commit", "close"]


def test_a_registry_of_sessions_forgets_its_own():
    class Registry:
        def __call__(self):
            return Session(notes)

        def remove(self):
            notes.append("remove")

    notes = []
    registry = Registry()
    answer(returning(lambda: resource(commit_on_completion(registry)) and None))
    assert notes == ["commit", "remove"]


def test_what_is_no_session():
    class Asynchronous(Session):
        async def commit(self):
            """Never called."""

    with pytest.raises(TypeError, match=r"list has no commit\(\)"):
        commit_on_completion(list)().__enter__()
    with pytest.raises(TypeError, match=r"Asynchronous has an asynchronous commit\(\)"):
        commit_on_completion(lambda: Asynchronous([]))().__enter__()


def test_a_connection_of_sqlite3(tmp_path):
    path = tmp_path / "a.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("create table t (n)")

    def connect():
        return sqlite3.connect(path)

    def body(fail):
        connection = resource(commit_on_completion(connect))
        for number in range(3):
            connection.execute("insert into t values (?)", (number,))
            yield str(number)
        if fail:
            raise ZeroDivisionError

    answer(streamed(lambda: body(fail=True)))
    answer(streamed(lambda: body(fail=False)))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select n from t").fetchall() == [(0,), (1,), (2,)]
