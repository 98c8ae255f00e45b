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
    "wrong_both.py": ("content-excess", "more than its Content-Length of 1000"),
    "wrong_whole_length.py": ("content-short", 'judged "short"'),
    "wrong_length_behind_slash.py": ("whole-length", "bytes 0-999/1000 says that the whole has 1000 bytes"),
    "wrong_behind_the_end.py": ("content-range-form", "bytes 1000-2099/2000"),
    "wrong_416_too_often.py": ("partial", "bytes=1000-2099 was answered with 416"),
    "wrong_no_416.py": ("unsatisfiable", "answered with 200"),
    "wrong_no_length.py": ("unsatisfied-without-length", "416 without Content-Range"),
}


def drive(visit: Visit) -> None:
    """The whole, its two halves, what lies behind its end, and what reaches over it."""
    size = len(read_by_http_client(visit.get("/", "Connection: close\r\n")).content)
    middle = size // 2
    for asked in (f"0-{middle - 1}", f"{middle}-", f"{size}-{size + 99}", f"{middle}-{size + 99}"):
        visit.get("/", f"Range: bytes={asked}\r\nConnection: close\r\n")


def judge(seen: Seen) -> None:
    """The whole, each half, both together, and the range that is not there."""
    whole = seen.exchange(1)
    answered(seen, whole, "the file")
    complete(seen, whole, "the whole file")
    if whole.status != 200 or len(whole.content) < 2:
        raise NotYet("whole", f"without a range the file was answered with {whole.status}", "RFC 9110 section 14.2",
                     "Without Range send 200 and the whole file.")  # fmt: skip
    size = str(len(whole.content))
    parts = [judge_part(seen, seen.exchange(number), size) for number in (2, 3)]
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
    judge_outside(seen, seen.exchange(4), size)
    over = judge_part(seen, seen.exchange(5), size, "A last byte behind the end means the last one there is: "
                      "last = min(last, len(FILE) - 1). Only the first byte decides about 416.")  # fmt: skip
    seen.expect(
        over == parts[1],
        "over-the-end",
        good="a range that reaches over the end goes to the end",
        saw=f"a range that reaches over the end was answered with {len(over)} bytes, not with the {len(parts[1])} "
        "that are left",
        rule="RFC 9110 section 14.1.2",
        step="Where the last byte is behind the end, send everything from the first one on.",
    )


def judge_outside(seen: Seen, outside: SeenExchange, size: str) -> None:
    """Nothing of the file is asked for: 416, and how long it is."""
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
        step=f"Write Content-Range: bytes */{size} beside 416: the star stands for no range.",
    )  # fmt: skip
    judge_length(seen, outside, size)
    complete(seen, outside, "the 416 response")


def judge_part(seen: Seen, page: SeenExchange, size: str, step: str = "") -> bytes:
    """A part: 206, which part, of how many bytes, and its own bytes. step: other advice than the usual."""
    asked = page.request.head.get("Range") or ""
    answered(seen, page, asked)
    seen.expect(
        page.status == 206,
        "partial",
        good=f"{asked} was answered with 206",
        saw=f"{asked} was answered with {page.status}"
        + (": that says it is the whole file" if page.status == 200 else ""),
        rule="RFC 9110 section 15.3.7",
        step=step or "Answer a range with 206 Partial Content.",
    )
    seen.expect_no_note(
        page, "content-range-missing", "content-range-form",
        good="Content-Range says which part it is",
        step=step or "Write Content-Range: bytes FIRST-LAST/LENGTH, each field with its own \\r\\n.",
    )  # fmt: skip
    complete(seen, page, asked)
    seen.expect_no_note(
        page, "content-range-length",
        good=f"Content-Range: {page.fields.get('Content-Range')} fits the content",
        step="Both ends are counted, from 0: bytes 0-999 are a thousand bytes, FILE[0:1000].",
    )  # fmt: skip
    judge_length(seen, page, size)
    seen.expect_no_note(
        page, "range-differs",
        good="it is the part that was asked for",
        step="Both ends of a range are counted: 0-999 are a thousand bytes, FILE[0:1000].",
    )  # fmt: skip
    return page.content


def judge_length(seen: Seen, page: SeenExchange, size: str) -> None:
    """Behind the slash stands the length of the whole; a star is allowed in a 206."""
    value = page.fields.get("Content-Range") or ""
    length = value.rpartition("/")[2].strip()
    if length not in (size, "*"):
        raise NotYet("whole-length", f"{value} says that the whole has {length} bytes, and it has {size}",
                     "RFC 9110 section 14.4",
                     "Write the length of the whole file behind the slash, not that of the part.")  # fmt: skip
