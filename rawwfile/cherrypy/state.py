"""`request` and `response` of CherryPy 0.10: containers of attributes, one pair for each thread.

Lifetime (spec 6.1): what a request sets is gone when the next one begins on that thread, so that
nothing of one visitor reaches another (H03, H04). What initAfterBind, initProcess and initThread
have set stays: `snapshot` takes it, `begin` brings it back.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from rawwfile.cherrypy.failures import sessions_are_off


class _Here(threading.local):
    """What the run time keeps of the request of this thread; no attribute of `request` to be found."""

    sessions = False
    exchange: Any = None


here = _Here()


class RequestState(threading.local):
    """The request (spec 6.2). A name that was not set raises AttributeError in every mode."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"request has no attribute {name!r}")

    @property
    def sessionMap(self) -> Any:  # noqa: N802
        """The session's data; an error that says so where sessions are not enabled (H05)."""
        held = self.__dict__
        if "sessionMap" in held:
            return held["sessionMap"]
        if here.sessions:
            raise AttributeError("request has no attribute 'sessionMap': it is there in dynamic requests only")
        raise sessions_are_off()

    @sessionMap.setter
    def sessionMap(self, value: Any) -> None:  # noqa: N802
        if not here.sessions:
            raise sessions_are_off()
        self.__dict__["sessionMap"] = value

    @sessionMap.deleter
    def sessionMap(self) -> None:  # noqa: N802
        del self.__dict__["sessionMap"]

    def __repr__(self) -> str:
        return f"<request {self.__dict__.get('method', '(none)')} {self.__dict__.get('browserUrl', '')}>"


class ResponseState(threading.local):
    """The response (spec 7.1)."""

    def __getattr__(self, name: str) -> Any:
        if name == "wfile" and here.exchange is not None:
            # Made when asked for: most pages write nothing by hand.
            return here.exchange.response.wfile
        raise AttributeError(f"response has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"<response {self.__dict__.get('headerMap', {}).get('status', '(none)')}>"


request = RequestState()
response = ResponseState()


@dataclass(frozen=True)
class Kept:
    """Attributes of request and response that every request of a thread begins with."""

    request: dict[str, Any] = field(default_factory=dict)
    response: dict[str, Any] = field(default_factory=dict)


def snapshot() -> Kept:
    """Return what is set in this thread now."""
    return Kept(dict(request.__dict__), dict(response.__dict__))


def begin(kept: Kept, exchange: Any = None, sessions: bool = False) -> None:
    """Make this thread's request and response those of a new exchange: only what is kept is set."""
    for state, attributes in ((request, kept.request), (response, kept.response)):
        held = state.__dict__
        held.clear()
        held.update(attributes)
    here.exchange, here.sessions = exchange, sessions


def end() -> None:
    """The request is over: nothing of it stays in memory until the next one."""
    request.__dict__.clear()
    response.__dict__.clear()
    here.exchange, here.sessions = None, False
