"""`json_yield`: the decorator, and what there is to know and to set about all its streams."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from rawwfile.exchange.context import response
from rawwfile.streaming.longpoll.options import make_options
from rawwfile.streaming.longpoll.polling import METHODS, Polling
from rawwfile.streaming.longpoll.registry import Registry, StreamInfo
from rawwfile.streaming.longpoll.sources import NOTHING
from rawwfile.streaming.longpoll.wishes import CONTROLS


@functools.lru_cache(maxsize=1)
def client_text() -> bytes:
    """The JavaScript client, UTF-8."""
    return Path(__file__).with_name("client.js").read_bytes()


class JsonYield:
    """The one object `rawwfile.json_yield`: a decorator, bare or with the arguments of Options.

        @json_yield
        def prime(self):
            ...
            yield number

    Each poll of the handler is answered with the next item, as {"state": "ready", "content": 3},
    and at the end with {"state": "done", "content": null}. The decorated function is exposed: the
    web is all it is for. It may be called from Python too, and then returns the JSON text.

    session_of: a function that gives the session of a request, any hashable value, or None. A
    stream is then found only by polls of its own session, and sessions are what is counted by.
    NOTHING: yielded by a generator that has nothing to say yet; it is asked again in a moment.
    client_js: a page that is the JavaScript client: `client_js = json_yield.client_js` in a page tree
    is served at client.js.
    """

    NOTHING = NOTHING

    def __init__(self, registry: Registry | None = None) -> None:
        self.registry = registry or Registry()
        self.session_of: Callable[[Any], Hashable] | None = None

    def __call__(self, function: Any = None, /, **options: Any) -> Any:
        """Decorate a generator function. Raises TypeError, ValueError; see Options."""
        chosen = make_options(options)

        def decorate(target: Any) -> Any:
            if isinstance(target, (staticmethod, classmethod)):
                raise TypeError("write @json_yield below @staticmethod or @classmethod, not above")
            if inspect.isasyncgenfunction(target) or inspect.iscoroutinefunction(target):
                raise TypeError(f"json_yield takes no async function, and {target.__qualname__} is one")
            if not inspect.isfunction(target):
                raise TypeError(f"json_yield decorates a generator function, not {target!r}")
            return _handler(Polling(self.registry, target, chosen, lambda: self.session_of), target)

        return decorate if function is None else decorate(function)

    def streams(self) -> list[StreamInfo]:
        """The streams of this process, the oldest first; see StreamInfo."""
        return self.registry.streams()

    def configure(self, **limits: Any) -> None:
        """Change what all streams may use together; see Limits. Raises TypeError, ValueError."""
        self.registry.configure(**limits)

    def close_all(self, seconds: float = 2.0) -> None:
        """End and forget every stream of this process; wait `seconds` at most for generators to clean up."""
        self.registry.close_all(seconds)

    def client_js(self) -> bytes:
        """The page that is the JavaScript client; the browser may keep it for an hour."""
        response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        response.headers["Cache-Control"] = "max-age=3600"
        return client_text()

    client_js.exposed = True  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return "rawwfile.json_yield"


def _handler(polling: Polling, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def poll(*arguments: Any, **fields: Any) -> Any:
        return polling(arguments, fields)

    marks: Any = poll
    marks.exposed = True
    marks.__dict__.setdefault("methods", METHODS)
    marks.__signature__ = _signature(polling)
    return poll


def _signature(polling: Polling) -> inspect.Signature:
    """What the handler accepts: anything, since only the first poll's arguments are the function's.

    The names of the function stand in it, so that a page tree knows them as fields.
    """
    kind = inspect.Parameter
    parameters = list(polling.signature.parameters.values())
    bound = parameters[:1] if polling.is_method else []
    named = [p.name for p in parameters[len(bound) :] if p.kind in (kind.POSITIONAL_OR_KEYWORD, kind.KEYWORD_ONLY)]
    fields = dict.fromkeys(["key", *CONTROLS, *named])
    return inspect.Signature(
        [
            *(p.replace(kind=kind.POSITIONAL_ONLY, default=kind.empty) for p in bound),
            kind("_segments", kind.VAR_POSITIONAL),
            *(kind(name, kind.KEYWORD_ONLY, default=None) for name in fields),
            kind("_fields", kind.VAR_KEYWORD),
        ]
    )


json_yield = JsonYield()
"""The decorator."""
