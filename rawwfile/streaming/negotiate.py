"""One generator, three transports: the client's Accept field decides which.

    @expose
    @negotiate(poll=json_yield)
    def prime(self): ...

    text/event-stream                           server-sent events, as `@sse`
    application/x-ndjson, application/jsonl     a line of JSON for each item, as `@ndjson`
    application/json, anything                  the long poll, if there is one; else lines of JSON

Source: RFC 9110 sections 12.4.2 and 12.5.1; streaming contract, section 7.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rawwfile.errors import HTTPError, NotFound
from rawwfile.http.forms import parse_parameters
from rawwfile.streaming.events import Event, json_text, utf8
from rawwfile.streaming.sse import HEARTBEAT, ask_for_no_buffering, sse
from rawwfile.streaming.waits import running_exchange

EVENT_STREAM = "text/event-stream"
JSON = "application/json"
JSON_LINES = ("application/x-ndjson", "application/jsonl")
"""Names of one format: JSON texts, each followed by a line feed. The first is the usual one."""
BEAT = b"\n"
"""An empty line, which readers of JSON lines skip."""

_weight = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def best_match(accept: str | None, offered: Sequence[str]) -> str | None:
    """The media type of `offered` that the client likes best; None if it takes none of them.

    accept: the value of Accept, None or "" if it was not sent: then, and among equals, the first offered.
    An element with an unreadable weight counts as not written. RFC 9110 section 12.5.1.
    """
    if not accept:
        return offered[0]
    ranges: dict[str, float] = {}
    for element in accept.split(","):
        name, parameters = parse_parameters(element)
        weight = parameters.get("q", "1")
        if name and _weight.fullmatch(weight):
            ranges[name] = max(float(weight), ranges.get(name, 0.0))
    best, chosen = 0.0, None
    for kind in offered:
        major = kind.partition("/")[0]
        # The most specific range that matches decides, not the one with the highest weight.
        weight_of = next((ranges[each] for each in (kind, f"{major}/*", "*/*") if each in ranges), 0.0)
        if weight_of > best:
            best, chosen = weight_of, kind
    return chosen


def encode_line(item: Any) -> bytes:
    """An item of a stream as a line of JSON; b"" for None, b"" and an event without data.

    bytes are text in UTF-8. An Event becomes an object of its data, event and id, as far as they are set.
    Raises TypeError or ValueError for what JSON cannot say.
    """
    if isinstance(item, Event):
        fields = {"event": item.event, "id": None if item.id is None else str(item.id), "data": item.data}
        item = {name: value for name, value in fields.items() if value is not None}
        if isinstance(item.get("data"), (bytes, bytearray)):
            item["data"] = str(item["data"], "utf-8")
        if not item.keys() & {"event", "data"}:
            return b""
    elif isinstance(item, (bytes, bytearray, memoryview)):
        item = str(item, "utf-8") or None
    return b"" if item is None else utf8(f"{json_text(item)}\n")


class _Lines:
    """Items as lines of JSON: the body of a response, which closes what makes the items."""

    def __init__(self, exchange: Any, items: Any) -> None:
        if hasattr(items, "__aiter__"):
            from rawwfile.exchange.asynchronous import AsyncPieces

            items = AsyncPieces(exchange, items.__aiter__())
        self._source = items
        self._items: Iterator[Any] = iter(items)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return encode_line(next(self._items))

    def close(self) -> None:
        """Close what makes the items."""
        source, self._source, self._items = self._source, None, iter(())
        if hasattr(source, "close"):
            source.close()


def ndjson(handler: Any = None, /, *, heartbeat: float | None = HEARTBEAT) -> Any:
    """Decorator: send each item of the handler's generator, also async, as a line of JSON when it is made.

    heartbeat: seconds of silence after which an empty line is sent, None for never. A handler that
    returns None, str or bytes has made its response itself.
    """

    beat = (heartbeat, BEAT) if heartbeat else None

    def mark(function: Any) -> Any:
        if isinstance(function, (staticmethod, classmethod)):
            return type(function)(mark(function.__func__))

        @functools.wraps(function)
        def lines(*segments: Any, **fields: Any) -> Any:
            exchange: Any = running_exchange()
            response = exchange.response
            response.stream = True
            if response.heartbeat is None:
                response.heartbeat = beat
            accepted = best_match(exchange.request.headers.get("accept"), JSON_LINES)
            response.headers["Content-Type"] = accepted or JSON_LINES[0]
            result = function(*segments, **fields)
            if hasattr(result, "__await__"):
                from rawwfile.exchange.asynchronous import run_coroutine

                result = run_coroutine(exchange, result)
            if result is None or isinstance(result, (str, bytes)):
                return result
            ask_for_no_buffering(response)
            return _Lines(exchange, result)

        lines.stream, lines.heartbeat = True, beat  # type: ignore[attr-defined]
        return lines

    return mark if handler is None else mark(handler)


def negotiate(handler: Any = None, /, *, poll: Callable[[Any], Any] | None = None, **for_sse: Any) -> Any:
    """Decorator: serve the handler's generator as what the client asks for in Accept.

    poll: the decorator of the long poll (`json_yield`, or what `json_yield(...)` returned). Other
    arguments are those of `sse`. Parameters that only the long poll takes (its key, say) are dropped
    for the others. Who accepts none of the three is answered 406.
    """

    def mark(function: Any) -> Any:
        if isinstance(function, (staticmethod, classmethod)):
            return type(function)(mark(function.__func__))
        served = {EVENT_STREAM: sse(function, **for_sse), **dict.fromkeys(JSON_LINES, ndjson(function))}
        if poll is not None:
            served[JSON] = poll(function)
        # Without a preference: the poll, which every client can read; an event stream only on demand.
        offered = sorted(served, key=[JSON, *JSON_LINES, EVENT_STREAM].index)
        takes = {kind: _names_taken(each) for kind, each in served.items()}
        needs = {kind: _names_needed(each) - _names_needed(function) for kind, each in served.items()}

        @functools.wraps(function)
        def transported(*segments: Any, **fields: Any) -> Any:
            exchange: Any = running_exchange()
            exchange.response.headers.add("Vary", "Accept")
            kind = best_match(exchange.request.headers.get("accept"), offered)
            if kind is None:
                raise HTTPError(406, f"This is served as {', '.join(offered)}.", headers={"Vary": "Accept"})
            taken = takes[kind]
            if taken is not None:
                fields = {name: value for name, value in fields.items() if name in taken}
            if missing := needs[kind] - fields.keys():
                raise NotFound(f"missing parameter {', '.join(sorted(missing))}")
            return served[kind](*segments, **fields)

        methods = getattr(served.get(JSON), "methods", None)
        if methods is not None:
            # The long poll's allow-list, which has DELETE for the end of a stream.
            transported.__dict__.setdefault("methods", methods)
        transported.__signature__ = _signature_of_all(function, served.values())  # type: ignore[attr-defined]
        return transported

    return mark if handler is None else mark(handler)


def _names_taken(handler: Callable[..., Any]) -> frozenset[str] | None:
    """The names of its parameters; None if it takes any."""
    parameters = inspect.signature(handler).parameters.values()
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return None
    return frozenset(each.name for each in parameters)


def _names_needed(handler: Callable[..., Any]) -> frozenset[str]:
    """The names of its parameters without a default."""
    parameters = inspect.signature(handler).parameters.values()
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return frozenset(each.name for each in parameters if each.default is each.empty and each.kind not in optional)


def _signature_of_all(function: Callable[..., Any], handlers: Any) -> inspect.Signature:
    """The signature of `function`, and by name whatever else one of `handlers` takes, none of it required."""
    own = inspect.signature(function)
    parameters = dict(own.parameters)
    rest = next((name for name, each in parameters.items() if each.kind is each.VAR_KEYWORD), None)
    last = [] if rest is None else [parameters.pop(rest)]
    for handler in handlers:
        for name, each in inspect.signature(handler).parameters.items():
            if each.kind is each.VAR_KEYWORD:
                last = last or [each]
            elif name not in parameters and each.kind is not each.VAR_POSITIONAL:
                default = None if each.default is each.empty else each.default
                parameters[name] = each.replace(kind=each.KEYWORD_ONLY, default=default)
    return own.replace(parameters=[*parameters.values(), *last])
