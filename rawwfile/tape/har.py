"""A recording as an HTTP archive, HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/).

One entry for each request that could be read. What HAR has no place for (verdict, notes, who wrote)
stands under names that begin with an underscore, as the format allows.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from rawwfile.http.dates import parse_http_date
from rawwfile.tape.masks import Known, masked_text
from rawwfile.tape.messages import Message, message_of
from rawwfile.tape.model import IN, OUT, ConnectionTape, ExchangeRecord, Tape
from rawwfile.tape.visible import utc

if TYPE_CHECKING:
    from rawwfile.http.notes.base import Note

MAX_DECODED = 64 << 20
"""Most bytes of content that a content coding is undone to."""
FORM = "application/x-www-form-urlencoded"
TEXT_TYPES = ("json", "xml", "javascript", "ecmascript", "x-www-form-urlencoded", "html", "svg")


def har(
    tape: Tape,
    *,
    secrets: bool = False,
    version: str = "",
    connections: Iterable[ConnectionTape] | None = None,
    exchanges: Container[int] | None = None,
) -> dict[str, Any]:
    """The archive as plain values for `json.dumps`. secrets: with credentials and cookies.

    version: of rawwfile, for the archive's "creator". connections: those to take; default all.
    exchanges: the ids of those to take; default all.
    """
    entries, left_out = [], 0
    for connection in tape if connections is None else connections:
        for exchange in connection.exchanges:
            if exchanges is not None and exchange.id not in exchanges:
                continue
            if exchange.method:
                entries.append(_entry(tape, connection, exchange, secrets))
            else:
                left_out += 1
    entries.sort(key=lambda entry: entry["startedDateTime"])
    log: dict[str, Any] = {
        "version": "1.2",
        "creator": {"name": "rawwfile", "version": version},
        "entries": entries,
    }
    if left_out:
        log["comment"] = f"{left_out} left out: no request could be read"
    return {"log": log}


def _entry(tape: Tape, connection: ConnectionTape, exchange: ExchangeRecord, secrets: bool) -> dict[str, Any]:
    sent, received = connection.stream(IN), connection.stream(OUT)
    request = message_of(sent, *exchange.request, secrets=secrets)
    response = message_of(received, *exchange.response, secrets=secrets)
    timings = _timings(connection, exchange)
    known = None if secrets else Known()
    entry: dict[str, Any] = {
        "startedDateTime": iso_time(tape.started + exchange.began),
        "time": round(sum(value for value in timings.values() if value > 0), 3),
        "request": _request(connection, exchange, request),
        "response": _response(exchange, response),
        "cache": {},
        "timings": timings,
        "connection": str(connection.number),
        "_exchange": exchange.id,
        "_verdict": exchange.verdict,
        "_notes": [_note(connection, note, known) for note in exchange.notes],
    }
    host = connection.local.rpartition(":")[0].strip("[]")
    if host:
        entry["serverIPAddress"] = host
    if exchange.handler:
        entry["_handler"] = exchange.handler
    if response.interim:
        entry["_interim"] = [each.text("status-code") for each in response.interim]
    return entry


def _note(connection: ConnectionTape, note: Note, known: Known | None) -> dict[str, Any]:
    """known: None to leave secrets as they are."""
    told = note.as_dict()
    if known is not None:
        told["message"] = masked_text(connection.stream(note.direction), note.start, note.end, note.message, known)
    return told


def iso_time(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the millisecond."""
    return utc(seconds).isoformat(timespec="milliseconds")


def _timings(connection: ConnectionTape, exchange: ExchangeRecord) -> dict[str, float]:
    """Milliseconds; -1 for what the recording of a server cannot know."""
    sent = connection.stream(IN).entry_at(max(exchange.request[0], exchange.request[1] - 1))
    first = connection.stream(OUT).entry_at(exchange.response[0])
    last = connection.stream(OUT).entry_at(max(exchange.response[0], exchange.response[1] - 1))
    asked = exchange.began if sent is None else max(exchange.began, sent.time)
    answered = asked if first is None else max(asked, first.time)
    ended = answered if last is None else max(answered, last.time)
    return {
        "blocked": -1,
        "dns": -1,
        "connect": -1,
        "send": _milliseconds(asked - exchange.began),
        "wait": _milliseconds(answered - asked),
        "receive": _milliseconds(ended - answered),
        "ssl": -1,
    }


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _request(connection: ConnectionTape, exchange: ExchangeRecord, message: Message) -> dict[str, Any]:
    url = url_of(connection, message)
    found: dict[str, Any] = {
        "method": exchange.method,
        "url": url,
        "httpVersion": exchange.version or "HTTP/1.1",
        "cookies": [cookie for value in message.values(b"cookie") for cookie in _sent_cookies(_text(value))],
        "headers": _headers(message),
        "queryString": _query(url),
        "headersSize": message.head_size if message.whole_head else -1,
        "bodySize": message.size - message.head_size,
    }
    if message.content:
        kind = _text(b", ".join(message.values(b"content-type")))
        text, encoding = _as_text(message.content, kind)
        params = [] if encoding or not kind.lower().startswith(FORM) else _pairs(text)
        found["postData"] = {"mimeType": kind or "application/octet-stream", "params": params, "text": text}
        if encoding:
            # HAR 1.2 has text here and no place for a coding.
            found["postData"]["_encoding"] = encoding
    return found


def url_of(connection: ConnectionTape, message: Message) -> str:
    """The address that a request asks for (RFC 9112 section 3.3)."""
    target = message.text("target")
    if "://" in target:
        return target
    hosts = message.values(b"host")
    host = _text(hosts[0]) if hosts and hosts[0] else connection.local or "localhost"
    if message.text("method") == "CONNECT":
        return f"{connection.scheme}://{target}/"
    return f"{connection.scheme}://{host}{target if target.startswith('/') else '/'}"


def _query(url: str) -> list[dict[str, str]]:
    try:
        query = urlsplit(url).query
    except ValueError:
        return []
    return _pairs(query)


def _pairs(text: str) -> list[dict[str, str]]:
    """The names and values of a query, or of a form."""
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=None)
    return [{"name": name, "value": value} for name, value in pairs]


def _response(exchange: ExchangeRecord, message: Message) -> dict[str, Any]:
    kind = _text(b", ".join(message.values(b"content-type")))
    content: dict[str, Any] = {"size": len(message.content), "mimeType": kind}
    if message.content:
        decoded = _decoded(message)
        content["size"] = len(decoded)
        if len(decoded) != len(message.content):
            content["compression"] = len(decoded) - len(message.content)
        content["text"], encoding = _as_text(decoded, kind)
        if encoding:
            content["encoding"] = encoding
    locations = message.values(b"location")
    return {
        "status": exchange.status or 0,
        "statusText": exchange.reason,
        "httpVersion": message.text("version"),
        "cookies": [_set_cookie(_text(value)) for value in message.values(b"set-cookie") if b"=" in value],
        "headers": _headers(message),
        "content": content,
        "redirectURL": _text(locations[0]) if locations else "",
        "headersSize": message.head_size if message.whole_head else -1,
        "bodySize": message.size - message.head_size if message.whole_head else -1,
    }


def _headers(message: Message) -> list[dict[str, str]]:
    return [{"name": _text(name), "value": _text(value)} for name, value in message.fields]


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _decoded(message: Message) -> bytes:
    """The content with gzip or deflate undone; as it is where that fails or is too large."""
    coding = _text(b",".join(message.values(b"content-encoding"))).strip().lower()
    if coding not in ("gzip", "x-gzip", "deflate"):
        return message.content
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        found = decoder.decompress(message.content, MAX_DECODED)
    except zlib.error:
        return message.content
    return found if decoder.eof else message.content


def _as_text(content: bytes, kind: str) -> tuple[str, str]:
    """Text and ""; or base64 and "base64" for what is no text."""
    media, _, parameters = kind.lower().partition(";")
    if media.strip().startswith("text/") or any(word in media for word in TEXT_TYPES):
        charset = "utf-8"
        for parameter in parameters.split(";"):
            name, _, value = parameter.partition("=")
            if name.strip() == "charset":
                charset = value.strip(" \t\"'") or charset
        try:
            return content.decode(charset), ""
        except (UnicodeDecodeError, LookupError, ValueError):
            pass
    return base64.b64encode(content).decode("ascii"), "base64"


def _sent_cookies(value: str) -> list[dict[str, Any]]:
    cookies = []
    for pair in value.split(";"):
        name, equals, text = pair.strip().partition("=")
        if equals:
            cookies.append({"name": name, "value": text})
    return cookies


def _set_cookie(value: str) -> dict[str, Any]:
    """One cookie (RFC 6265 section 5.2); attributes under the names that HAR has for them."""
    pair, *attributes = value.split(";")
    name, _, text = pair.strip().partition("=")
    cookie: dict[str, Any] = {"name": name, "value": text}
    for attribute in attributes:
        key, _, setting = attribute.strip().partition("=")
        key = key.strip().lower()
        if key in ("path", "domain"):
            cookie[key] = setting.strip()
        elif key == "httponly":
            cookie["httpOnly"] = True
        elif key == "secure":
            cookie["secure"] = True
        elif key == "expires":
            date = parse_http_date(setting.strip().replace("-", " "))
            if date is not None:
                cookie["expires"] = iso_time(date)
    return cookie
