"""What can be remarked on a response written by hand: one registry of kinds, and the findings.

A kind is a constant of this module: a stable id (it never changes, tools and people quote it), a
level, the rule it rests on, a message with the particulars of the place, and what to do about it.

Levels: "good" (as it should be), "info" (worth knowing), "warning" (readers cope with it, do not
send it), "bad" (readers refuse it or disagree about it). A kind is `doubtful` when, after it, the
two ends may disagree about where the message ends: such a connection is never used again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LEVELS = ("good", "info", "warning", "bad")

MAX_FINDINGS = 100
"""Most findings of one response; a handler that breaks a rule on each line is told often enough."""

KINDS: dict[str, FindingKind] = {}
"""Every kind by its id."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on the bytes from `start` up to `end`, offsets in the stream as written."""

    id: str
    """The kind's stable name, as in `KINDS`."""
    level: str
    """"good", "info", "warning" or "bad"."""
    start: int
    end: int
    message: str
    """What it is, in one line, with the bytes concerned escaped and cut at 60."""
    rule: str
    """The section it rests on: "RFC 9112 section 4"."""
    advice: str
    """What to write instead; empty where nothing has to change."""

    def __str__(self) -> str:
        return f"{self.message}, {self.rule}"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One thing that can be remarked. `message` and `advice` are `str.format` templates."""

    id: str
    level: str
    rule: str
    message: str
    advice: str
    doubtful: bool = False
    """The ends may disagree about where the message ends; the connection is not used again."""

    def at(self, start: int, end: int, **values: object) -> Finding:
        """The finding of this kind at these offsets; `values` and `start` fill the templates."""
        message = self.message.format(start=start, **values)
        return Finding(self.id, self.level, start, end, message, self.rule, self.advice.format(**values))


@dataclass(slots=True)
class Findings:
    """Findings of one part of a stream, as they are met; at most `MAX_FINDINGS` are kept."""

    items: list[Finding] = field(default_factory=list)
    doubtful: bool = False
    """One of them, kept or not, is of a doubtful kind."""

    def add(self, kind: FindingKind, start: int, end: int, **values: object) -> None:
        """Keep one more, if there is room. Each place must be added once only."""
        if kind.doubtful:
            self.doubtful = True
        if len(self.items) < MAX_FINDINGS:
            self.items.append(kind.at(start, end, **values))


def quoted(data: bytes | bytearray) -> str:
    """The first 60 bytes as a bytes literal, for a message."""
    return repr(bytes(data[:60]))


def counted(count: int) -> str:
    """'1 byte', '5 bytes'."""
    return "1 byte" if count == 1 else f"{count} bytes"


def _kind(id: str, level: str, rule: str, message: str, advice: str, *, doubtful: bool = False) -> FindingKind:
    if id in KINDS or level not in LEVELS:
        raise ValueError(f"finding kind {id!r}: a second one of this id, or no such level as {level!r}")
    KINDS[id] = kind = FindingKind(id, level, f"RFC {rule}", message, advice, doubtful)
    return kind


# The status line.
NO_REASON_SPACE = _kind(
    "no-reason-space", "warning", "9112 section 4", "no reason phrase: the space before it is missing",
    'Write a space after the status code even when no reason follows: "HTTP/1.1 {status} ".')
STATUS_LINE_SPACES = _kind(
    "status-line-spaces", "warning", "9112 section 4", "more than one space, or a tab, in the status line: {line}",
    "Put exactly one space between version, status code and reason.", doubtful=True)
ODD_VERSION = _kind(
    "odd-version", "bad", "9112 section 2.3", "the status line says HTTP/{version}; this connection speaks HTTP/1.1",
    "Begin the status line with HTTP/1.1 (or HTTP/1.0).", doubtful=True)
STATUS_RANGE = _kind(
    "status-range", "bad", "9110 section 15", "status {status} is outside 100 to 599",
    "Use a status code from 100 to 599.", doubtful=True)

# Line ends and field lines.
BARE_LF = _kind(
    "bare-lf", "warning", "9112 section 2.2", "a line ends in LF alone",
    "End each line with CR LF (b'\\r\\n'). Readers may accept this, and need not.", doubtful=True)
BARE_CR = _kind(
    "bare-cr", "bad", "9112 section 2.2", "a CR without LF in {line}",
    "End each line with CR LF (b'\\r\\n'); a CR can stand nowhere else.", doubtful=True)
OBS_FOLD = _kind(
    "obs-fold", "warning", "9112 section 5.2", "a field value goes on in the next line: {line}",
    "Write the whole value on one line; readers may refuse a folded one.", doubtful=True)
LEADING_SPACE = _kind(
    "leading-space", "bad", "9112 section 2.2", "the first field line begins with a space: {line}",
    "Begin the field line with its name.", doubtful=True)
NO_COLON = _kind(
    "no-colon", "bad", "9112 section 5", "a field line without a colon: {line}",
    'Write "Name: value". If this was meant as content, an empty line is missing before it.', doubtful=True)
EMPTY_NAME = _kind(
    "empty-name", "bad", "9112 section 5", "a field line without a name: {line}",
    'Write "Name: value".', doubtful=True)
SPACE_BEFORE_COLON = _kind(
    "space-before-colon", "bad", "9112 section 5.1", "field name ends in a space: {name}",
    'Remove the space before ":".', doubtful=True)
NAME_NOT_TOKEN = _kind(
    "name-not-token", "bad", "9110 section 5.1", "not a field name: {name}",
    "Use letters, digits and !#$%&'*+-.^_`|~ only.", doubtful=True)
NUL = _kind(
    "nul", "bad", "9110 section 5.5", "a NUL in {line}",
    "Remove it: readers refuse the whole response.", doubtful=True)
CONTROL_BYTE = _kind(
    "control-byte", "bad", "9110 section 5.5", "a control byte in {line}",
    "Remove or encode it.", doubtful=True)
NON_ASCII = _kind(
    "non-ascii", "info", "9110 section 5.5", "bytes outside US-ASCII in {line}",
    "Encode them (RFC 8187, percent-encoding): clients do not agree on their meaning.")

# What the fields say about where the message ends.
LENGTH_NOT_DIGITS = _kind(
    "length-not-digits", "bad", "9110 section 8.6", "Content-Length is not a number of bytes: {value}",
    "Write digits only (18 at most).", doubtful=True)
LENGTHS_DIFFER = _kind(
    "lengths-differ", "bad", "9112 section 6.3", "Content-Length is given twice, and differently: {value}",
    "Write one Content-Length: one client takes the first, another the last.", doubtful=True)
LENGTH_REPEATED = _kind(
    "length-repeated", "warning", "9110 section 8.6", "Content-Length is given more than once: {value}",
    "Write one Content-Length.", doubtful=True)
LENGTH_AND_CODING = _kind(
    "length-and-coding", "bad", "9112 section 6.2", "both Content-Length and Transfer-Encoding",
    "Write one of them: clients that believe different ones read different messages.", doubtful=True)
CODING_NOT_CHUNKED = _kind(
    "coding-not-chunked", "warning", "9112 section 6.3", "Transfer-Encoding does not end in chunked: {value}",
    'Write "Transfer-Encoding: chunked" and chunks, or leave the field out.', doubtful=True)
CHUNKED_TWICE = _kind(
    "chunked-twice", "bad", "9112 section 6.1", "chunked is applied more than once: {value}",
    'Write "Transfer-Encoding: chunked" once.', doubtful=True)
CODING_TO_OLD_CLIENT = _kind(
    "coding-to-old-client", "bad", "9112 section 6.1",
    "Transfer-Encoding to an HTTP/1.0 client, which cannot read it",
    "Look at request.version; for 1.0 write Content-Length, or end the content by closing.", doubtful=True)
CODING_IN_OLD_RESPONSE = _kind(
    "coding-in-old-response", "bad", "9112 section 6.1", "Transfer-Encoding in an HTTP/1.0 response",
    "Begin with HTTP/1.1, which brought it.", doubtful=True)
LENGTH_NOT_ALLOWED = _kind(
    "length-not-allowed", "bad", "9110 section 8.6", "Content-Length on {what}, which has no content",
    "Leave Content-Length out.", doubtful=True)
CODING_NOT_ALLOWED = _kind(
    "coding-not-allowed", "bad", "9112 section 6.1", "Transfer-Encoding on {what}, which has no content",
    "Leave Transfer-Encoding out.", doubtful=True)
KEEP_ALIVE_UNFRAMED = _kind(
    "keep-alive-unframed", "warning", "9112 section 9.3",
    "Connection: keep-alive, but only closing can end the content",
    "Add a Content-Length (or chunks), or leave keep-alive out.")
INTERIM_TO_OLD_CLIENT = _kind(
    "interim-to-old-client", "bad", "9110 section 15.2",
    "a {status} response to an HTTP/1.0 client, which knows no 1xx",
    "Look at request.version and send 1xx to HTTP/1.1 clients only.", doubtful=True)

# What a response of this kind should hold.
NO_DATE = _kind(
    "no-date", "info", "9110 section 6.6.1", "no Date field",
    "A server with a clock sends Date; without it caches guess the age.")
NO_CONTENT_TYPE = _kind(
    "no-content-type", "info", "9110 section 8.3", "content without a Content-Type: the client has to guess",
    'Say what it is, such as "Content-Type: text/plain; charset=utf-8".')
CONTENT_TYPE_REPEATED = _kind(
    "content-type-repeated", "warning", "9110 section 8.3", "Content-Type is given more than once: {value}",
    "Write one Content-Type: clients do not agree which one counts.")
NO_UPGRADE = _kind(
    "no-upgrade", "warning", "9110 section 15.2.2", "a 101 response without an Upgrade field",
    'Name the protocol that follows: "Upgrade: websocket" and "Connection: Upgrade".')
CONTENT_ON_205 = _kind(
    "content-on-205", "warning", "9110 section 15.3.6", "a 205 response with content ({size})",
    "Leave the content out: 205 must have none.")

# Chunks and trailer fields.
CHUNK_SIZE_SPACE = _kind(
    "chunk-size-space", "warning", "9112 section 7.1", "a space after the chunk size: {line}",
    "Write the size in hexadecimal digits and nothing else.", doubtful=True)
BAD_CHUNK_SIZE = _kind(
    "bad-chunk-size", "bad", "9112 section 7.1", "not a chunk size: {offending} at byte {start}",
    "Before each chunk write its size in hexadecimal digits and CR LF.", doubtful=True)
BAD_CHUNK_END = _kind(
    "bad-chunk-end", "bad", "9112 section 7.1",
    "a chunk of {size} is not followed by CR LF but by {offending} at byte {start}",
    "Make the chunk size the number of bytes in the chunk, and end the chunk with CR LF.", doubtful=True)
TRAILER_TOO_LARGE = _kind(
    "trailer-too-large", "bad", "9112 section 7.1.2",
    "the fields after the last chunk do not end within {limit}: {offending} at byte {start}",
    "End the last chunk with an empty line: b'0\\r\\n\\r\\n'.", doubtful=True)

# Where the message stands when the handler is done: at most one of these.
COMPLETE = _kind(
    "complete", "good", "9112 section 6.3", "complete: {how}", "")
NOT_HTTP = _kind(
    "not-http", "bad", "9112 section 4", "not an HTTP response: {offending} at byte {start}",
    "Begin with a status line: b'HTTP/1.1 200 OK\\r\\n'.", doubtful=True)
HEAD_TOO_LARGE = _kind(
    "head-too-large", "bad", "9112 section 2.1", "the head does not end within {limit}: {offending} at byte {start}",
    "End the head with an empty line, and write fewer fields.", doubtful=True)
HEAD_UNFINISHED = _kind(
    "head-unfinished", "bad", "9112 section 2.1", "the head is not finished (no empty line){hint}",
    "Write an empty line (b'\\r\\n') after the last field.", doubtful=True)
CONTENT_SHORT = _kind(
    "content-short", "bad", "9112 section 8", "{missing} less than its Content-Length of {length}",
    "Write all of the content, or the right Content-Length.", doubtful=True)
LAST_CHUNK_MISSING = _kind(
    "last-chunk-missing", "bad", "9112 section 8", "the last chunk is missing",
    "End the content with b'0\\r\\n\\r\\n'.", doubtful=True)
CHUNK_SHORT = _kind(
    "chunk-short", "bad", "9112 section 8", "the last chunk is missing, and {missing} of a chunk of {size}",
    "Write the whole chunk, CR LF, and b'0\\r\\n\\r\\n' at the end.", doubtful=True)
TRAILER_UNFINISHED = _kind(
    "trailer-unfinished", "bad", "9112 section 7.1", "the last chunk is not finished (no empty line)",
    "End the content with b'0\\r\\n\\r\\n': the second line end belongs to it.", doubtful=True)
CONTENT_EXCESS = _kind(
    "content-excess", "bad", "9110 section 8.6",
    "{excess} more than its Content-Length of {length} (first extra: {sample})",
    "Count bytes, not characters, or leave out what follows: it would be read as the next response.", doubtful=True)
EXCESS_AFTER_CHUNKS = _kind(
    "excess-after-chunks", "bad", "9112 section 7.1", "{excess} after the last chunk (first extra: {sample})",
    "Write nothing after b'0\\r\\n\\r\\n': it would be read as the next response.", doubtful=True)
CONTENT_NOT_ALLOWED = _kind(
    "content-not-allowed", "bad", "9110 section 6.4.1", "a body on {what} ({excess}: {sample})",
    "Write the head alone: what follows would be read as the next response.", doubtful=True)
OPEN_ENDED = _kind(
    "open-ended", "info", "9112 section 6.3", "only closing can end it: no usable Content-Length and no chunks",
    "Add a Content-Length to let the client keep the connection.")
