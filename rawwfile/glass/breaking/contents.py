"""Mutations of what says where the content ends, of the content itself, and of how the bytes arrive."""

from __future__ import annotations

from rawwfile.glass.breaking.base import Broken, CannotBreak, changed, line_end, mutation, one, replaced, with_field
from rawwfile.glass.breaking.shape import Shape
from rawwfile.glass.pieces import MAX_PIECES, Piece


def _counted(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"


def _needs_content(shape: Shape) -> None:
    if shape.blank is None:
        raise CannotBreak("the head has no empty line, so no content follows")
    if shape.bodiless:
        raise CannotBreak(f"a {shape.status} response has no content")


def _with_length(shape: Shape, new: bytes) -> bytes:
    """The message with this Content-Length, in place of the first, or as one more field."""
    lengths = shape.named(b"content-length")
    if not lengths:
        return with_field(shape, b"Content-Length: " + new)
    field = lengths[0]
    return replaced(shape, field.colon + 1, field.end, b" " + new)


def _length(shape: Shape) -> int:
    """The length that the message states, or would state."""
    _needs_content(shape)
    if shape.framing == "chunked":
        raise CannotBreak("the content is chunked and states no length")
    lengths = shape.named(b"content-length")
    if lengths and shape.length is None:
        raise CannotBreak("its Content-Length is not a number already")
    return len(shape.decoded) if shape.length is None else shape.length


@mutation("length-plus", "Length plus one", rule="9112 section 8", number=("how many bytes too many it promises", 1))
def length_plus(shape: Shape, number: int) -> Broken:
    """Content-Length promises more than comes."""
    length, more = _length(shape), max(1, min(number, 1 << 40))
    data = _with_length(shape, b"%d" % (length + more))
    if shape.stop < len(shape.data):
        what = f"Content-Length is {more} too large: the reader takes the next message's first bytes for content."
        return one(data, what)
    what = f"Content-Length promises {_counted(more)} more than there is: the reader waits for it."
    return one(data, what, "content-short", end=True)


@mutation("length-minus", "Length minus one", rule="9110 section 8.6", number=("how many bytes it leaves out", 1))
def length_minus(shape: Shape, number: int) -> Broken:
    """Content-Length promises less than comes."""
    length = _length(shape)
    if length != len(shape.decoded):
        raise CannotBreak("its Content-Length is wrong already")
    if not length:
        raise CannotBreak("there is no content to count wrongly")
    less = max(1, min(number, length))
    what = f"Content-Length is {less} too small: what is left over is read as the beginning of the next message."
    return one(_with_length(shape, b"%d" % (length - less)), what, "content-excess")


@mutation("two-lengths", "Two different lengths", rule="9112 section 6.3")
def two_lengths(shape: Shape, _: int) -> Broken:
    """A second Content-Length says something else."""
    length = _length(shape)
    data = shape.data
    if not shape.named(b"content-length"):
        first = b"Content-Length: %d" % length + line_end(shape)
        data = with_field(shape, first + b"Content-Length: %d" % (length + 1))
    else:
        data = with_field(shape, b"Content-Length: %d" % (length + 1))
    what = "There are two Content-Lengths, and they differ: one reader takes the first, another the last."
    return one(data, what, "lengths-differ")


@mutation("plus-length", "Content-Length: +5", rule="9110 section 8.6")
def plus_length(shape: Shape, _: int) -> Broken:
    """The number has a sign."""
    data = _with_length(shape, b"+%d" % _length(shape))
    what = 'A "+" stands before the number. Lenient readers take it, strict ones refuse.'
    return one(data, what, "length-not-digits")


@mutation("length-and-chunked", "Length and chunked", rule="9112 section 6.1")
def length_and_chunked(shape: Shape, _: int) -> Broken:
    """Both ways to say where the content ends."""
    _needs_content(shape)
    what = "Content-Length and chunked both say where the content ends: two readers may believe different ones."
    content, ends = shape.decoded, line_end(shape)
    if shape.framing == "chunked":
        if shape.named(b"content-length"):
            raise CannotBreak("it has both already")
        return one(with_field(shape, b"Content-Length: %d" % len(content)), what, "length-and-coding")
    coded = b"%x\r\n%b\r\n" % (len(content), content) if content else b""
    fields = b"Transfer-Encoding: chunked" + ends
    if not shape.named(b"content-length"):
        fields += b"Content-Length: %d" % len(content) + ends
    assert shape.blank is not None
    at = shape.blank.start
    data = changed(shape.data, [(at, at, fields), (shape.content, shape.stop, coded + b"0\r\n\r\n")])
    return one(data, what, "length-and-coding")


def _chunked(shape: Shape) -> None:
    if shape.framing != "chunked":
        raise CannotBreak("the content is not chunked")


@mutation("bad-chunk-size", "Chunk size ZZ", rule="9112 section 7.1")
def bad_chunk_size(shape: Shape, _: int) -> Broken:
    """A chunk size is no number."""
    _chunked(shape)
    if shape.chunks:
        start, stop = shape.chunks[0].start, shape.chunks[0].data
    elif shape.last_chunk is not None:
        start = shape.last_chunk
        stop = shape.data.index(b"\n", start) + 1
    else:
        raise CannotBreak("no chunk is there")
    data = replaced(shape, start, stop, b"ZZ\r\n")
    return one(data, "The first chunk size is ZZ, which is no hexadecimal number.", "bad-chunk-size")


@mutation("chunk-junk", "Junk after chunk data", rule="9112 section 7.1")
def chunk_junk(shape: Shape, _: int) -> Broken:
    """More bytes than the chunk size says."""
    _chunked(shape)
    if not shape.chunks:
        raise CannotBreak("no whole chunk with data is there")
    end = shape.chunks[0].end
    data = replaced(shape, end, end, b"junk")
    return one(data, "The first chunk is four bytes longer than its size says.", "bad-chunk-end")


@mutation("no-last-chunk", "Drop the last chunk", rule="9112 section 7.1")
def no_last_chunk(shape: Shape, _: int) -> Broken:
    """The content never says that it is over."""
    _chunked(shape)
    if shape.last_chunk is None:
        raise CannotBreak("the last chunk is missing already")
    data = replaced(shape, shape.last_chunk, shape.stop, b"")
    what = "The last chunk is gone: the reader waits for more content."
    return one(data, what, "last-chunk-missing", *["bad-chunk-size"] * (shape.stop < len(shape.data)), end=True)


@mutation("body-on-204", "Content on 204", "response", rule="9110 section 6.4.1")
def body_on_204(shape: Shape, _: int) -> Broken:
    """A status that allows no content, with content."""
    _needs_content(shape)
    at = shape.data.find(b" ", shape.first.start, shape.first.end)
    if shape.status is None or at < 0:
        raise CannotBreak("the status line has no status code of three digits")
    changes = [(at, shape.first.end, b" 204 No Content")]
    if shape.stop == shape.content:
        changes.append((shape.content, shape.content, b"hello"))
    data = changed(shape.data, changes)
    what = "The status says that there is no content, and content follows: it is read as the next response."
    return one(data, what, "content-not-allowed")


@mutation("extra", "Bytes after the end", rule="9112 section 6.3")
def extra(shape: Shape, _: int) -> Broken:
    """Something follows the whole message that is no message."""
    if shape.blank is None:
        raise CannotBreak("the message has no end to write after")
    if shape.framing == "close":
        raise CannotBreak("only closing ends this content: whatever is written belongs to it")
    if shape.framing == "chunked" and shape.last_chunk is None:
        raise CannotBreak("the last chunk is missing, so the message has no end")
    if shape.framing == "length" and shape.length != len(shape.decoded):
        raise CannotBreak("the content is not whole, so the message has no end")
    data = replaced(shape, shape.stop, shape.stop, b"extra bytes\r\n\r\n")
    if shape.kind == "request":
        return one(data, "More bytes follow the whole request: they are read as the next request.", "content-excess")
    note = {"chunked": "excess-after-chunks", "none": "content-not-allowed"}.get(shape.framing, "content-excess")
    return one(data, "More bytes follow the whole response: they are read as the next response.", note)


def _cut_notes(shape: Shape, at: int) -> tuple[str, ...]:
    if at < shape.content or shape.blank is None:
        return "head-unfinished", "not-http"
    if shape.framing == "length":
        return ("content-short",)
    if shape.framing == "chunked":
        return "last-chunk-missing", "chunk-short", "trailer-unfinished"
    return ()


@mutation("cut", "Cut after N bytes", rule="9112 section 8", number=("how many bytes are sent; 0: half of them", 0))
def cut(shape: Shape, number: int) -> Broken:
    """The connection ends in the middle."""
    size = shape.stop
    if size < 2:
        raise CannotBreak("there is nothing to cut")
    if not number:
        # Half of the content tells more than half of the head, where there is content.
        number = (shape.content + size) // 2 if size - shape.content > 1 else size // 2
    at = max(1, min(number, size - 1))
    notes = _cut_notes(shape, at)
    what = f"Nothing is sent after {_counted(at)} of {size}."
    if not notes:
        what += " Only closing ends this content, so no reader can know that it was cut."
    return one(shape.data[:at], what, *notes, end=True)


@mutation("bytes", "One byte at a time", number=("milliseconds between two bytes; 0: as many as fit in 2 seconds", 0))
def single_bytes(shape: Shape, number: int) -> Broken:
    """Each byte in a write of its own."""
    data = shape.data
    if len(data) > MAX_PIECES:
        raise CannotBreak(f"of {len(data)} bytes; at most {MAX_PIECES} are sent one at a time")
    pause = max(0, min(number, 1000)) / 1000 if number else min(0.02, 2.0 / len(data))
    if pause * len(data) > 240:
        pause = 240 / len(data)
    pieces = [Piece(data[at:at + 1], pause if at else 0.0) for at in range(len(data))]
    return Broken(pieces, "Each byte is sent alone. Nothing is wrong with that: bytes have no borders on the way.")


@mutation("split", "In two writes, half a second apart")
def split(shape: Shape, _: int) -> Broken:
    """The message in two pieces, cut in the middle of its head's last line end."""
    at = shape.content - 1 if shape.blank is not None and shape.content < len(shape.data) else len(shape.data) // 2
    if not 0 < at < len(shape.data):
        raise CannotBreak("there is nothing to split")
    pieces = [Piece(shape.data[:at]), Piece(shape.data[at:], 0.5)]
    return Broken(pieces, "The message comes in two writes half a second apart, cut inside a line end. "
                          "Nothing is wrong with that: a reader waits for the rest.")
