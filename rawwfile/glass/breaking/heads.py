"""Mutations of the head: its lines, their ends, and what they must or must not hold."""

from __future__ import annotations

import re

from rawwfile.glass.breaking.base import (
    Broken,
    CannotBreak,
    changed,
    line_end,
    mutation,
    one,
    replaced,
    some_field,
    with_field,
    without_fields,
)
from rawwfile.glass.breaking.shape import Shape

_version = re.compile(rb"HTTP/[0-9]+(?:\.[0-9]+)?")
_code = re.compile(rb"[ \t]+([0-9]+)")


def _end_of_head(shape: Shape) -> int:
    if shape.blank is None:
        raise CannotBreak("the head has no empty line at its end")
    return shape.blank.stop


@mutation("no-blank-line", "Drop the blank line", rule="9112 section 2.1")
def no_blank_line(shape: Shape, _: int) -> Broken:
    """The empty line goes: what was content is read as fields."""
    _end_of_head(shape)
    assert shape.blank is not None
    data = replaced(shape, shape.blank.start, shape.blank.stop, b"")
    what = "The empty line after the fields is gone: a reader takes what follows for more fields, or waits for them."
    # What content looks like as a field is for the content to say.
    notes = ("head-unfinished", "no-colon", "name-not-token", "leading-space", "control-byte", "bare-cr", "empty-name")
    return one(data, what, *notes, end=True)


def _line_ends(shape: Shape, new: bytes) -> bytes:
    _end_of_head(shape)
    assert shape.blank is not None
    ends = [(line.end, line.stop, new) for line in (shape.first, *shape.lines, shape.blank)]
    if all(shape.data[start:stop] == new for start, stop, _ in ends):
        raise CannotBreak("the lines of the head end so already")
    return changed(shape.data, ends)


@mutation("lf", "LF for CRLF", rule="9112 section 2.2")
def lf(shape: Shape, _: int) -> Broken:
    """Each line of the head ends in LF alone."""
    return one(
        _line_ends(shape, b"\n"),
        "Each line of the head ends in LF alone. Many readers take it; a strict one refuses.", "bare-lf",
    )


@mutation("cr", "CR for CRLF", rule="9112 section 2.2")
def cr(shape: Shape, _: int) -> Broken:
    """Each line of the head ends in CR alone."""
    return one(
        _line_ends(shape, b"\r"),
        "Each line of the head ends in CR alone. No reader sees a line end: the head is one line that does not end.",
        "head-unfinished", "bare-cr", "not-http", "control-byte", end=True,
    )


@mutation("no-first-line", "Leave out the first line", rule="9112 section 2.1")
def no_first_line(shape: Shape, _: int) -> Broken:
    """The message begins with its fields."""
    if shape.first.stop == len(shape.data):
        raise CannotBreak("the first line is all there is")
    name = "status line" if shape.kind == "response" else "request line"
    data = replaced(shape, shape.first.start, shape.first.stop, b"")
    return one(data, f"The {name} is gone: the message begins with its fields.", "not-http", end=True)


@mutation("crlf-first", "CRLF before the first line", rule="9112 section 2.2")
def crlf_first(shape: Shape, _: int) -> Broken:
    """An empty line stands before the message."""
    data = replaced(shape, shape.start, shape.start, b"\r\n")
    if shape.kind == "request":
        return one(data, "An empty line stands before the request line. A server passes over one.",
                   "empty-lines-before")
    return one(data, "An empty line stands before the status line; only servers need to pass over one.", "not-http")


def _with_version(shape: Shape, version: bytes) -> bytes:
    every = list(_version.finditer(shape.data, shape.first.start, shape.first.end))
    if not every:
        raise CannotBreak("the first line names no HTTP version")
    # A target may hold such a word too; a reason phrase likewise.
    found = every[0] if shape.kind == "response" else every[-1]
    if found[0] == version:
        raise CannotBreak(f"it says {version.decode()} already")
    return replaced(shape, found.start(), found.end(), version)


@mutation("http-1.0", "HTTP/1.0", rule="9112 section 2.3")
def http_10(shape: Shape, _: int) -> Broken:
    """The first line says HTTP/1.0."""
    data = _with_version(shape, b"HTTP/1.0")
    if shape.framing == "chunked":
        what = "The first line says HTTP/1.0, which knows no chunks: readers disagree about where the message ends."
        return one(data, what, "coding-in-old-response")
    return one(data, "The first line says HTTP/1.0: the connection closes unless both sides say keep-alive.")


@mutation("http-2.0", "HTTP/2.0 in the first line", rule="9112 section 2.3")
def http_20(shape: Shape, _: int) -> Broken:
    """The first line says HTTP/2.0, which has no first line."""
    data = _with_version(shape, b"HTTP/2.0")
    return one(data, "The first line says HTTP/2.0: that version has frames, and no such line.", "odd-version")


@mutation("space-before-colon", "Space before the colon", rule="9112 section 5.1")
def space_before_colon(shape: Shape, _: int) -> Broken:
    """A field name is followed by a space."""
    field = some_field(shape)
    data = replaced(shape, field.colon, field.colon, b" ")
    shown = field.name.decode("latin-1") or "the field name"
    return one(data, f'A space stands between {shown} and ":". Proxies and servers have read such a field '
                     "differently, so a server must refuse it.", "space-before-colon", "empty-name", "name-not-token")


@mutation("no-colon", "A field without a colon", rule="9112 section 5")
def no_colon(shape: Shape, _: int) -> Broken:
    """A field line lacks its colon."""
    return one(with_field(shape, b"X-Broken without colon"), "One field line has no colon.", "no-colon")


@mutation("nul", "NUL in a field", rule="9110 section 5.5")
def nul(shape: Shape, _: int) -> Broken:
    """A field value has a NUL."""
    data = with_field(shape, b"X-Broken: a\0b")
    return one(data, "A field value holds a NUL. Where a program in C reads it, the value ends there.", "nul")


@mutation("bare-cr", "A CR inside a field", rule="9112 section 2.2")
def bare_cr(shape: Shape, _: int) -> Broken:
    """A field value has a CR that no LF follows."""
    data = with_field(shape, b"X-Broken: a\rX-Hidden: b")
    return one(data, "A CR stands inside a field value: who takes it for a line end sees one more field.", "bare-cr")


@mutation("folded", "A folded field", rule="9112 section 5.2")
def folded(shape: Shape, _: int) -> Broken:
    """A field value goes on in the next line."""
    data = with_field(shape, b"X-Broken: one" + line_end(shape) + b" two")
    return one(data, "A field value goes on in the next line, which begins with a space. That was allowed until 2014.",
               "obs-fold")


@mutation("empty-name", "A field without a name", rule="9110 section 5.1")
def empty_name(shape: Shape, _: int) -> Broken:
    """A field line begins with its colon."""
    return one(with_field(shape, b": no name"), "One field has no name.", "empty-name")


def _with_status(shape: Shape, status: bytes) -> bytes:
    found = _version.match(shape.data, shape.first.start, shape.first.end)
    code = _code.match(shape.data, found.end(), shape.first.end) if found else None
    if code is None:
        raise CannotBreak("the status line has no status code")
    if code[1] == status:
        raise CannotBreak(f"the status is {status.decode()} already")
    return replaced(shape, code.start(1), code.end(1), status)


@mutation("status-99", "Status 99", "response", rule="9112 section 4")
def status_99(shape: Shape, _: int) -> Broken:
    """A status code of two digits."""
    return one(_with_status(shape, b"99"), "The status code has two digits.", "not-http")


@mutation("status-1000", "Status 1000", "response", rule="9112 section 4")
def status_1000(shape: Shape, _: int) -> Broken:
    """A status code of four digits."""
    return one(_with_status(shape, b"1000"), "The status code has four digits.", "not-http")


@mutation("status-600", "Status 600", "response", rule="9110 section 15")
def status_600(shape: Shape, _: int) -> Broken:
    """A status code of no class."""
    return one(_with_status(shape, b"600"), "The status code is of no class: they end at 599.", "status-range")


@mutation("no-reason-space", "No space after the status", "response", rule="9112 section 4")
def no_reason_space(shape: Shape, _: int) -> Broken:
    """The status line ends with the status code."""
    found = _version.match(shape.data, shape.first.start, shape.first.end)
    code = _code.match(shape.data, found.end(), shape.first.end) if found else None
    if code is None or len(code[1]) != 3:
        raise CannotBreak("the status line has no status code of three digits")
    if code.end() == shape.first.end:
        raise CannotBreak("nothing stands after the status code")
    data = replaced(shape, code.end(), shape.first.end, b"")
    return one(data, "The status line ends with the status code; the space after it is missing.", "no-reason-space")


@mutation("no-host", "Leave out Host", "request", rule="9112 section 3.2")
def no_host(shape: Shape, _: int) -> Broken:
    """The request names no host."""
    if not shape.named(b"host"):
        raise CannotBreak("the request has no Host field")
    data = without_fields(shape, b"host")
    if b"HTTP/1.0" in shape.data[shape.first.start:shape.first.end]:
        return one(data, "Host is gone; HTTP/1.0 does not need it.")
    return one(data, "Host is gone. A server must answer 400, and many answer 200.", "host-missing")


@mutation("two-hosts", "Two Hosts", "request", rule="9112 section 3.2")
def two_hosts(shape: Shape, _: int) -> Broken:
    """The request names two hosts."""
    if not shape.named(b"host"):
        raise CannotBreak("the request has no Host field")
    return one(with_field(shape, b"Host: other.example"), "There are two Hosts: which site is meant?", "hosts-repeated")
