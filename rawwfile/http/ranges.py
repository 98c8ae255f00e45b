"""Byte ranges: the Range field, Content-Range, and multipart/byteranges (RFC 9110 section 14)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

MAX_RANGES = 64
"""Ranges in one Range field; a field with more is ignored and the whole is sent, as section
14.2 allows. Readers of large documents ask for a few dozen, Apache stops at 200."""

UNSATISFIABLE: Final = "unsatisfiable"
"""Result of `parse_range` when no range touches the content: answer 416."""

Ranges = list[tuple[int, int]] | Literal["unsatisfiable"] | None

_UNIT = re.compile(r"[ \t]*bytes[ \t]*=", re.IGNORECASE)
_SPEC = re.compile(r"(?:([0-9]+)-([0-9]*)|-([0-9]+))")
_CRLF = "\r\n"
_HUGE = 10**18  # beyond any content; int() refuses thousands of digits, some clients send many


def parse_range(value: str, length: int) -> Ranges:
    """Return what a Range field asks of content of `length` bytes, as (start, stop) pairs.

    stop is exclusive. Overlapping and adjoining ranges are made one; the others keep the
    order in which they were asked for. None: ignore the field and send the whole (another
    unit, broken syntax, more than MAX_RANGES, or empty content, of which no range can be
    stated). UNSATISFIABLE: answer 416 with `unsatisfied_range(length)`. Never raises.
    """
    unit = _UNIT.match(value)
    if not unit or value.count(",") > MAX_RANGES * 2:
        return None
    specs = [spec for part in value[unit.end() :].split(",") if (spec := part.strip(" \t"))]
    if not 1 <= len(specs) <= MAX_RANGES:
        return None
    found: list[tuple[int, int]] = []
    suffix_of_nothing = False
    for spec in specs:
        match = _SPEC.fullmatch(spec)
        if not match:
            return None
        first, last, suffix = match.groups()
        if suffix is not None:
            start, stop = max(0, length - _number(suffix)), length
            suffix_of_nothing |= length == 0 and _number(suffix) > 0
        else:
            start, stop = _number(first), _number(last) + 1 if last else _HUGE + 1
            if stop <= start:
                return None
        if start < length:
            found.append((start, min(stop, length)))
    if found:
        return _coalesce(found)
    return None if suffix_of_nothing else UNSATISFIABLE


def content_range(start: int, stop: int, length: int) -> str:
    """Return the Content-Range value for bytes `start` to `stop` (exclusive) of `length`."""
    return f"bytes {start}-{stop - 1}/{length}"


def unsatisfied_range(length: int) -> str:
    """Return the Content-Range value of a 416 response."""
    return f"bytes */{length}"


@dataclass(frozen=True, slots=True)
class ByteRanges:
    """The pieces of a multipart/byteranges body: heads[0], content of range 0, ..., tail."""

    heads: tuple[bytes, ...]
    """What goes before each range's content, delimiter included."""
    tail: bytes
    """The closing delimiter."""
    content_length: int
    """Bytes of the whole body."""


def byteranges(
    ranges: Sequence[tuple[int, int]], length: int, *, content_type: str, boundary: str
) -> ByteRanges:
    """Lay out a multipart/byteranges body for two ranges or more (RFC 9110 section 14.6).

    boundary: must not occur in the content; 32 random hex digits do. The response's own type
    is `multipart/byteranges; boundary=...`.
    """
    heads = tuple(
        (
            f"{'' if index == 0 else _CRLF}--{boundary}{_CRLF}"
            f"Content-Type: {content_type}{_CRLF}"
            f"Content-Range: {content_range(start, stop, length)}{_CRLF}{_CRLF}"
        ).encode("latin-1")
        for index, (start, stop) in enumerate(ranges)
    )
    tail = f"{_CRLF}--{boundary}--{_CRLF}".encode("latin-1")
    content = sum(stop - start for start, stop in ranges)
    return ByteRanges(heads, tail, sum(map(len, heads)) + content + len(tail))



def _number(digits: str) -> int:
    return int(digits) if len(digits) <= 18 else min(_HUGE, int(digits.lstrip("0")[:19] or "0"))


def _coalesce(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int, int]] = []  # start, stop, place of its first asker
    for start, stop, place in sorted((a, b, i) for i, (a, b) in enumerate(ranges)):
        if merged and start <= merged[-1][1]:
            earlier_start, earlier_stop, earlier_place = merged[-1]
            merged[-1] = (earlier_start, max(earlier_stop, stop), min(earlier_place, place))
        else:
            merged.append((start, stop, place))
    return [(start, stop) for start, stop, _ in sorted(merged, key=lambda item: item[2])]
