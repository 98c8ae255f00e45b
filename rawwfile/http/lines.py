"""Reads the lines of a head that is incomplete or wrong, and names the first fault by its place.

The ordinary head is matched in one step and never comes here. The rule that makes the verdict the
same however the bytes are split: within a line the fault that stands first wins, and the grammar
of a line is judged only when its CRLF is there. So a reader that sees one byte at a time stops at
the same fault as one that sees all.
"""

from __future__ import annotations

from collections.abc import Callable

from rawwfile.errors import LimitError, RemoteProtocolError
from rawwfile.http import grammar
from rawwfile.http.limits import Limits

CR, LF = 13, 10
_MISPLACED = {CR: ("RFC 9112 2.2", "request-bare-cr"), LF: ("RFC 9112 2.2", "request-bare-lf")}
"""The rule and the note for a line end that is half of one."""


class LineScanner:
    """Checks lines until the empty one that ends them; resumes where it stopped.

    start_line: the first line is a request line; otherwise all are field lines (trailers).
    check_start: called with the request line; raises when it is wrong.
    Positions are indices into the buffer; `base` makes them offsets of the connection.
    """

    __slots__ = (
        "limits", "check_start", "line_start", "first_line", "section_start", "in_start",
        "empty_lines", "count", "seen",
    )  # fmt: skip

    def __init__(self, limits: Limits, start: int, check_start: Callable[[bytes, int], None] | None) -> None:
        self.limits = limits
        self.check_start = check_start
        self.in_start = check_start is not None
        self.line_start = start
        self.first_line = start
        self.section_start = start
        self.empty_lines = 0
        self.count = 0
        self.seen = start

    def shift(self, count: int) -> None:
        """The buffer has lost its first `count` bytes, all of them read."""
        self.line_start -= count
        self.first_line -= count
        self.section_start -= count
        self.seen -= count

    def scan(self, buffer: bytes | bytearray, base: int) -> bool:
        """Go on over `buffer`. True when the empty line was reached; `line_start` is then behind it.

        Raises RemoteProtocolError or LimitError, with the offset of the fault.
        """
        while True:
            newline = buffer.find(b"\n", self.seen)
            stop = len(buffer) if newline < 0 else newline
            self._check_places(buffer, stop, newline, base)
            if newline < 0:
                # The CR of a line's end may be the last byte so far: it must be looked at again.
                self.seen = max(self.line_start, stop - 1)
                return False
            if self._end_line(buffer, newline, base):
                return True

    def _check_places(self, buffer: bytes | bytearray, stop: int, newline: int, base: int) -> None:
        limit = self._passed_limit(buffer, stop, newline)
        fault = misplaced(buffer, self.line_start, self.seen, newline)
        # A limit wins at the same place: whether a CR stands alone is known one byte later.
        if limit and (not fault or limit[0] <= fault[0]):
            place, error = limit
        elif fault:
            place, error = fault[0], self._misplaced_error(fault[1], buffer[fault[0]], fault[0] + base)
        else:
            return
        error.offset = place + base
        raise error

    def _misplaced_error(self, what: str, byte: int, offset: int) -> RemoteProtocolError:
        if byte == 0x16 and offset == 0:
            return RemoteProtocolError(
                "TLS hello on a plain-HTTP port (first byte 0x16); use http://, or start the server with --tls-cert",
                rule="RFC 9110 4.2.2",
                note="tls-on-plain-port",
            )
        rule, note = _MISPLACED.get(byte, ("RFC 9110 5.5", "request-control-byte"))
        return RemoteProtocolError(f"{what} in a request head", rule=rule, note=note)

    def _passed_limit(
        self, buffer: bytes | bytearray, stop: int, newline: int
    ) -> tuple[int, RemoteProtocolError] | None:
        limits, start = self.limits, self.line_start
        if self.in_start:
            place = start + limits.request_line
            if stop > place and buffer[place] != CR:
                return place, self._long_request_line(bytes(buffer[start:place]))
            return None
        if stop == start or buffer[start] == CR:
            return None
        if self.count >= limits.header_count:
            what = f"more than {limits.header_count} fields (--limit-header-count)"
            return start, LimitError(what, status_hint=431, rule="RFC 6585 5", note="too-many-fields")
        place = self.section_start + limits.header_size
        if (stop if newline < 0 else newline + 1) > place:
            what = f"fields of more than {limits.header_size} bytes (--limit-header-size)"
            return place, LimitError(what, status_hint=431, rule="RFC 6585 5", note="fields-too-large")
        return None

    def _long_request_line(self, line: bytes) -> LimitError:
        what = f"request line of more than {self.limits.request_line} bytes (--limit-request-line)"
        if grammar.token.fullmatch(line):
            what += ", all of them method"
            return LimitError(what, status_hint=501, rule="RFC 9112 3", note="method-too-long")
        return LimitError(what, status_hint=414, rule="RFC 9112 3", note="request-line-too-long")

    def _end_line(self, buffer: bytes | bytearray, newline: int, base: int) -> bool:
        """Judge the line that ends at `newline`; True when it is the empty one after the fields."""
        line = bytes(buffer[self.line_start : newline - 1])
        start, self.line_start, self.seen = self.line_start, newline + 1, newline + 1
        if self.in_start:
            if line:
                assert self.check_start is not None
                self.check_start(line, start + base)
                self.in_start = False
                self.first_line = start
                self.section_start = self.line_start
                return False
            self.empty_lines += 1
            if self.empty_lines > self.limits.empty_lines:
                raise RemoteProtocolError(
                    f"more than {self.limits.empty_lines} empty lines before a request",
                    rule="RFC 9112 2.2",
                    offset=start + base,
                    note="too-many-empty-lines",
                )
            return False
        if not line:
            return True
        self.count += 1
        if not grammar.field_line.fullmatch(line):
            raise explain_field_line(line, start + base)
        return False


def misplaced(buffer: bytes | bytearray, start: int, seen: int, newline: int) -> tuple[int, str] | None:
    """The first byte that may stand in no line, at or behind `seen`: (place, what it is), or None.

    start: of the line. newline: its LF in `buffer`, or -1. A CR that is last is not judged yet.
    """
    stop = len(buffer) if newline < 0 else newline
    control = grammar.control.search(buffer, seen, stop)
    cr = buffer.find(b"\r", seen, stop)
    if 0 <= cr < len(buffer) - 1 and buffer[cr + 1] != LF and (not control or cr < control.start()):
        return cr, "a CR that no LF follows"
    if control:
        return control.start(), f"control character 0x{control[0][0]:02x}"
    if newline >= 0 and (newline == start or buffer[newline - 1] != CR):
        return newline, "a line that ends in LF alone (end it with CR LF)"
    return None


def explain_field_line(line: bytes, offset: int) -> RemoteProtocolError:
    """The error for a field line that breaks the grammar (RFC 9112 section 5)."""
    if line[:1] in b" \t":
        return RemoteProtocolError(
            f"line folding, or space before the first field: {line[:60]!r}; write one field on one line",
            rule="RFC 9112 5.2",
            offset=offset,
            note="request-fold",
        )
    name, colon, _value = line.partition(b":")
    if not colon:
        what = f"field line without a colon: {line[:60]!r}"
        return RemoteProtocolError(what, rule="RFC 9112 5", offset=offset, note="request-no-colon")
    if not name:
        what = f"field without a name: {line[:60]!r}"
        return RemoteProtocolError(what, rule="RFC 9110 5.1", offset=offset, note="request-empty-name")
    if name.rstrip(b" \t") != name:
        return RemoteProtocolError(
            f'field name ends in a space: {name[:60]!r}; remove the space before ":"',
            rule="RFC 9112 5.1",
            offset=offset,
            note="request-space-before-colon",
        )
    what = f"not a field name: {name[:60]!r}"
    return RemoteProtocolError(what, rule="RFC 9110 5.1", offset=offset, note="request-name-not-token")


def check_request_line(line: bytes, offset: int) -> None:
    """Raise the error for a request line that breaks RFC 9112 section 3; return if it is well formed."""
    if grammar.request_line.fullmatch(line):
        return
    shown = f"{line[:60]!r}"
    version = line.rpartition(b" ")[2]
    if match := grammar.any_version.fullmatch(version):
        if match[1] != b"1":
            raise RemoteProtocolError(
                f"HTTP version {version.decode()} is not spoken here; use HTTP/1.1",
                status_hint=505,
                rule="RFC 9110 15.6.6",
                offset=offset,
                note="version-not-spoken",
            )
        parts = line.split(b" ")
        if len(parts) == 3 and parts[1] and grammar.token.fullmatch(parts[0]):
            raise RemoteProtocolError(
                f"request target with '#' or a byte that is not visible ASCII: {shown}; percent-encode it",
                rule="RFC 9112 3.2",
                offset=offset,
                note="target-bytes",
            )
        raise RemoteProtocolError(
            f"request line is not METHOD SP TARGET SP VERSION: {shown}",
            rule="RFC 9112 3",
            offset=offset,
            note="request-line-form",
        )
    raise RemoteProtocolError(
        f"request line does not end in an HTTP version: {shown}",
        rule="RFC 9112 2.3",
        offset=offset,
        note="request-line-version",
    )
