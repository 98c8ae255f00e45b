"""`rawwfile.request` and `rawwfile.response`: the exchange that the running code belongs to.

They follow the context (contextvars), so a generator, a copied context and a helper thread started
with `request.context.copy().run` see their own request, and nothing of it is seen by the next one.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

current_exchange: ContextVar[Exchange] = ContextVar("rawwfile.exchange")


class _Proxy:
    """Stands for one part of the current exchange; every attribute is that part's."""

    __slots__ = ("_part",)
    _part: str

    def __init__(self, part: str) -> None:
        object.__setattr__(self, "_part", part)

    def _target(self) -> Any:
        try:
            return getattr(current_exchange.get(), self._part)
        except LookupError:
            raise RuntimeError(
                f"rawwfile.{self._part} is only there while a request is answered; "
                "a thread that you start yourself takes it along with request.context.copy().run(function)"
            ) from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target(), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._target(), name)

    def __dir__(self) -> list[str]:
        return dir(self._target())

    def __repr__(self) -> str:
        try:
            return repr(self._target())
        except RuntimeError:
            return f"<rawwfile.{self._part}, no request at the moment>"


request: Any = _Proxy("request")
"""The request being answered (see `rawwfile.exchange.request.Request`)."""

response: Any = _Proxy("response")
"""Its response (see `rawwfile.exchange.response.Response`)."""
