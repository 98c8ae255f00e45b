"""Every bound on what a peer may send and on how long it may take.

A limit is inclusive: exactly the limit passes, one more is refused. The defaults are those of
the servers that people already put in front of the internet: nginx and Apache take request
lines of 8 KiB and 100 fields; 64 KiB for all fields is waitress's and Node's order of size.
"""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes and counts; None means no limit."""

    request_line: int = 8 * KIB
    """The request line without its CRLF; more is 414."""
    header_size: int = 64 * KIB
    """All field lines of a head, or of a trailer section, with their CRLFs; more is 431."""
    header_count: int = 100
    """Field lines in a head, or in a trailer section; more is 431."""
    body: int | None = None
    """Content of one request; more is 413."""
    form: int | None = 64 * MIB
    """Content of one request that is parsed as a form, where `body` is None; more is 413."""
    chunk_line: int = 4 * KIB
    """One chunk-size line with its extensions, without its CRLF; more is 400."""
    chunk_overhead: int = 16 * KIB
    """All chunk extensions of one message together; more is 400."""
    empty_lines: int = 8
    """Empty lines before a request line that are passed over (RFC 9112 section 2.2)."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds; None means for ever."""

    header: float | None = 20.0
    """From the first byte of a request head to its last, however it drips; then 408."""
    body: float | None = 20.0
    """Without one more byte of a body that the handler reads; then 408."""
    send: float | None = 30.0
    """Without the client taking one more byte; then the connection is given up."""
    keep_alive: float | None = 15.0
    """Between two requests of a connection; then it is closed."""
    linger: float = 2.0
    """After our last byte, for the client to read it and close (RFC 9112 section 9.6)."""


DEFAULT_LIMITS = Limits()
DEFAULT_TIMEOUTS = Timeouts()
