"""Lab 17: two parts that make the whole again, and a range that lies behind the end."""

from __future__ import annotations

import hashlib

from rawwfile.lab.expectations import answered, complete, read_by_http_client
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (("/", "the file; a browser asks for the whole"),)

WRONG = {
    "wrong_status.py": ("partial", "bytes=0-999 was answered with 200"),
    "wrong_last_byte.py": ("range-differs", "asked for"),
    "wrong_content_range.py": ("content-range-length", "the content has 1000"),
    "wrong_no_place.py": ("content-range-missing", "206 without Content-Range"),
    "wrong_no_416.py": ("unsatisfiable", "answered with 200"),
    "wrong_no_length.py": ("unsatisfied-without-length", "416 without Content-Range"),
}


def drive(visit: Visit) -> None:
    """The whole, its two halves, and what lies behind its end."""
    size = len(read_by_http_client(visit.get("/", "Connection: close\r\n")).content)
    middle = size // 2
    for asked in (f"0-{middle - 1}", f"{middle}-", f"{size}-{size + 99}"):
        visit.get("/", f"Range: bytes={asked}\r\nConnection: close\r\n")


def judge(seen: Seen) -> None:
    """The whole, each half, both together, and the range that is not there."""
    whole = seen.exchange(1)
    answered(seen, whole, "the file")
    complete(seen, whole, "the whole file")
    if whole.status != 200 or len(whole.content) < 2:
        raise NotYet("whole", f"without a range the file was answered with {whole.status}", "RFC 9110 section 14.2",
                     "Without Range send 200 and the whole file.")  # fmt: skip
    parts = [judge_part(seen, seen.exchange(number)) for number in (2, 3)]
    sums = [hashlib.sha256(content).hexdigest() for content in (whole.content, b"".join(parts))]
    seen.expect(
        sums[0] == sums[1],
        "together",
        good=f"{len(parts[0])} and {len(parts[1])} bytes, put together, have the checksum of the whole: {sums[0][:8]}",
        saw=f"the two parts together have {len(b''.join(parts))} bytes and the checksum {sums[1][:8]}, "
        f"the whole {len(whole.content)} bytes and {sums[0][:8]}",
        rule="RFC 9110 section 14.1.2",
        step="Both ends of a range are counted, from 0: FILE[first:last + 1].",
    )
    outside = seen.exchange(4)
    asked = outside.request.head.get("Range")
    seen.expect(
        outside.status == 416,
        "unsatisfiable",
        good=f"{asked}, which lies behind the end, was answered with 416",
        saw=f"{asked}, which lies behind the end, was answered with {outside.status}",
        rule="RFC 9110 section 15.5.17",
        step="Where first is not below the length of the file, answer 416 Range Not Satisfiable.",
    )
    seen.expect_no_note(
        outside,
        "unsatisfied-without-length", "content-range-form",
        good=f"and it says how long the file is: {outside.fields.get('Content-Range')}",
        step="Write Content-Range: bytes */2000 beside 416: the star stands for no range.",
    )  # fmt: skip
    complete(seen, outside, "the 416 response")


def judge_part(seen: Seen, page: SeenExchange) -> bytes:
    """A part: 206, which part, and its bytes."""
    asked = page.request.head.get("Range") or ""
    answered(seen, page, asked)
    seen.expect(
        page.status == 206,
        "partial",
        good=f"{asked} was answered with 206",
        saw=f"{asked} was answered with {page.status}"
        + (": that says it is the whole file" if page.status == 200 else ""),
        rule="RFC 9110 section 15.3.7",
        step="Answer a range with 206 Partial Content.",
    )
    seen.expect_no_note(
        page, "content-range-missing", "content-range-form", "content-range-length",
        good=f"Content-Range: {page.fields.get('Content-Range')} fits the content",
        step="Write Content-Range: bytes FIRST-LAST/LENGTH, both ends counted.",
    )  # fmt: skip
    seen.expect_no_note(
        page, "range-differs",
        good="it is the part that was asked for",
        step="Both ends of a range are counted: 0-999 are a thousand bytes, FILE[0:1000].",
    )  # fmt: skip
    complete(seen, page, asked)
    return page.content
