"""A database behind streams, reached in three ways: sqlite3, SQLAlchemy's sessions, and those by thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import orm

from rawwfile import expose
from rawwfile.exchange.resources import resource
from rawwfile.streaming.resources import commit_on_completion
from tests.live import PATIENCE

ROWS = 500
"""Rows of a whole stream."""


class Counted(sqlite3.Connection):
    """A connection that is counted while it is open."""

    opened: list[Counted] = []

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        self.opened.append(self)

    def close(self) -> None:
        super().close()
        self.opened.remove(self)


class OnSqlite:
    """Plain sqlite3: a connection for each stream."""

    def __init__(self, path: Any) -> None:
        self.path = path
        self.factory: Callable[[], Any] = self.connect

    def connect(self) -> Counted:
        return sqlite3.connect(self.path, factory=Counted, timeout=PATIENCE)

    def insert(self, session: Any, number: int) -> None:
        session.execute("insert into t values (?, ?)", (number, "x" * 100))

    def busy(self) -> int:
        """Connections that somebody holds."""
        return len(Counted.opened)

    def dispose(self) -> None:
        """Nothing is kept."""


class OnSqlalchemy:
    """SQLAlchemy's sessions, from a pool that is smaller than the number of streams."""

    def __init__(self, path: Any) -> None:
        self.path = path
        self.engine = sqlalchemy.create_engine(
            f"sqlite:///{path}", pool_size=3, max_overflow=2, connect_args={"timeout": PATIENCE}
        )
        self.factory = orm.sessionmaker(self.engine)

    def insert(self, session: Any, number: int) -> None:
        session.execute(sqlalchemy.text("insert into t values (:n, :x)"), {"n": number, "x": "x" * 100})

    def busy(self) -> int:
        """Connections that somebody holds."""
        return self.engine.pool.checkedout()

    def dispose(self) -> None:
        """Close the pool's connections."""
        self.engine.dispose()


class OnScopedSession(OnSqlalchemy):
    """SQLAlchemy's sessions by thread, as TurboGears2 has them."""

    def __init__(self, path: Any) -> None:
        super().__init__(path)
        self.factory = orm.scoped_session(self.factory)


KINDS = [OnSqlite, OnSqlalchemy, OnScopedSession]


@contextmanager
def opened(kind: Callable[[Any], Any], path: Any) -> Iterator[Any]:
    """A database at `path` with the table t, reached in the way that `kind` is."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode=wal")  # so that who counts does not wait for who writes
        connection.execute("create table t (n integer, x text)")
        connection.execute("create table parent (n integer primary key)")
        connection.execute("create table child (n references parent deferrable initially deferred)")
    store = kind(path)
    try:
        yield store
    finally:
        store.dispose()


def count(store: Any, table: str = "t") -> int:
    """Rows that a stranger sees."""
    with closing(sqlite3.connect(store.path)) as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


def assert_nobody_writes(store: Any) -> None:
    """No transaction is open that would keep another writer out."""
    with closing(sqlite3.connect(store.path, timeout=0)) as connection:
        connection.execute("begin immediate")
        connection.rollback()


def writer(store: Any, rows: int = ROWS, pause: Callable[[int], Any] | None = None) -> Any:
    """A page that inserts a row for each that it sends, committed on completion."""

    @expose(content_type="text/csv")
    def write() -> Any:
        session = resource(commit_on_completion(store.factory))
        for number in range(rows):
            store.insert(session, number)
            yield f"{number},{'x' * 1000}\n"
            if pause is not None:
                pause(number)

    return write
