"""Databases under streams: committed when complete, rolled back and given back whatever else happens."""

from __future__ import annotations

import sqlite3
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import orm

from rawwfile import expose
from rawwfile.adapters.load import load_target
from rawwfile.exchange.resources import resource
from rawwfile.streaming.resources import commit_on_completion
from rawwfile.streaming.waits import stream
from tests.commands import CHECKOUT, running
from tests.integration.stores import KINDS, ROWS, OnSqlite, assert_nobody_writes, count, opened, writer
from tests.live import PATIENCE


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Any]:
    """A database with the table t, reached in one of three ways."""
    with opened(request.param, tmp_path / "a.db") as made:
        yield made


# -- complete means committed ----------------------------------------------------------------------


def test_when_the_client_sees_the_end_it_is_committed(serve: Any, store: Any) -> None:
    live = serve(writer(store))
    with live.connect() as client:
        client.get("/")
        client.until(b"\r\n0\r\n\r\n")
        assert count(store) == ROWS  # looked at between the end of the body and the end of the exchange
    live.book.wait_entries(1)
    assert store.busy() == 0


def test_nothing_of_it_is_seen_before(serve: Any, store: Any) -> None:
    may_go_on = threading.Event()
    live = serve(writer(store, 2, lambda number: may_go_on.wait(PATIENCE)))
    with live.connect() as client:
        client.get("/")
        client.until(b"0,")
        assert count(store) == 0
        may_go_on.set()
        client.until(b"\r\n0\r\n\r\n")
    assert count(store) == 2


def broken(store: Any, streamed: bool) -> Any:
    """A page whose commit fails: a foreign key that is looked at then."""

    @expose(stream=streamed)
    def write() -> Any:
        session = resource(commit_on_completion(store.factory))
        for statement in ("pragma foreign_keys=on", "insert into child values (5)"):
            session.execute(statement if isinstance(store, OnSqlite) else sqlalchemy.text(statement))
        yield "it is done"

    return write


def test_a_commit_that_fails_is_a_cut(serve: Any, store: Any) -> None:
    live = serve(broken(store, streamed=True))
    with live.connect() as client:
        client.get("/")
        assert b"it is done" in (seen := client.rest()) and b"\r\n0\r\n" not in seen
    assert live.book.wait_entries(1)[0].end == "error"
    assert (store.busy(), count(store, "child")) == (0, 0)


def test_a_commit_that_fails_before_the_head_is_an_error_page(serve: Any, store: Any) -> None:
    live = serve(broken(store, streamed=False))
    assert live.fetch("/").status == 500
    live.book.wait_entries(1)
    assert (store.busy(), count(store, "child")) == (0, 0)


def test_head_writes_nothing(serve: Any, store: Any) -> None:
    live = serve(writer(store))
    with live.connect() as client:
        assert client.fetch("/", method="HEAD").status == 200
        assert client.fetch("/", method="HEAD").status == 200
    live.book.wait_entries(2)
    assert (store.busy(), count(store)) == (0, 0)


# -- every other end rolls back --------------------------------------------------------------------


def test_a_handler_that_fails(serve: Any, store: Any) -> None:
    def fail(number: int) -> None:
        if number == 3:
            raise ZeroDivisionError

    live = serve(writer(store, pause=fail))
    with live.connect() as client:
        client.get("/")
        assert not client.rest().endswith(b"0\r\n\r\n")
    assert live.book.wait_entries(1)[0].end == "error"
    assert (store.busy(), count(store)) == (0, 0)
    assert_nobody_writes(store)


def test_a_client_that_leaves_while_the_handler_waits(serve: Any, store: Any) -> None:
    live = serve(writer(store, pause=lambda number: stream.sleep(PATIENCE)))
    with live.connect() as client:
        client.get("/")
        client.until(b"0,")
        client.reset()
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert (store.busy(), count(store)) == (0, 0)
    assert_nobody_writes(store)


def test_a_client_that_takes_nothing(serve: Any, store: Any) -> None:
    live = serve(writer(store, rows=100_000), timeout_send=0.3)
    with live.connect(receive_buffer=4096) as client:
        client.get("/")
        assert live.book.wait_entries(1)[0].end == "timeout"
    assert (store.busy(), count(store)) == (0, 0)
    assert_nobody_writes(store)


# -- as TurboGears2's manual has it ----------------------------------------------------------------


class Permission(orm.declarative_base()):  # type: ignore[misc]
    """The model that the manual writes."""

    __tablename__ = "permission"
    id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
    permission_name = sqlalchemy.Column(sqlalchemy.String)


def test_turbogears_reads_and_writes_inside_the_generator(serve: Any, tmp_path: Any) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/a.db")
    Permission.metadata.create_all(engine)
    DBSession = orm.scoped_session(orm.sessionmaker(engine))

    class RootController:
        @expose(content_type="text/plain")
        def stream_list(self) -> Any:
            def output_pause() -> Any:
                num = 0
                while num < 9:
                    DBSession.add(Permission(permission_name="perm_%s" % num))
                    yield "Added Permission\n"
                    num += 1
                DBSession.flush()
                DBSession.commit()

            return output_pause()

        @expose(content_type="application/json")
        def stream_db(self) -> Any:
            def output_pause() -> Any:
                num = 0
                yield "["
                while num < 9:
                    u = DBSession.query(Permission).filter_by(id=num).first()
                    num += 1
                    yield u and "%d, " % u.id or "null, "
                yield "null]"

            resource(commit_on_completion(DBSession))
            return output_pause()

    live = serve(RootController())
    with live.connect() as client:
        assert client.fetch("/stream_list").body == b"Added Permission\n" * 9
        assert client.fetch("/stream_db").body == b"[null, 1, 2, 3, 4, 5, 6, 7, 8, null]"
    live.book.wait_entries(2)
    engine.dispose()


# -- the example -----------------------------------------------------------------------------------


def test_the_example(serve: Any) -> None:
    root = load_target(f"{CHECKOUT}/legacy_examples/database_stream.py:root")
    live = serve(root)
    first = live.fetch("/readings.csv").body
    assert first.startswith(b"1,1\n2,4\n") and first == live.fetch("/snapshot.csv").body
    last = int(first.splitlines()[-1].split(b",")[0])

    assert live.fetch("/add?count=2", method="POST").body == b"added %d\nadded %d\n" % (last + 1, last + 2)
    with live.connect() as client:
        client.get("/add?count=1000", method="POST")
        client.until(b"added %d\n" % (last + 3))
        client.reset()
    assert live.book.wait_entries(4)[-1].end == "client-gone"
    assert live.fetch("/readings.csv").body.splitlines()[-1] == b"%d,%d" % (last + 2, (last + 2) ** 2)
    live.book.wait_entries(5)
    assert root.opened[0].kw["bind"].pool.checkedout() == 0
    root.opened[0].kw["bind"].dispose()


def test_the_example_with_another_database(tmp_path: Any) -> None:
    words = (f"{CHECKOUT}/legacy_examples/database_stream.py", "--db", "sqlite:///mine.db")
    environment = {"RAWWFILE_PORT": "0"}
    with running(*words, cwd=tmp_path, environment=environment, command=(sys.executable,)) as example:
        host, port = example.address()
        with urllib.request.urlopen(f"http://{host}:{port}/readings.csv", timeout=PATIENCE) as answer:
            assert answer.read().startswith(b"1,1\n2,4\n")
        assert example.stop() == 0
    with closing(sqlite3.connect(tmp_path / "mine.db")) as connection:
        assert connection.execute("select count(*) from reading").fetchone() == (2000,)
