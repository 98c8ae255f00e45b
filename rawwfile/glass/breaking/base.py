"""What a mutation is, and the registry of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rawwfile.glass.breaking.shape import Field, Shape, shape_of
from rawwfile.glass.pieces import Piece


class CannotBreak(ValueError):
    """The mutation does not apply to these bytes; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes after a mutation.

    pieces: what to send. what: what was done, one sentence. notes: ids of the notes of which a reader
    that looks closely gives at least one; empty if nothing is wrong with the result. end: nothing may
    be sent after it: the fault shows only where the bytes end.
    """

    pieces: list[Piece]
    what: str
    notes: tuple[str, ...] = ()
    end: bool = False

    @property
    def data(self) -> bytes:
        """All bytes."""
        return b"".join(piece.data for piece in self.pieces)


Work = Callable[[Shape, int], Broken]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break a message.

    applies: "request", "response" or "both". rule: the section that is broken, "" if none is.
    number: what its number means and what it is by default, or None if it takes none.
    """

    name: str
    title: str
    applies: str
    rule: str
    work: Work
    number: tuple[str, int] | None = None


LEFT_OVER = (
    "request-line-version", "request-line-form", "request-head-unfinished", "request-control-byte", "request-bare-lf",
    "request-bare-cr",
)  # fmt: skip
"""What a server says of bytes that are no request and stand where the next one begins."""

IN_REQUEST = {
    "bare-lf": ("request-bare-lf",), "bare-cr": ("request-bare-cr",), "head-unfinished": ("request-head-unfinished",),
    "nul": ("request-control-byte",), "control-byte": ("request-control-byte",), "obs-fold": ("request-fold",),
    "leading-space": ("request-fold",), "no-colon": ("request-no-colon",), "empty-name": ("request-empty-name",),
    "space-before-colon": ("request-space-before-colon",), "name-not-token": ("request-name-not-token",),
    "odd-version": ("version-not-spoken",), "not-http": ("request-line-version", "request-line-form"),
    "lengths-differ": ("request-lengths",), "length-not-digits": ("request-length-not-digits",),
    "length-and-coding": ("request-length-and-coding",), "coding-in-old-response": ("coding-in-old-request",),
    "bad-chunk-size": ("request-chunk-size", "request-chunk-line"), "bad-chunk-end": ("request-chunk-end",),
    "content-short": ("request-content-short",), "last-chunk-missing": ("request-content-short",),
    "chunk-short": ("request-content-short",), "trailer-unfinished": ("request-content-short",),
    "content-excess": LEFT_OVER, "excess-after-chunks": LEFT_OVER, "content-not-allowed": LEFT_OVER,
}  # fmt: skip
"""What is said of a request that breaks the same rule: a server refuses where a client's reader remarks."""

MUTATIONS: dict[str, Mutation] = {}
"""Every mutation by its name, in the order in which a page offers them."""


def mutation(
    name: str, title: str, applies: str = "both", rule: str = "", number: tuple[str, int] | None = None
) -> Callable[[Work], Work]:
    """Decorator: register a function of the shape and a number."""

    def register(work: Work) -> Work:
        MUTATIONS[name] = Mutation(name, title, applies, f"RFC {rule}" if rule else "", work, number)
        return work

    return register


def break_it(name: str, data: bytes, number: int | None = None, kind: str | None = None) -> Broken:
    """Break `data`, one message, by the mutation `name`. What follows the message stays as it is.

    number: as the mutation's `number` says; None for its default. kind: "request" or "response";
    None: judged by the first line. Raises KeyError for no such name, CannotBreak where it does not apply.
    """
    found = MUTATIONS[name]
    shape = shape_of(data, kind)
    if shape is None:
        raise CannotBreak("there is nothing to break: no line is there")
    if found.applies not in ("both", shape.kind):
        raise CannotBreak(f"this is for a {found.applies}, and here is a {shape.kind}")
    if number is None:
        number = found.number[1] if found.number else 0
    broken = found.work(shape, number)
    if shape.kind == "request" and broken.notes:
        said = [name for note in broken.notes for name in IN_REQUEST.get(note, (note,))]
        broken = replace(broken, notes=tuple(dict.fromkeys(said)))
    return broken


def one(data: bytes, what: str, *notes: str, end: bool = False) -> Broken:
    """A Broken of a single piece."""
    return Broken([Piece(data)], what, notes, end)


def replaced(shape: Shape, start: int, stop: int, new: bytes) -> bytes:
    """The bytes with [start, stop) replaced."""
    return shape.data[:start] + new + shape.data[stop:]


def changed(data: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    """`data` with several parts replaced; (start, stop, new) that do not overlap, in any order."""
    parts, at = [], 0
    for start, stop, new in sorted(changes):
        parts += [data[at:start], new]
        at = stop
    return b"".join([*parts, data[at:]])


def line_end(shape: Shape) -> bytes:
    """The line end that the message uses: that of its first line; CR LF where it has none."""
    return shape.data[shape.first.end:shape.first.stop] or b"\r\n"


def field_room(shape: Shape) -> int:
    """Where one more field line goes: before the empty line. Raises CannotBreak where no line ends there."""
    if shape.first.stop == shape.first.end:
        raise CannotBreak("the first line does not end")
    if shape.blank is not None:
        return shape.blank.start
    last = shape.lines[-1] if shape.lines else shape.first
    return last.stop if last.stop > last.end else last.start


def with_field(shape: Shape, line: bytes) -> bytes:
    """The message with one more field, the last; `line` is without its line end."""
    at = field_room(shape)
    return replaced(shape, at, at, line + line_end(shape))


def without_fields(shape: Shape, name: bytes) -> bytes:
    """The message without the fields of this name."""
    return changed(shape.data, [(each.start, each.stop, b"") for each in shape.named(name)])


def some_field(shape: Shape) -> Field:
    """A field to play with: the first that decides neither the framing nor the host, else the first."""
    if not shape.fields:
        raise CannotBreak("the message has no field")
    deciding = (b"content-length", b"transfer-encoding", b"host", b"connection")
    return next((each for each in shape.fields if each.name and each.name not in deciding), shape.fields[0])


class Difference(NamedTuple):
    """Where two byte strings differ: [start, before) in the old one, [start, after) in the new one."""

    start: int
    before: int
    after: int


def difference(old: bytes, new: bytes) -> Difference:
    """The smallest part outside of which both are the same."""
    most = min(len(old), len(new))
    start = _common(old, new, most)
    tail = _common(old[start:][::-1], new[start:][::-1], most - start)
    return Difference(start, len(old) - tail, len(new) - tail)


def _common(old: bytes, new: bytes, most: int) -> int:
    """How many bytes at the beginning are the same, by halving: it is quick for megabytes."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
