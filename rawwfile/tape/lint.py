"""The second opinion: what httplint says of an exchange, under its own name (extra "lint").

httplint is given what our readers read: the spans of the tape say what is a name, a value, content.
Its notes come back as notes of source "httplint", with ids "httplint:NAME". It knows much about
fields and caching; it does not look at framing or line endings.
"""

from __future__ import annotations

import html
import importlib
import importlib.util
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rawwfile.errors import ConfigError
from rawwfile.http.notes.base import ForeignNote, Note
from rawwfile.tape.masks import SECRET_FIELDS
from rawwfile.tape.model import IN, OUT, ConnectionTape, ExchangeRecord, Stream

log = logging.getLogger("rawwfile.tape")

ADVICE = 'the notes of httplint need the extra "lint": pip install "rawwfile[lint]"'
MOST_CONTENT = 1024 * 1024
"""Bytes of content given to httplint; of more it is told that the content is not there."""
MOST_EXPLANATION = 1500

_CONTENT = ("content", "chunk-data")
_PARAGRAPH = re.compile(r"</(?:p|li|pre|h[1-6])>")
_TAG = re.compile(r"<[^>]*>")


@dataclass
class _Field:
    name: bytes
    value: bytes
    start: int
    end: int


@dataclass
class _Message:
    """What the spans say of one message."""

    start: int
    first: dict[str, bytes] = field(default_factory=dict)
    first_end: int = 0
    head_end: int = 0
    fields: list[_Field] = field(default_factory=list)
    trailers: list[_Field] = field(default_factory=list)
    content: list[tuple[int, int]] = field(default_factory=list)


def installed() -> bool:
    """Whether httplint can be imported."""
    return importlib.util.find_spec("httplint") is not None


def require() -> None:
    """For who asks for httplint by name. Raises ConfigError, with what to install, where it is not there."""
    if not installed():
        raise ConfigError(f"{ADVICE}.")


def lint_notes(connection: ConnectionTape, exchange: ExchangeRecord) -> list[Note]:
    """What httplint says of the exchange, in the order of the bytes; nothing where it is not installed.

    Takes some milliseconds, and 0.3 s for the first one (httplint is imported then). Never raises.
    """
    if not installed():
        return []
    try:
        return sorted(_lint(connection, exchange), key=lambda note: (note.direction, note.start, note.id))
    except Exception:  # noqa: BLE001 - a second opinion that fails is none
        log.warning("httplint could not read exchange %d", exchange.id, exc_info=True)
        return []


def _lint(connection: ConnectionTape, exchange: ExchangeRecord) -> Iterator[Note]:
    httplint: Any = importlib.import_module("httplint")
    asked = connection.stream(IN)
    answered = connection.stream(OUT)
    request: Any = None
    message = _last_message(asked, *exchange.request)
    if message is not None and {"method", "target", "version"} <= set(message.first):
        first = message.first
        request = httplint.HttpRequestLinter()
        request.process_request_topline(first["method"], first["target"], first["version"].removeprefix(b"HTTP/"))
        _feed(request, asked, message, whole=exchange.refused is None)
        yield from _told(request, message, IN)
    message = _last_message(answered, *exchange.response)
    if message is not None and {"version", "status-code"} <= set(message.first):
        first = message.first
        sent: Any = httplint.HttpResponseLinter(
            start_time=None, _related=request, no_content=sum(end - at for at, end in message.content) > MOST_CONTENT
        )
        sent.is_head_response = exchange.method == "HEAD"
        sent.process_response_topline(
            first["version"].removeprefix(b"HTTP/"), first["status-code"], first.get("reason", b"")
        )
        _feed(sent, answered, message, whole=exchange.verdict == "complete")
        yield from _told(sent, message, OUT)


def _last_message(stream: Stream, start: int, stop: int) -> _Message | None:
    """The message in these bytes; of several heads (1xx before the final one) the last."""
    message: _Message | None = None
    for span in stream.trail.between(start, stop) if stream.trail is not None else ():
        kind = span.kind
        begins = kind == "method" or (kind == "version" and stream.direction == OUT)
        if begins:
            message = _Message(span.start)
        if message is None or span.start < start:
            continue
        fields = message.trailers if message.content or message.head_end else message.fields
        if kind in ("method", "target", "version", "status-code", "reason"):
            message.first[kind] = stream.read(span.start, span.end)
            message.first_end = span.end
        elif kind == "field-name":
            fields.append(_Field(stream.read(span.start, span.end), b"", span.start, span.end))
        elif kind == "field-value" and fields:
            value = stream.read(span.start, span.end)
            fields[-1].value += (b" " if fields[-1].value else b"") + value
            fields[-1].end = span.end
        elif kind == "blank-line" and not message.head_end:
            message.head_end = span.end
        elif kind in _CONTENT:
            message.content.append((span.start, span.end))
    return message


def _feed(linter: Any, stream: Stream, message: _Message, *, whole: bool) -> None:
    linter.process_headers([(line.name, line.value) for line in message.fields])
    if not linter.no_content:
        for start, end in message.content:
            linter.feed_content(stream.read(start, end))
    linter.finish_content(whole, [(line.name, line.value) for line in message.trailers])


def _told(linter: Any, message: _Message, direction: str) -> Iterator[Note]:
    for note in linter.notes:
        start, end, name = _place(note.subject, message)
        secret = name.lower() in SECRET_FIELDS
        for each in (note, *note.subnotes):
            yield ForeignNote(
                start,
                end,
                direction=direction,
                message=str(each.summary).rstrip("."),
                id=f"httplint:{type(each).__name__}",
                level=each.level.value,
                topic=str(each.category.value).lower(),
                explanation="" if secret else _plain(str(each.detail)),
                source="httplint",
            )


def _place(subject: str, message: _Message) -> tuple[int, int, bytes]:
    """Where the thing stands that a note is about: "offset-2" is the third field, "field-date" is Date."""
    how, _, what = subject.partition("-")
    found: list[_Field] = []
    if how == "offset" and what.isdigit():
        found = message.fields[int(what):int(what) + 1]
    elif how == "field":
        every = [*message.fields, *message.trailers]
        found = [line for line in every if line.name.decode("latin-1").lower() == what]
    if found:
        return found[-1].start, found[-1].end, found[-1].name
    if how in ("uri", "method", "status", "version"):
        return message.start, max(message.start, message.first_end), b""
    return message.start, max(message.start, message.first_end, message.head_end), b""


def _plain(text: str) -> str:
    """The words of a piece of HTML, in one line."""
    words = html.unescape(_TAG.sub("", _PARAGRAPH.sub(" ", text))).split()
    return " ".join(words)[:MOST_EXPLANATION]
