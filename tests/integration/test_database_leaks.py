"""Streams that are broken off, stopped, or many at once leave no connection, transaction, thread or descriptor."""

from __future__ import annotations

import gc
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import sqlalchemy

from rawwfile import PageTree, expose
from rawwfile.streaming.waits import stream
from tests.integration.stores import KINDS, Counted, OnSqlalchemy, assert_nobody_writes, count, opened, writer
from tests.live import PATIENCE, Live

STREAMS = 200
"""Streams that are broken off, one after the other or at once."""


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Any]:
    """A database with the table t, reached in one of three ways."""
    with opened(request.param, tmp_path / "a.db") as made:
        yield made


@contextmanager
def running_server(application: Any, **options: Any) -> Any:
    """A server on plain TCP that has ended when the block is left."""
    live = Live("http", None, options, PageTree(application)).start()
    try:
        yield live
    finally:
        live.stop()


def test_the_server_stops(store: Any) -> None:
    with running_server(writer(store, pause=lambda number: stream.sleep(PATIENCE))) as live:
        client = live.connect()
        client.get("/")
        client.until(b"0,")
        stopping = threading.Thread(target=live.server.shutdown, args=(PATIENCE,))
        stopping.start()
        assert live.book.wait_entries(1)[0].end == "shutdown"
        client.close()
        stopping.join(PATIENCE)
    assert (store.busy(), count(store)) == (0, 0)
    assert_nobody_writes(store)


def open_descriptors() -> set[tuple[str, str]]:
    """Descriptors of this process, with what they are."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            found.add((name, os.readlink(f"/proc/self/fd/{name}")))
        except OSError:
            continue  # the one that listed them
    return found


def test_200_streams_that_were_broken_off_leave_nothing(store: Any) -> None:
    gc.collect()
    descriptors, threads = open_descriptors(), set(threading.enumerate())

    with running_server(writer(store, rows=10**9)) as live:
        for _ in range(STREAMS):
            client = live.connect()
            client.get("/")
            client.until(b"0,")
            client.reset()
        entries = live.book.wait_entries(STREAMS)
        assert {entry.end for entry in entries} == {"client-gone"}
        assert store.busy() == 0
        assert count(store) == 0
        assert_nobody_writes(store)

    store.dispose()
    for thread in set(threading.enumerate()) - threads:
        thread.join(PATIENCE)
    assert set(threading.enumerate()) <= threads
    assert open_descriptors() <= descriptors
    assert not Counted.opened


def test_200_at_once_do_with_the_connections_that_there_are(tmp_path: Any) -> None:
    store = OnSqlalchemy(tmp_path / "a.db")
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("create table t (n integer, x text)")
        connection.executemany("insert into t values (?, 'x')", ((number,) for number in range(1000)))
        connection.commit()
    everybody = threading.Event()

    @expose(content_type="text/csv")
    def read() -> Any:
        last = -1
        while True:
            with store.factory() as session:
                some = sqlalchemy.text("select n from t where n > :last order by n limit 100")
                numbers = session.scalars(some, {"last": last}).all()
            if not numbers:
                return
            yield "".join(f"{number}\n" for number in numbers)
            last = numbers[-1]
            stream.wait(everybody)

    with running_server(read) as live:
        clients = [live.connect() for _ in range(STREAMS)]
        for client in clients:
            client.get("/")
        for client in clients:
            client.until(b"99\n")
        assert store.busy() == 0  # 200 open streams, and not a connection held
        for client in clients[::2]:
            client.reset()
        everybody.set()
        for client in clients[1::2]:
            assert client.until(b"0\r\n\r\n").endswith(b"999\n\r\n0\r\n\r\n")
        ends = [entry.end for entry in live.book.wait_entries(STREAMS)]
        assert ends.count("complete") == STREAMS // 2
        assert store.busy() == 0
    store.dispose()
