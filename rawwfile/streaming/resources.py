"""Resources of a response, and the one for databases: committed when the response is complete.

    @expose(content_type="text/csv")
    def table(self):
        session = rawwfile.resource(commit_on_completion(Session))
        for row in session.execute(select(Row).execution_options(yield_per=500)).scalars():
            yield f"{row.id},{row.name}\\n"

The commit comes when the body is whole and before the client is told so: what the client sees as
complete was committed, and a commit that fails is an error page, or a visible cut. (The other way
round nothing can be promised: the end may be lost on its way to the client.) Whatever else ends a
response rolls back. See `rawwfile.exchange.resources` for what counts as complete.

While a handler waits for a slow client its transaction is open. A handler that reads much, and
writes nothing, should therefore read a batch, end the transaction (`session.rollback()`, which also
returns the connection to its pool) and send the batch, and so on.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from rawwfile.exchange.context import current_exchange
from rawwfile.exchange.resources import resource

__all__ = ["CommitOnCompletion", "commit_on_completion", "resource"]


def commit_on_completion(session_factory: Callable[[], Any]) -> CommitOnCompletion:
    """A factory for `resource`: the session is committed at the end of the body, else rolled back.

    session_factory: gives what has commit(), rollback() and close(): a DB-API connection, an
    SQLAlchemy Session or Connection, a sessionmaker, or a scoped_session (which is then removed).
    The same session_factory gives the same session within one request.
    """
    return CommitOnCompletion(session_factory)


@dataclass(frozen=True)
class CommitOnCompletion:
    """What `commit_on_completion` gives; equal if the session factories are."""

    session_factory: Callable[[], Any]

    def __call__(self) -> _Unit:
        return _Unit(self.session_factory)


class _Unit:
    """A context manager around one session. Also good in a `with` of the handler's own."""

    def __init__(self, session_factory: Callable[[], Any]) -> None:
        self._factory = session_factory
        self._over = False

    def __enter__(self) -> Any:
        session = self._session = self._factory()
        for name in ("commit", "rollback", "close"):
            method = getattr(session, name, None)
            if not callable(method) or inspect.iscoroutinefunction(method):
                lack = "an asynchronous" if callable(method) else "no"
                raise TypeError(
                    f"commit_on_completion needs commit(), rollback() and close(); "
                    f"{type(session).__name__} has {lack} {name}()"
                )
        exchange = current_exchange.get(None)
        if exchange is not None:
            exchange.before_end(self._commit)
        return session

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._commit()
            elif not self._over:
                self._over = True
                self._session.rollback()
        finally:
            getattr(self._factory, "remove", self._session.close)()

    def _commit(self) -> None:
        if self._over:
            return
        try:
            self._session.commit()
        except BaseException:
            self._session.rollback()
            raise
        finally:
            self._over = True
