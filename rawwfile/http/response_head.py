"""The head of a response written by hand: read whatever it is, and say how the content is framed.

A head that is well formed is taken by one pattern, without a remark. Any other is read line by
line, leniently, as clients do, and each leniency is a finding. The remarks on a well-formed head
(a missing Date, say) are looked for only when somebody asks: see `ResponseHead.remarks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rawwfile.http.grammar import FIELD_LINE, control, token
from rawwfile.http.notes.base import Findings, quoted

# status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 section 4), with the
# second space optional: handlers of 2004 leave it out, and every client reads that alike.
whole_head = re.compile(
    rb"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: ([\t -~\x80-\xff]*))?\r\n((?:" + FIELD_LINE + rb"\r\n)*)\r\n"
)
"""A head without any fault that could matter to framing, up to and with its empty line."""

split_field = re.compile(r"([^:]+):[ \t]*((?:[^\r]*[^\r \t])?)[ \t]*\r\n")

# What at least two of http.client, curl and Chromium take for a status line.
lenient_status_line = re.compile(rb"HTTP/([0-9]{1,3})\.([0-9]{1,3})([ \t]+)([0-9]{3})(?:([ \t])(.*))?", re.DOTALL)

head_end = re.compile(rb"\n\r?\n")
"""The first empty line, whichever way its lines end."""

bare_cr = re.compile(rb"\r(?!\n)")
odd_byte = re.compile(rb"[^\t -~]")
inner_cr = re.compile(rb"\r[^\n]")
"""A CR that is known to be bare, in bytes that may go on."""
non_ascii = re.compile(rb"[\x80-\xff]")

StatusLine = tuple[tuple[int, int], int, str]
"""Version, status code, reason phrase."""

MAX_LENGTH_DIGITS = 18
"""More cannot be held in 63 bits, by us or by any client."""


class FieldLine(NamedTuple):
    """A field of a head or trailer section, decoded as latin-1, with its place in the stream."""

    name: str
    value: str
    start: int
    end: int


@dataclass(slots=True)
class ResponseHead:
    """A whole head: raw bytes, where they start in the stream, and what they say."""

    raw: bytes
    start: int
    version: tuple[int, int]
    status: int
    reason: str
    """Empty if the status line has none."""
    fields: list[tuple[str, str]]
    values: dict[str, list[str]]
    """The field values by name in lower case."""
    doubtful: bool
    """A line has a fault after which the ends may disagree; never so in a well-formed head."""

    @property
    def end(self) -> int:
        """Offset of the first byte after the head."""
        return self.start + len(self.raw)

    def remarks(self) -> tuple[Findings, list[FieldLine]]:
        """All remarks on single lines, and the fields with their places. A new object each time."""
        findings = Findings()
        line, _, section = self.raw.partition(b"\n")
        read_status_line(line, self.start, findings)
        return findings, read_fields(section, self.start + len(line) + 1, findings)


@dataclass(frozen=True, slots=True)
class FramingProblem:
    """A note about framing, by its id, that still lacks its place: the last field of this name."""

    id: str
    name: str
    values: dict[str, Any]


def read_head(raw: bytes, start: int, first_line: StatusLine) -> ResponseHead:
    """Read a head up to and with its empty line; `first_line` is what `read_status_line` gave."""
    found = whole_head.fullmatch(raw)
    if found is not None:
        return match_head(found, start)
    findings = Findings()
    line, _, section = raw.partition(b"\n")
    read_status_line(line, start, findings)
    fields = [(field.name, field.value) for field in read_fields(section, start + len(line) + 1, findings)]
    return ResponseHead(raw, start, *first_line, fields, _by_name(fields), findings.doubtful)


def match_head(found: re.Match[bytes], start: int) -> ResponseHead:
    """The head that `whole_head` has found; `start` is its offset in the stream."""
    minor, status, reason, section = found.groups()
    fields = split_field.findall(section.decode("latin-1"))
    reason_text = reason.decode("latin-1") if reason else ""
    return ResponseHead(
        found[0], start, (1, 1 if minor == b"1" else 0), int(status), reason_text, fields,
        _by_name(fields), False)


def read_status_line(line: bytes, at: int, findings: Findings) -> StatusLine | None:
    """Version, status and reason of a line (without its LF), with findings for what is odd.

    None, and no finding, if it is nothing that clients take for a status line.
    """
    bare = line.removesuffix(b"\r")
    found = lenient_status_line.fullmatch(bare)
    if found is None:
        return None
    major, minor, spaces, status, space, reason = found.groups()
    end = at + len(bare)
    if not line.endswith(b"\r"):
        findings.add("bare-lf", end, end + 1)
    version = f"{major.decode('ascii')}.{minor.decode('ascii')}"
    if version not in ("1.0", "1.1"):
        findings.add("odd-version", at + 5, at + found.start(3), version=version)
    if spaces != b" " or space == b"\t":
        findings.add("status-line-spaces", at + found.start(3), end, line=quoted(bare))
    if not 100 <= int(status) <= 599:
        findings.add("status-range", at + found.start(4), at + found.end(4), status=status.decode("ascii"))
    if space is None:
        findings.add("no-reason-space", end, end, status=status.decode("ascii"))
    _check_bytes(bare, at, findings)
    return (int(major), int(minor)), int(status), (reason or b"").decode("latin-1")


def read_fields(section: bytes, start: int, findings: Findings) -> list[FieldLine]:
    """Read the field lines of a section that ends in an empty line, with findings for every fault.

    start: the section's offset in the stream. A line that is no field is left out, and so are
    the lines folded to it; trailing and leading OWS is SP and HTAB (RFC 9110 section 5.6.3).
    """
    fields: list[FieldLine] = []
    folded: list[tuple[str, int]] = []
    folds_to_field = first = True
    for line, at in _lines(section, start, findings):
        if not line:
            continue
        if line[0] in b" \t":
            id = "leading-space" if first else "obs-fold"
            findings.add(id, at, at + len(line), line=quoted(line))
            if fields and folds_to_field:
                folded.append((line.strip(b" \t").decode("latin-1"), at + len(line)))
            _check_bytes(line, at, findings)
        else:
            field = _read_field(line, at, findings)
            folds_to_field = field is not None
            if field is not None:
                _unfold(fields, folded)
                fields.append(field)
        first = False
    _unfold(fields, folded)
    return fields


def _unfold(fields: list[FieldLine], folded: list[tuple[str, int]]) -> None:
    """Give the last field what was folded to it, texts and ends: all at once, for there may be thousands of lines."""
    if folded:
        parts = [fields[-1].value, *(text for text, _ in folded)]
        fields[-1] = fields[-1]._replace(value=" ".join(filter(None, parts)), end=folded[-1][1])
        folded.clear()


def framing_of(
    head: ResponseHead, method: str, client_version: tuple[int, int]
) -> tuple[str, int | None, int | None, list[FramingProblem]]:
    """Say how the content after `head`, in answer to `method`, is delimited.

    Returns the framing's kind ("none", "length", "chunked" or "close"), its length (None unless
    the kind is "length"), the Content-Length as declared (None if absent or unusable), and what is
    wrong about all this. Source: RFC 9112 section 6.3, except that two different or unusable
    lengths leave the content to the close of the connection instead of being refused.
    """
    status, values = head.status, head.values
    problems: list[FramingProblem] = []
    lengths, codings = values.get("content-length"), values.get("transfer-encoding")
    interim = 100 <= status < 200
    if interim and client_version < (1, 1):
        problems.append(FramingProblem("interim-to-old-client", "", {"status": status}))
    declared = None if lengths is None else _one_length(lengths, problems)

    if interim or status == 204 or opens_tunnel(status, method):
        what = f"a {status} response" + ("" if interim or status == 204 else " to CONNECT")
        if lengths is not None:
            problems.append(FramingProblem("length-not-allowed", "content-length", {"what": what}))
        if codings is not None:
            problems.append(FramingProblem("coding-not-allowed", "transfer-encoding", {"what": what}))
        return "none", None, declared, problems

    kind = "close" if declared is None else "length"
    if codings is not None:
        kind = "chunked" if _ends_in_chunked(codings, problems) else "close"
        if lengths is not None:
            problems.append(FramingProblem("length-and-coding", "transfer-encoding", {}))
        if client_version < (1, 1):
            problems.append(FramingProblem("coding-to-old-client", "transfer-encoding", {}))
        if head.version < (1, 1):
            problems.append(FramingProblem("coding-in-old-response", "transfer-encoding", {}))
    if method == "HEAD" or status == 304:
        kind = "none"
    return kind, declared if kind == "length" else None, declared, problems


def examine_head(head: ResponseHead, problems: Sequence[FramingProblem], until_close: bool) -> Findings:
    """All findings on a whole head, `problems` among them; until_close: only closing ends the content."""
    findings, lines = head.remarks()
    places = {line.name.lower(): line for line in lines}
    whole = FieldLine("", "", head.start, head.end)
    for problem in problems:
        place = places.get(problem.name, whole)
        findings.add(problem.id, place.start, place.end, **problem.values)
    if 200 <= head.status < 500 and "date" not in places:
        findings.add("no-date", head.start, head.end)
    types = head.values.get("content-type", [])
    if len(types) > 1:
        place, shown = places["content-type"], quoted(", ".join(types).encode("latin-1"))
        findings.add("content-type-repeated", place.start, place.end, value=shown)
    if head.status == 101 and "upgrade" not in places:
        findings.add("no-upgrade", head.start, head.end)
    if until_close and "keep-alive" in connection_options(head):
        place = places["connection"]
        findings.add("keep-alive-unframed", place.start, place.end)
    for line in lines:
        if line.name.lower() == "link" and line.value.lstrip(", \t")[:1] not in ("<", ""):
            findings.add("link-form", line.start, line.end, value=quoted(line.value.encode("latin-1")))
    if head.status == 103:
        findings.add("early-hints" if "link" in places else "early-hints-empty", head.start, head.end)
    return findings


def opens_tunnel(status: int, method: str) -> bool:
    """Whether what follows this head is another protocol (RFC 9110 sections 9.3.6 and 15.2.2)."""
    return status == 101 or (method == "CONNECT" and 200 <= status < 300)


def connection_options(head: ResponseHead) -> list[str]:
    """The options of the Connection field in lower case (RFC 9110 section 7.6.1)."""
    lines = head.values.get("connection")
    return [] if lines is None else [option.strip(" \t") for option in ",".join(lines).lower().split(",")]


def _by_name(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in fields:
        key = name.lower()
        if key in values:
            values[key].append(value)
        else:
            values[key] = [value]
    return values


def _lines(section: bytes, start: int, findings: Findings) -> Iterator[tuple[bytes, int]]:
    """Each line without its end, and its offset."""
    at = start
    for line in section.split(b"\n")[:-1]:
        if line.endswith(b"\r"):
            yield line[:-1], at
        else:
            findings.add("bare-lf", at + len(line), at + len(line) + 1)
            yield line, at
        at += len(line) + 1


def _read_field(line: bytes, at: int, findings: Findings) -> FieldLine | None:
    name, colon, value = line.partition(b":")
    end = at + len(line)
    _check_bytes(line, at, findings)
    if not colon:
        findings.add("no-colon", at, end, line=quoted(line))
        return None
    bare = name.rstrip(b" \t")
    if not bare:
        findings.add("empty-name", at, end, line=quoted(line))
        return None
    if bare != name:
        findings.add("space-before-colon", at + len(bare), at + len(name), name=quoted(name))
    if not token.fullmatch(bare):
        findings.add("name-not-token", at, at + len(bare), name=quoted(bare))
    return FieldLine(bare.decode("latin-1"), value.strip(b" \t").decode("latin-1"), at, end)


def _check_bytes(line: bytes, at: int, findings: Findings) -> None:
    """Remarks on single bytes of a line (given without its end): the first of each sort."""
    if odd_byte.search(line) is None:
        return
    if (found := bare_cr.search(line)) is not None:
        findings.add("bare-cr", at + found.start(), at + found.end(), line=quoted(line))
    if (where := line.find(b"\0")) >= 0:
        findings.add("nul", at + where, at + where + 1, line=quoted(line))
    if (found := control.search(line.replace(b"\0", b" "))) is not None:
        findings.add("control-byte", at + found.start(), at + found.end(), line=quoted(line))
    if (found := non_ascii.search(line)) is not None:
        findings.add("non-ascii", at + found.start(), at + found.end(), line=quoted(line))


def _one_length(lengths: list[str], problems: list[FramingProblem]) -> int | None:
    """The one number that all Content-Length values agree on, or None."""
    if len(lengths) == 1 and _is_length(lengths[0]):
        return int(lengths[0])
    members = [part.strip(" \t") for part in ",".join(lengths).split(",")]
    shown: dict[str, Any] = {"value": quoted(", ".join(lengths).encode("latin-1"))}
    for member in members:
        if not _is_length(member):
            problems.append(FramingProblem("length-not-digits", "content-length", shown))
            return None
    if len({int(member) for member in members}) > 1:
        problems.append(FramingProblem("lengths-differ", "content-length", shown))
        return None
    problems.append(FramingProblem("length-repeated", "content-length", shown))
    return int(members[0])


def _is_length(value: str) -> bool:
    return value.isdigit() and value.isascii() and len(value) <= MAX_LENGTH_DIGITS


def _ends_in_chunked(codings: list[str], problems: list[FramingProblem]) -> bool:
    members = [part.strip(" \t") for part in ",".join(codings).lower().split(",")]
    names = [member for member in members if member]
    shown: dict[str, Any] = {"value": quoted(", ".join(codings).encode("latin-1"))}
    if not names or names[-1] != "chunked":
        problems.append(FramingProblem("coding-not-chunked", "transfer-encoding", shown))
        return False
    if names.count("chunked") > 1:
        problems.append(FramingProblem("chunked-twice", "transfer-encoding", shown))
    return True
