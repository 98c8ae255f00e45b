"""Chunks: a size in hexadecimal digits, the data, and the last one of size 0 (RFC 9112 section 7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, RequestFault

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

MANY_CHUNKS, TINY = 16, 8
"""From this many chunks on, an average of at most this many bytes is worth a remark."""


class ChunkSizeSpace(Note):
    """Between the size and its line end nothing may stand but extensions, which begin with ";". Some
    servers of the nineties padded the size with blanks, so most readers still take them. Most is not
    all, and a reader that stops at the blank never finds the chunk."""

    id = "chunk-size-space"
    level = "warning"
    rule = "RFC 9112 section 7.1"
    sentence = "a space after the chunk size: {line}"
    advice = "Write the size in hexadecimal digits and nothing else."
    doubtful = True


class ChunkExtension(Note):
    """After the size of a chunk its sender may put ";name=value". Hardly anybody has given these extensions a
    meaning, and readers must ignore what they do not know. They cost bytes, and filters
    have been fooled with very long ones."""

    id = "chunk-extension"
    level = "info"
    rule = "RFC 9112 section 7.1.1"
    sentence = "a chunk extension, which readers pass over: {line}"
    advice = "Leave extensions out; no client looks at them."


class BadChunkSize(Note):
    """Where a chunk begins there must be its size in hexadecimal digits. Here is something else, so the
    reader does not know how many bytes to take and stops. Measured with "ZZ": http.client raises
    IncompleteRead, curl ends with exit code 56, h11 refuses, Chromium shows a blank page. Decimal sizes
    are a common slip: sixteen bytes are "10"."""

    id = "bad-chunk-size"
    level = "bad"
    rule = "RFC 9112 section 7.1"
    sentence = "not a chunk size: {offending} at byte {start}"
    advice = "Before each chunk write its size in hexadecimal digits and CR LF."
    doubtful = True


class BadChunkEnd(Note):
    """After as many bytes as the size says, CR LF must stand, and it is not counted in the size. Anything else
    shows that the size is wrong, most often because characters were counted and not bytes. curl shows what it
    has and ends with exit code 56, http.client raises IncompleteRead, h11 refuses it, Chromium shows a blank
    page."""

    id = "bad-chunk-end"
    level = "bad"
    rule = "RFC 9112 section 7.1"
    sentence = "a chunk of {size} is not followed by CR LF but by {offending} at byte {start}"
    advice = "Make the chunk size the number of bytes in the chunk, and end the chunk with CR LF."
    doubtful = True


class TinyChunks(Note):
    """Each chunk costs its size and two line ends: five bytes or more around every one. With chunks of a
    few bytes the packing outweighs the content, and each write is a system call and often a packet.
    That is right for a stream whose pieces must arrive at once, and waste for a page."""

    id = "tiny-chunks"
    level = "info"
    rule = "RFC 9112 section 7.1"
    sentence = "{count} chunks of {average} on average: the packing outweighs the content"
    advice = "Collect some kilobytes before each write, unless every piece has to arrive at once."


class RequestChunkSize(RequestFault):
    """Where the size of a chunk must stand, the client sent something else. "+5", "0x5" or "5 " are sizes to
    some readers and not to others; if two servers in a row differ, they find the end of the request at
    different places. So only hexadecimal digits and well-formed extensions pass."""

    id = "request-chunk-size"
    rule = "RFC 9112 section 7.1"
    sentence = "not a chunk-size line in the content of the request"
    advice = "Before each chunk send its size in hexadecimal digits and CR LF."


class RequestChunkLine(RequestFault):
    """A chunk-size line holds a byte that may stand in no line: a CR without LF, an LF without CR or another
    control character. Readers that end lines differently find different sizes here, which is how chunked
    requests are smuggled past a proxy. A size line is ASCII digits, perhaps extensions, and CR LF, and all
    servers in a row read that alike."""

    id = "request-chunk-line"
    rule = "RFC 9112 section 7.1"
    sentence = "a byte in a chunk-size line of the request that may stand in no line"
    advice = "End each chunk-size line with CR LF."


class RequestChunkEnd(RequestFault):
    """The chunk is longer than the size before it says: where CR LF must follow, data goes on. The server
    cannot know whether size or data is right, and whatever it guessed, the rest of the connection would be read
    as something the client did not mean. The count is of bytes as they go out, after any encoding, and without
    the CR LF that ends the chunk."""

    id = "request-chunk-end"
    rule = "RFC 9112 section 7.1"
    sentence = "chunk data of the request goes on after its size"
    advice = "Count the bytes of each chunk, and end it with CR LF."


class RequestChunkTooLarge(RequestFault):
    """A size of so many hexadecimal digits does not fit into 64 bits; programs that do not notice count with
    what is left of it. It is refused before that. A chunk is as large as its sender's buffer as a rule, which
    is some kilobytes."""

    id = "request-chunk-too-large"
    rule = "RFC 9112 section 7.1"
    sentence = "a chunk size of the request has too many digits"
    advice = "Send chunks of a sensible size."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on how a whole chunked response was cut."""
    observer = view.observer
    chunks = observer.chunks if observer is not None else 0
    if observer is None or chunks < MANY_CHUNKS or observer.content_bytes > TINY * chunks:
        return
    size = f"{observer.content_bytes / chunks:.1f}".removesuffix(".0")
    average = "1 byte" if size == "1" else f"{size} bytes"
    yield TinyChunks(view.content_start, view.response_end, count=chunks, average=average)
