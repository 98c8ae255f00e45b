"""The spans of heads and trailer sections, from what the patterns of the readers matched.

`mark_...` functions add to a trail whose end is where the bytes given begin. Well-formed lines are
taken apart by the very patterns that gave the reader its names and values; lines that a lenient
reader took as clients do are taken apart as it did.
"""

from __future__ import annotations

import re

from rawwfile.http import grammar
from rawwfile.http.response_head import lenient_status_line, whole_head
from rawwfile.http.spans import CODES, SpanTrail

_REQUEST_LINE = bytes(CODES[kind] for kind in ("method", "sp", "target", "sp", "version", "crlf"))
_STATUS_LINE = bytes(CODES[kind] for kind in ("version", "sp", "status-code", "sp", "reason"))
_NAME, _COLON, _OWS = CODES["field-name"], CODES["colon"], CODES["ows"]
_VALUE, _CRLF, _BLANK = CODES["field-value"], CODES["crlf"], CODES["blank-line"]
_bare_crs = re.compile(rb"\r+")

Tiling = tuple[list[int], bytes]
"""Where each span ends, from the start of a block, and the codes of their kinds."""

_MOST, _LARGEST = 256, 2048
_tilings: dict[bytes, Tiling] = {}
"""Tilings of field blocks that came before: clients repeat themselves, as `fields.FieldMemo` knows."""
_heads: dict[bytes, Tiling] = {}
"""Tilings of whole response heads: within a second a page's are the same."""


def mark_request_line(trail: SpanTrail, method: bytes, target: bytes, *, crlf: bool = True) -> None:
    """The request line of a method and a target, both as matched (RFC 9112 section 3)."""
    first = len(method)
    second = first + 1 + len(target)
    ends = [first, first + 1, second, second + 1, second + 9, second + 11]
    count = 6 if crlf else 5
    trail.mark_each(ends[:count], _REQUEST_LINE[:count], trail.end)


def mark_fields(trail: SpanTrail, block: bytes) -> None:
    """Well-formed field lines, each with its CRLF, as `grammar.split_field` takes them apart."""
    ends, kinds = _tilings.get(block) or _remember(_tilings, block, _tile_fields(block))
    trail.mark_each(ends, kinds, trail.end)


def _remember(known: dict[bytes, Tiling], block: bytes, tiling: Tiling) -> Tiling:
    if len(block) <= _LARGEST:
        if len(known) >= _MOST:
            known.clear()
        known[block] = tiling
    return tiling


def mark_field(trail: SpanTrail, line: bytes) -> None:
    """One well-formed field line without its CRLF."""
    ends, kinds = _tile_fields(line + b"\r\n")
    trail.mark_each(ends[:-1], kinds[:-1], trail.end)


def _tile_fields(block: bytes) -> Tiling:
    ends: list[int] = []
    kinds = bytearray()
    for match in grammar.split_field.finditer(block):
        name, value, stop = match.end(1), match.start(2), match.end(2)
        last = value + len(match[2].rstrip(b" \t"))
        ends += (name, name + 1)
        kinds += bytes((_NAME, _COLON))
        for end, kind in ((value, _OWS), (last, _VALUE), (stop, _OWS), (stop + 2, _CRLF)):
            if end > ends[-1]:
                ends.append(end)
                kinds.append(kind)
    return ends, bytes(kinds)


def mark_empty_lines(trail: SpanTrail, lines: bytes) -> None:
    """Empty lines before a request line; CRs that stand alone belong to the line they are in."""
    start = trail.end
    at = 0
    while (newline := lines.find(b"\n", at)) >= 0:
        at = newline + 1
        trail.mark(start + at, "empty-line")
    trail.mark(start + len(lines), "bare-cr")


def mark_response_head(trail: SpanTrail, raw: bytes) -> None:
    """A whole response head with its empty line, well formed or read leniently."""
    found = _heads.get(raw)
    if found is None:
        match = whole_head.fullmatch(raw)
        if match is None:
            mark_odd_status_line(trail, raw[: raw.index(b"\n") + 1])
            mark_odd_lines(trail, raw[raw.index(b"\n") + 1 :])
            return
        found = _remember(_heads, raw, _tile_response_head(match))
    trail.mark_each(*found, trail.end)


def _tile_response_head(match: re.Match[bytes]) -> Tiling:
    ends, kinds = [8, 9, 12], _STATUS_LINE[:3]
    if match[3] is not None:
        ends, kinds = [*ends, 13], _STATUS_LINE[:4]
        if match[3]:
            ends, kinds = [*ends, match.end(3)], _STATUS_LINE
    fields, field_kinds = _tile_fields(match[4])
    start = match.start(4)
    ends += [start, *(start + end for end in fields), match.end()]
    return ends, kinds + bytes((_CRLF,)) + field_kinds + bytes((_BLANK,))


def mark_odd_status_line(trail: SpanTrail, line: bytes) -> None:
    """A status line with its LF, as `read_status_line` accepted it."""
    start, bare = trail.end, _without_end(line)
    match = lenient_status_line.fullmatch(bare)
    if match is None:
        trail.mark(start + len(bare), "fault")
    else:
        trail.mark(start + match.start(3), "version")
        trail.mark(start + match.end(3), "sp")
        trail.mark(start + match.end(4), "status-code")
        if match[5] is not None:
            trail.mark(start + match.end(5), "sp")
            _mark_text(trail, match[6], "reason")
    mark_line_end(trail, line, bare)


def mark_odd_lines(trail: SpanTrail, section: bytes) -> None:
    """Field lines as `read_fields` takes them: any line end, folds, spaces before the colon.

    A line that it leaves out is a "fault". What follows the last LF is not marked.
    """
    folds = False
    for line in section.split(b"\n")[:-1]:
        line += b"\n"
        bare = _without_end(line)
        if not bare:
            trail.mark(trail.end + len(line), "blank-line")
            continue
        if bare[0] not in b" \t":
            folds = _mark_odd_field(trail, bare)
        elif folds:
            trail.mark(trail.end + len(bare) - len(bare.lstrip(b" \t")), "obs-fold")
            _mark_value(trail, bare.lstrip(b" \t"))
        else:
            trail.mark(trail.end + len(bare), "fault")
        mark_line_end(trail, line, bare)


def _mark_odd_field(trail: SpanTrail, line: bytes) -> bool:
    """One line; True if it is a field, so that another line may be folded to it."""
    start = trail.end
    name, colon, value = line.partition(b":")
    bare = name.rstrip(b" \t")
    if not colon or not bare:
        trail.mark(start + len(line), "fault")
        return False
    _mark_text(trail, bare, "field-name")
    trail.mark(start + len(name), "stray-space")
    trail.mark(start + len(name) + 1, "colon")
    trail.mark(start + len(line) - len(value.lstrip(b" \t")), "ows")
    _mark_value(trail, value.lstrip(b" \t"))
    return True


def _mark_value(trail: SpanTrail, value: bytes) -> None:
    end = trail.end + len(value)
    _mark_text(trail, value.rstrip(b" \t"), "field-value")
    trail.mark(end, "ows")


def _mark_text(trail: SpanTrail, text: bytes, kind: str) -> None:
    start = trail.end
    for match in _bare_crs.finditer(text):
        trail.mark(start + match.start(), kind)
        trail.mark(start + match.end(), "bare-cr")
    trail.mark(start + len(text), kind)


def _without_end(line: bytes) -> bytes:
    return line[:-2] if line.endswith(b"\r\n") else line[:-1]


def mark_line_end(trail: SpanTrail, line: bytes, bare: bytes) -> None:
    """The end of `line`, which is `bare` without it."""
    trail.mark(trail.end + len(line) - len(bare), "crlf" if line.endswith(b"\r\n") else "bare-lf")
