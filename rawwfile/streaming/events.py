"""`Event`: one server-sent event, and how it stands in the stream.

Source: WHATWG HTML, "Server-sent events", sections on parsing and interpreting an event stream.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_line_end = re.compile(r"\r\n|\r|\n")
_not_in_a_line = re.compile(r"[\r\n\0]")
_surrogate = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Event:
    """One event. All fields may be left out.

    data: str or bytes (UTF-8), sent as text, any line ends; or what JSON can say, sent as JSON.
    event: its type, "message" if left out. id: what Last-Event-ID will say (str or int).
    retry: milliseconds until the browser comes again after a loss. comment: text that nobody sees.
    Raises ValueError for CR, LF or NUL in event or id, and for a retry that is no whole number.
    """

    data: Any = None
    event: str | None = None
    id: str | int | None = None
    retry: int | None = None
    comment: str | None = None
    _wire: bytes | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("event", "id"):
            value = getattr(self, name)
            if found := _not_in_a_line.search(str(value)):
                raise ValueError(
                    f"{name} {str(value)[:60]!r} holds {found[0]!r} at {found.start()}: it must be one line without NUL"
                )
        if self.retry is not None and (type(self.retry) is not int or self.retry < 0):
            raise ValueError(f"retry must be whole milliseconds, 0 or more, not {self.retry!r}")

    def encode(self) -> bytes:
        """The event as it stands in the stream, made once; b"" for one without any field.

        Raises TypeError or ValueError for data that is neither text nor JSON.
        """
        if self._wire is None:
            object.__setattr__(self, "_wire", self._encoded())
        return self._wire  # type: ignore[return-value]

    def _encoded(self) -> bytes:
        lines = []
        if self.comment is not None:
            lines += [f": {line}" for line in _line_end.split(self.comment)]
        for name, value in (("event", self.event), ("id", self.id), ("retry", self.retry)):
            if value is not None:
                lines.append(f"{name}: {value}")
        text = _text_of(self.data)
        if text is None and self.event is not None:
            # Without a line of data a browser drops the event, whatever its name.
            text = ""
        if text is not None:
            lines += [f"data: {line}" for line in _line_end.split(text)]
        return utf8("\n".join(lines) + "\n\n") if lines else b""


def _text_of(data: Any) -> str | None:
    if data is None or isinstance(data, str):
        return data
    if isinstance(data, (bytes, bytearray, memoryview)):
        return str(data, "utf-8")
    return json_text(data)


def utf8(text: str) -> bytes:
    """`text` in UTF-8; a lone surrogate, as in a file name that could not be decoded, becomes U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _surrogate.sub("\ufffd", text).encode("utf-8")


def json_text(value: Any) -> str:
    """`value` as JSON in one line. Raises TypeError or ValueError that names what cannot be said in JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{type(value).__name__} of a stream cannot be sent as JSON: {error}") from error


def encode_event(item: Any) -> bytes:
    """What a handler yielded, as it stands in the stream: an Event, or the data of one.

    None and b"" are nothing to send, b"". Raises as `Event.encode`.
    """
    if isinstance(item, Event):
        return item.encode()
    if item is None or (isinstance(item, bytes) and not item):
        return b""
    return Event(item).encode()
