"""What a handler may return beyond plain values: a `Response`, a dict, or what asks to be streamed.

    returned                                         what becomes of it
    Response(body, status, headers, ...)             its parts are put into the response of the exchange
    a dict, from @expose("json")                     JSON; any other dict is an error
    an iterator, with @expose(content_type=...)      streamed (TurboGears2's rule), as is the iterator in
                                                     a Response (Flask's) and a stream_template
    an awaitable                                     awaited by the engine, then as above
    anything else                                    is the body as it is

"Streamed" stands only where nobody said: `stream` of the handler, its class or its application wins.
Not taken is Flask's `return body, status, headers`: a tuple is a body in pieces here, as it always was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from rawwfile.exchange.headers import ResponseHeaders

Anything = TypeVar("Anything")

PLAIN = frozenset((str, bytes, type(None)))
"""Types that are a body as they are: the usual case, looked up before anything else is done."""

_TEXT_TYPES = frozenset(("application/ecmascript", "application/javascript", "application/sql", "application/xml"))


class Response:
    """A whole answer to return from a handler, in Flask's words.

    response: the body: text, bytes, a list of them, an open file, or an iterable that is streamed.
    status: 404 or "404 Gone fishing". headers: a mapping, or pairs. content_type: as it is sent;
    mimetype: likewise, with the charset added where it is text. direct_passthrough means nothing here.
    What the handler set on `rawwfile.response`, cookies too, stays where this says nothing.
    Raises ValueError for a status or a field that cannot be sent.
    """

    head_sent = False

    def __init__(
        self,
        response: Any = None,
        status: int | str | None = None,
        headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        mimetype: str | None = None,
        content_type: str | None = None,
        direct_passthrough: bool = False,
    ) -> None:
        self.response = response
        self.status = status
        self.mimetype = mimetype
        self.headers = ResponseHeaders(self)
        for name, value in headers.items() if isinstance(headers, Mapping) else headers or ():
            self.headers.add(name, value)
        if content_type is not None:
            self.headers["Content-Type"] = content_type
        self.direct_passthrough = direct_passthrough
        self._at_end: list[Callable[[], Any]] = []

    def call_on_close(self, function: Anything) -> Anything:
        """Call `function()` when the response has ended; returns it, so that it can be a decorator."""
        self._at_end.append(function)  # type: ignore[arg-type]
        return function

    def apply(self, exchange: Any) -> None:
        """Put status, fields and hooks into the exchange."""
        target = exchange.response
        if self.status is not None:
            target.status = self.status
        if self.mimetype is not None and "Content-Type" not in self.headers:
            target.headers["Content-Type"] = _with_charset(self.mimetype, target.charset)
        for name in self.headers:
            target.headers[name] = self.headers[name]
        for function in self._at_end:
            exchange.on_end(function)


def stream_with_context(generator_or_function: Anything) -> Anything:
    """Returns what it is given: a generator keeps the request of its handler here without it."""
    return generator_or_function


def accept(exchange: Any, value: Any, *, undecided: bool, typed: bool = False, template: str | None = None) -> None:
    """Make what the handler returned the body of the response.

    undecided: nothing was said about streaming. typed: @expose gave a content_type. template: the
    name that @expose was given. Raises TypeError for a dict without a template, or one that is not JSON.
    """
    if type(value) in PLAIN:
        exchange.response.body = value
        return
    asks = typed and (hasattr(value, "__next__") or hasattr(value, "__aiter__"))
    if isinstance(value, Response):
        value.apply(exchange)
        value = value.response
        asks = not hasattr(value, "__len__") and not hasattr(value, "read")
    if hasattr(value, "__await__") and not hasattr(value, "__aiter__"):
        value = _awaited(exchange, value, undecided, typed, template)
    elif isinstance(value, Mapping):
        value = _as_json(exchange, value, template)
    elif undecided and (asks or getattr(value, "asks_to_stream", False) is True):
        # What the handler itself assigned is a decision too.
        exchange.response.__dict__.setdefault("stream", True)
    exchange.response.body = value


async def _awaited(exchange: Any, value: Any, undecided: bool, typed: bool, template: str | None) -> Any:
    accept(exchange, await value, undecided=undecided, typed=typed, template=template)
    return exchange.response.body


def _as_json(exchange: Any, value: Mapping[str, Any], template: str | None) -> str:
    name = exchange.handler_name or "the handler"
    if template is None:
        raise TypeError(f'{name} returned a dict; mark it with @expose("json") to send it as JSON')
    try:
        return json.dumps(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} returned a dict that JSON cannot hold: {error}") from error


def _with_charset(mimetype: str, charset: str) -> str:
    is_text = mimetype.startswith("text/") or mimetype.endswith("+xml") or mimetype in _TEXT_TYPES
    return f"{mimetype}; charset={charset}" if is_text else mimetype
