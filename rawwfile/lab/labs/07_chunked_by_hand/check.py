"""Lab 7: at least three chunks, one of them so large that its size needs hexadecimal, and the last one."""

from __future__ import annotations

from rawwfile.lab.expectations import (
    answered,
    by_hand,
    complete,
    fields_well_formed,
    lines_end_in_crlf,
    read_by_http_client,
)
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (("/", "your chunks"),)

WRONG = {
    "wrong_decimal.py": ("bad-chunk-end", "a chunk of"),
    "wrong_no_last.py": ("last-chunk-missing", "the last chunk is missing"),
    "wrong_half_last.py": ("trailer-unfinished", "no empty line"),
    "wrong_no_line_end.py": ("bad-chunk-end", "is not followed by CR LF"),
    "wrong_prefix.py": ("bad-chunk-size", "not a chunk size: b'0x5"),
    "wrong_end_in_loop.py": ("excess-after-chunks", "after the last chunk"),
    "wrong_characters.py": ("bad-chunk-size", "not a chunk size"),
    "wrong_length_too.py": ("length-and-coding", "both Content-Length and Transfer-Encoding"),
    "wrong_length.py": ("not-chunked", "the fields do not say that chunks come"),
}


def drive(visit: Visit) -> None:
    """Ask twice on one connection: chunks end the first page, so it lives on."""
    with visit.connect() as line:
        for _ in range(2):
            line.get("/")
            line.response()


def judge(seen: Seen) -> None:
    """Fields, chunks, last chunk, connection."""
    page = seen.exchange(1)
    answered(seen, page)
    by_hand(seen, page)
    coding = page.fields.get("Transfer-Encoding") or ""
    seen.expect(
        coding.lower() == "chunked",
        "not-chunked",
        good="Transfer-Encoding says that chunks come",
        saw="the fields do not say that chunks come",
        rule="RFC 9112 section 6.1",
        step="Write Transfer-Encoding: chunked\\r\\n among the fields.",
    )
    seen.expect_no_note(page, "length-and-coding", good="there is no Content-Length beside it")
    fields_well_formed(seen, page)
    complete(seen, page, step=_step(page))
    lines_end_in_crlf(seen, page)
    sizes = page.response.chunk_sizes
    data = [size for size in sizes if size]
    seen.expect(
        len(data) >= 3 and max(data) > 9,
        "chunks",
        good=f"there are {len(data)} chunks and the last one: {', '.join(f'{size:x}' for size in sizes)}",
        saw=f"chunks with data: {len(data)}, the largest of {max(data, default=0)} bytes",
        rule="RFC 9112 section 7.1",
        step="Send three chunks or more, one of them larger than 9 bytes: 10 is written a.",
    )
    reading = read_by_http_client(page.response.data)
    seen.expect(
        reading.content == page.content and not reading.trouble,
        "http-client",
        good=f"http.client puts {len(page.content)} bytes together again",
        saw="http.client reads something else",
        rule="RFC 9112 section 7.1",
        step="Send nothing but chunks behind the empty line.",
    )
    seen.expect(
        len(page.connection.exchanges) == 2,
        "reuse",
        good="the connection lived on for a second request",
        saw="the connection was closed behind the last chunk",
        rule="RFC 9112 section 9.3",
        step="Begin with HTTP/1.1, and write no Connection: close.",
    )


def _step(page: SeenExchange) -> str | None:
    """What to do where no chunk size was found, if the bytes tell why; None: what the note says."""
    note = page.note("bad-chunk-size")
    if note is None:
        return None
    if b"\r\n0x" in page.response.data.lower():
        return "Write the digits alone, without 0x: 11, and not 0x11."
    if "size: b'\\r\\n" in note.message:
        return "The chunk before it was longer than its size: count bytes, not characters, len(data) of bytes."
    return None
