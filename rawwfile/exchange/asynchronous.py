"""Async generators and coroutines as bodies, driven by the handler's own thread.

One task runs the generator from its first step to its `aclose`, so that everything happens in one
context. Between two steps the private loop stands still: nothing is made ahead. When the client
leaves, or the server stops, a step that waits is cancelled.
Source: streaming contract, section 8.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientGone, Shutdown

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

_END = object()


def run_coroutine(exchange: Exchange, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What `coroutine` returns. Raises what it raises; ClientGone, Shutdown if it was cancelled for one."""
    loop = asyncio.new_event_loop()
    try:
        return _complete(exchange, loop, loop.create_task(_first_of(coroutine)))
    finally:
        _end(loop)


async def _first_of(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return await coroutine


class AsyncPieces:
    """An async iterator as an iterator: each step runs its event loop until the next piece is there."""

    def __init__(self, exchange: Exchange, pieces: AsyncIterator[Any]) -> None:
        self._exchange = exchange
        self._pieces = pieces
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._go: asyncio.Event | None = None
        self._piece: asyncio.Future[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._go = asyncio.Event()
            self._task = self._loop.create_task(self._run())
        if self._task is None or self._task.done():
            raise StopIteration
        assert self._go is not None
        self._piece = self._loop.create_future()
        self._go.set()
        piece = _complete(self._exchange, self._loop, self._piece, self._task)
        if piece is _END:
            raise StopIteration
        return piece

    async def _run(self) -> None:
        assert self._go is not None
        pieces = self._pieces
        try:
            async for piece in pieces:
                self._give(piece)
                self._go.clear()
                await self._go.wait()
        except BaseException as error:
            self._give(error)
            raise
        else:
            self._give(_END)
        finally:
            close = getattr(pieces, "aclose", None)
            if close is not None:
                await close()

    def _give(self, piece: Any) -> None:
        if self._piece is not None and not self._piece.done():
            if isinstance(piece, BaseException):
                self._piece.set_result(_Raised(piece))
            else:
                self._piece.set_result(piece)

    def close(self) -> None:
        """Run the generator's clean-up, once; an error in it is raised."""
        loop, task, self._loop, self._task = self._loop, self._task, None, None
        if loop is None or task is None:
            return
        try:
            if not task.done():
                task.cancel()
                try:
                    loop.run_until_complete(task)
                except asyncio.CancelledError:
                    pass
            elif not task.cancelled():
                task.exception()
        finally:
            _end(loop)


class _Raised:
    """An error on its way from the task to the thread."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _complete(
    exchange: Exchange, loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], task: Any = None
) -> Any:
    """Run `loop` until `future` is done; cancel the task when the client leaves or the server stops."""
    target = future if task is None else task
    why: list[type[BaseException]] = []

    def cancel() -> None:
        why.append(Shutdown if exchange.channel.stopping else ClientGone)
        try:
            loop.call_soon_threadsafe(target.cancel)
        except RuntimeError:
            pass  # the loop was closed meanwhile: the step is over

    exchange.begin_waiting()
    handle = exchange.on_wake(cancel)
    try:
        result = loop.run_until_complete(future)
    except asyncio.CancelledError:
        if why:
            raise why[0]() from None
        raise RuntimeError("the handler's task was cancelled") from None
    finally:
        handle.cancel()
    if isinstance(result, _Raised):
        if isinstance(result.error, asyncio.CancelledError) and why:
            raise why[0]()
        if isinstance(result.error, asyncio.CancelledError):
            raise RuntimeError("the handler's task was cancelled")
        raise result.error
    return result


def _end(loop: asyncio.AbstractEventLoop) -> None:
    try:
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        if pending:
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
