"""Hiding what a recording must not tell: the values of Authorization, Proxy-Authorization, Cookie and Set-Cookie.

What is hidden becomes as many "*", so that offsets, lengths and spans stay true. The names of
cookies, the attributes of Set-Cookie and the names of well-known authentication schemes stay, for
they are what one looks for. Content is never touched: a password in a form is in the recording.

What is no content is searched for lines that begin with such a name, whatever the readers made of
them: in a head that still drips in, behind a fault, in trailers, behind a CR that stands alone. A
value goes on to its LF, and over the lines that are folded to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rawwfile.http.spans import CODES, Span

if TYPE_CHECKING:
    from rawwfile.http.spans import SpanTrail
    from rawwfile.tape.model import Stream

SECRET_FIELDS = frozenset((b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"))
"""Fields whose values are hidden."""
SCHEMES = frozenset((b"basic", b"bearer", b"digest", b"negotiate", b"ntlm"))
"""Authentication schemes whose names stay."""
ATTRIBUTES = frozenset((b"expires", b"max-age", b"domain", b"path", b"samesite", b"priority"))
"""Attributes of Set-Cookie whose values stay."""

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]*")
_WORD = re.compile(rb"[a-z-]{0,16}")
MASS = frozenset(("content", "chunk-data", "switched"))
"""Spans that are never touched."""
_LOOSE = frozenset(("fault", "unread", "unfinished", "excess"))
_LINE_ENDS = frozenset(("crlf", "bare-lf", "blank-line", "empty-line"))
_BEGINS = frozenset(("field-name", "method", "version", "chunk-size", "blank-line", "empty-line"))
_INSIDE = frozenset(("field-value", "obs-fold", "ows", "colon", "bare-cr", "stray-space"))
# The kinds of a trail in one letter each, and what stands where another line begins.
_CLASSES = b"".join(
    b"M" if kind in MASS else b"X" if kind in _LINE_ENDS & _BEGINS else b"E" if kind in _LINE_ENDS
    else b"B" if kind in _BEGINS else b"." for kind in CODES
).ljust(256, b".")  # fmt: skip
_NEW_LINE = (b"EB", b"EX", b"XB", b"XX")
# Whether a line begins with the name is looked at apart: as a part of the pattern it would take time
# that grows with the square of a run of line ends, which anybody may send.
_field = re.compile(
    rb"(proxy-authorization|authorization|set-cookie|cookie)[\x00-\x20\x7f]*:([^\n]*(?:\n[ \t][^\n]*)*)",
    re.IGNORECASE,
)
_inner_field = re.compile(
    rb"(proxy-authorization|authorization|set-cookie|cookie)[\x00-\x20\x7f]*:([^\r\n]*)((?:[\r\n]+[ \t][^\r\n]*)*)",
    re.IGNORECASE,
)
_first_line = re.compile(rb"[^\n]*(?:\n[ \t][^\n]*)*")
_pair = re.compile(rb"([^=;]*=)?([^;]*)(;?)", re.DOTALL)
_scheme = re.compile(rb"([ \t\r\n]*)([A-Za-z0-9-]+)([ \t\r\n]+)(.*)", re.DOTALL)
_visible = re.compile(rb"[^ \t\r\n]")
_literal = re.compile(r"(?<![A-Za-z0-9])b?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
_stars_in = re.compile(rb"\*+")

LOOK_AROUND = 1 << 17
"""Most bytes before a piece of a stream that are looked at for the field it begins in."""
LOOK_AHEAD = 1 << 10
"""Bytes behind a piece that are looked at where nothing was read."""
FEW = 1 << 4
"""Bytes before a piece of a stream; 16 times as many are looked at first, and so on, for the start of its line."""
QUICK = 1 << 22
"""Most bytes that are searched for a name before anything else is done."""
BESIDE = 1 << 11
"""Bytes before and behind what a sentence is about that it may quote too."""
LEAST_ALIKE = 3
"""Bytes that a quotation has in common with a secret, where it was made from several pieces."""
LEAST_WORD = 6
"""A secret of so many bytes and more is hidden in sentences also where no quotes are around it."""


def masked(direction: str, spans: Iterable[Span], data: bytes, offset: int | None = None) -> bytes:
    """`data` with the values of secret fields hidden; as long as it was.

    spans: those of `data`, in order and without a gap (`SpanTrail.tiled`). offset: where `data`
    begins in its stream, the start of the first span if None. direction: "in" or "out"; in both
    the same fields are secret. A value whose name stands before `data` is hidden too.
    """
    listed = list(spans)
    if not listed:
        return data
    if len(data) <= QUICK and listed[0].kind not in _INSIDE and not _named(data):
        return data
    begin = listed[0].start if offset is None else offset
    result = None
    for start, text in _hidden(listed, data, begin):
        if result is None:
            result = bytearray(data)
        result[start : start + len(text)] = text
    return data if result is None else bytes(result)


def masked_alone(data: bytes) -> bytes:
    """`data` of which nothing is known any more: what looks like a field, and the line that it begins within."""
    first = _first_line.match(data)
    assert first is not None
    rest = b"".join(_pieces(data, first.end()))
    return (_stars(first[0]) if len(first[0]) < LOOK_AHEAD else first[0]) + rest


def _pieces(data: bytes, start: int) -> Iterator[bytes]:
    """`data` from `start` on, in pieces, with the values of secret fields hidden."""
    rest, done = data[start:], 0
    for place, text in _hidden_fields(rest):
        yield rest[done:place]
        yield text
        done = place + len(text)
    yield rest[done:]


def read_masked(stream: Stream, start: int | None = None, stop: int | None = None) -> bytes:
    """As `Stream.read`, with the values of secret fields hidden, wherever the piece begins."""
    with stream.lock:
        low = stream.first if start is None else max(start, stream.first)
        high = stream.end if stop is None else min(stop, stream.end)
        trail = stream.trail
        if trail is None or low >= high:
            return stream.read(low, high)
        back, data = read_masked_around(stream, trail, low, high)
        return data[low - back : high - back]


def read_masked_around(stream: Stream, trail: SpanTrail, low: int, high: int) -> tuple[int, bytes]:
    """The kept bytes low..high, hidden, and what was read with them: where that begins, all of it.

    A piece that begins or ends within a line is read with the rest of it. Call it with the lock held.
    """
    back, ahead = _line_start(trail, stream.first, low), _line_end(trail, stream.end, high)
    data = stream.read(back, ahead)
    if len(data) <= QUICK and not _inside(trail, back) and not _named(data):
        # Many small chunks have more spans than it takes time to see that no such name is there.
        return back, data
    return back, masked(stream.direction, trail.tiled(back, ahead), data, back)


def _inside(trail: SpanTrail, start: int) -> bool:
    """Whether the name of the field that holds this byte stands before it."""
    span = trail.at(start)
    return span is not None and span.kind in _INSIDE


def _line_start(trail: SpanTrail, first: int, low: int) -> int:
    """Where the line begins that holds the byte at `low`, with what it is folded to."""
    span = trail.at(low)
    if span is None:
        # Not read yet: what is held is a whole head mostly, and else the rest of a line.
        start = max(first, min(low, trail.end))
        span = trail.at(start - 1) if start > first else None
        if span is None or span.kind in _LINE_ENDS or span.kind in MASS:
            return max(start, low - LOOK_AROUND)
    elif span.kind in MASS:
        return low
    least = max(first, low - LOOK_AROUND)
    reach = FEW
    while True:
        # Most lines are short, but one may be as long as a head.
        reach *= 16
        begin = max(least, low - reach)
        start, ends, kinds = trail.kinds(begin, low + 1)
        classes = kinds.translate(_CLASSES)
        index = max(classes.rfind(b"M") + 1, *(classes.rfind(pair) + 1 for pair in _NEW_LINE))
        if index or begin == least:
            return max(ends[index - 1] if index else start, least)


def _line_end(trail: SpanTrail, end: int, high: int) -> int:
    """Where the line ends that holds the byte before `high`, with what is folded to it."""
    most = min(end, high + LOOK_AHEAD)
    ended = 0
    for span in trail.since(high - 1):
        if ended and span.kind != "obs-fold":
            return max(high, ended)
        if span.kind in MASS:
            return max(high, min(most, span.start))
        if span.end >= most or span.kind in _LOOSE:
            return most
        ended = span.end if span.kind in _LINE_ENDS else 0
    return max(high, ended) if ended else most


def _hidden(spans: list[Span], data: bytes, begin: int) -> Iterator[tuple[int, bytes]]:
    """Where in `data` bytes are to be replaced, and by what: in each run of spans without content."""
    end = begin + len(data)
    start = None
    for span in [*spans, Span(end, end, "content")]:
        if span.kind not in MASS:
            start = max(span.start, begin) if start is None else start
        elif start is not None:
            text = data[start - begin : min(span.start, end) - begin]
            if start == begin and spans[0].kind in _INSIDE:
                # The name of the field that this begins in stands before the data.
                first = _first_line.match(text)
                assert first is not None
                yield 0, _stars(first[0])
            for place, hidden in _hidden_fields(text):
                yield start - begin + place, hidden
            start = None


def _hidden_fields(text: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0 if _named(text) else len(text)
    while match := _field.search(text, at):
        if not _begins_line(text, match.start()):
            at = match.end(1)
            continue
        hidden = hidden_value(match[1].lower(), match[2])
        yield match.start(2), _hidden_inside(hidden)
        at = match.end()


def _hidden_inside(value: bytes) -> bytes:
    """A hidden value of several lines: to some readers another field begins behind a CR, or in a folded line."""
    if b"\r" not in value.rstrip(b"\r") and b"\n" not in value:
        return value
    parts, at, done = [], 0, 0
    while match := _inner_field.search(value, at):
        at = match.end(1)
        if _begins_line(value, match.start()):
            parts += [value[done : match.start(2)], hidden_value(match[1].lower(), match[2]), _stars(match[3])]
            at = done = match.end()
    return b"".join([*parts, value[done:]])


def _named(data: bytes) -> bool:
    """Whether the name of a secret field stands anywhere in `data`."""
    lower = data.lower()
    return b"cookie" in lower or b"authorization" in lower


def _begins_line(text: bytes, at: int) -> bool:
    """Whether nothing but blanks and control characters stands before `at` in its line."""
    while at and text[at - 1] <= 32 and text[at - 1] not in b"\r\n":
        at -= 1
    return not at or text[at - 1] in b"\r\n"


def hidden_value(name: bytes, value: bytes) -> bytes:
    """The value of a secret field (its name in lower case) as it is shown."""
    if name == b"cookie":
        return b"".join(_hidden_pair(match) for match in _pair.finditer(value))
    if name == b"set-cookie":
        first, *rest = _pair.finditer(value)
        return _hidden_pair(first) + b"".join(_attribute(match) for match in rest)
    match = _scheme.fullmatch(value)
    if match is not None and match[2].lower() in SCHEMES:
        return match[1] + match[2] + match[3] + _stars(match[4])
    return _stars(value)


def _hidden_pair(match: re.Match[bytes]) -> bytes:
    name, value = match[1] or b"", match[2]
    if not _TOKEN.fullmatch(name.strip(b" \t\r\n=")) or value == b"=":
        # No name: a value with a "=" in it, as base64 has, or lines that were joined.
        name = _stars(name)
    return name + _stars(value) + match[3]


def _attribute(match: re.Match[bytes]) -> bytes:
    """One piece of Set-Cookie behind the first, which could be a part of the secret or another cookie."""
    name = (match[1] or match[2]).strip(b" \t\r\n=").lower()
    known = name in ATTRIBUTES if match[1] else _WORD.fullmatch(name)
    if known and b"=" not in match[2]:
        return match[0]
    return (match[1] or b"") + _stars(match[2]) + match[3]


def _stars(data: bytes) -> bytes:
    return _visible.sub(b"*", data)


# -- sentences


class Known:
    """What was found out of the lines that the last sentence was about: the next is mostly about the same.

    For who hides many sentences one after the other, in one thread.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[Stream, object, _Lines]] = {}

    def lines(self, stream: Stream, start: int, end: int) -> _Lines:
        """The lines of which bytes start..end of a stream are a part."""
        with stream.lock:
            places = _places_around(stream, start, end)
            state = places, stream.first, stream.end, stream.trail.end if stream.trail is not None else 0
            known = self._found.get(stream.direction)
            if known is None or known[0] is not stream or known[1] != state:
                known = stream, state, _Lines(_lines_around(stream, places))
                self._found[stream.direction] = known
            return known[2]


class _Lines:
    """Lines, clear and as shown, and the secrets in them."""

    def __init__(self, pieces: list[tuple[bytes, bytes]]) -> None:
        self.pieces = pieces
        self.secrets = {secret for clear, shown in pieces for secret in _secrets(clear, shown)}
        long = sorted((secret for secret in self.secrets if len(secret) >= LEAST_WORD), key=len, reverse=True)
        self.long = [secret.decode("latin-1") for secret in long]
        self.short = {secret for secret in self.secrets if len(secret) < LEAST_ALIKE}
        # No secret has an LF in it.
        self.joined = b"\n".join(self.secrets - self.short)


def masked_text(stream: Stream, start: int, end: int, text: str, known: Known | None = None) -> str:
    """A sentence about the bytes start..end of a stream, with the secrets among them hidden where it quotes them.

    Literals, in single or double quotes, quote bytes: of these lines, cut at their end or joined
    from several. A long secret is hidden anywhere. known: of the sentences before.
    """
    lines = (known or Known()).lines(stream, start, end)
    if not lines.secrets:
        return text
    for secret in lines.long:
        if secret in text:
            text = text.replace(secret, "*" * len(secret))
    return _literal.sub(lambda match: _hidden_literal(match[0], lines), text)


def _places_around(stream: Stream, start: int, end: int) -> list[tuple[int, int]]:
    """Where the lines are of which bytes start..end are a part, as far as anybody would quote them."""
    found = []
    trail, high = stream.trail, max(end, start + 1)
    for low in sorted({start, max(start, high - LOOK_AROUND)}):
        # A remark on one field may quote another of the same name.
        low, stop = max(low - BESIDE, stream.first), min(low + LOOK_AROUND, high + BESIDE, stream.end)
        if trail is not None:
            low, stop = _line_start(trail, stream.first, low), _line_end(trail, stream.end, stop)
        found.append((low, stop))
    return found


def _lines_around(stream: Stream, places: list[tuple[int, int]]) -> list[tuple[bytes, bytes]]:
    """Lines in which something is hidden: clear, and as shown."""
    both = [(stream.read(low, stop), read_masked(stream, low, stop)) for low, stop in places]
    return [(clear, shown) for clear, shown in both if clear != shown]


def _secrets(clear: bytes, shown: bytes) -> Iterator[bytes]:
    """What is hidden, word by word."""
    for run in _stars_in.finditer(shown):
        secret = clear[run.start() : run.end()]
        if secret.strip(b"*"):
            yield secret


def _hidden_literal(literal: str, lines: _Lines) -> str:
    quoted = _value_of(literal)
    if quoted is None or not quoted or any(quoted in shown for _, shown in lines.pieces):
        return literal
    hidden = bytearray(quoted)
    for clear, shown in lines.pieces:
        at = clear.find(quoted)
        while at >= 0 and hidden.count(b"*") < len(hidden):
            for index, byte in enumerate(shown[at : at + len(quoted)]):
                if byte == 42:
                    hidden[index] = byte
            at = clear.find(quoted, at + 1)
    if hidden == quoted:
        _hide_alike(hidden, quoted, lines)
    if hidden == quoted:
        return literal
    return repr(bytes(hidden)) if literal[0] == "b" else repr(hidden.decode("latin-1"))


def _hide_alike(hidden: bytearray, quoted: bytes, lines: _Lines) -> None:
    """Hide what a quotation that was put together has in common with a secret."""
    index = 0
    while index < len(quoted):
        length = _common(quoted, index, lines)
        if length:
            hidden[index : index + length] = _stars(quoted[index : index + length])
        index += max(length, 1)


def _common(quoted: bytes, index: int, lines: _Lines) -> int:
    """How many bytes from `index` on stand in a secret too: enough of them, or all of it."""
    most = quoted.find(b"\n", index)
    most = (len(quoted) if most < 0 else most) - index
    length = LEAST_ALIKE
    if length <= most and quoted[index : index + length] in lines.joined:
        while length < most and quoted[index : index + length + 1] in lines.joined:
            length += 1
        return length
    sizes = range(1, min(LEAST_ALIKE, len(quoted) - index + 1))
    return max((size for size in sizes if quoted[index : index + size] in lines.short), default=0)


def _value_of(literal: str) -> bytes | None:
    """The bytes that a literal stands for; None if it is none."""
    try:
        value = ast.literal_eval(literal)
        return value if isinstance(value, bytes) else value.encode("latin-1")
    except (SyntaxError, ValueError, UnicodeError):
        return None
