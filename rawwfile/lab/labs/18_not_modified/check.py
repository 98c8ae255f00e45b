"""Lab 18: 200 with a tag, then 304 without content, then 200 again for who has another tag; on one connection."""

from __future__ import annotations

import re

from rawwfile.lab.expectations import answered, complete, lines_end_in_crlf
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Line, Visit

VISITS = (("/", "the page"),)

WRONG = {
    "wrong_no_quotes.py": ("etag-form", "ETag is no entity tag"),
    "wrong_always_200.py": ("not-modified", "was answered with 200 and 1750 bytes"),
    "wrong_content.py": ("content-not-allowed", "a body on"),
    "wrong_bare.py": ("not-modified-bare", "304 without the ETag"),
    "wrong_no_blank_line.py": ("head-unfinished", "no empty line ends the head of the 304"),
    "wrong_length.py": ("not-modified-length", "Content-Length: 0 stands in the 304"),
    "wrong_other_tag.py": ("other-tag", 'the 304 has the tag "another"'),
    "wrong_time.py": ("not-modified", "has another tag each time"),
    "wrong_any_tag.py": ("changed", "was answered with 304"),
    "wrong_close.py": ("reuse", "2 connections"),
}

OTHER = '"an-older-one"'


def drive(visit: Visit) -> None:
    """Ask; ask again with the tag; ask with another tag, all on one connection if it lives."""
    line = visit.connect()
    line.get("/")
    tag = re.search(rb"(?im)^etag:[ \t]*([^\r\n]*?)[ \t]*\r?$", _answer(line).partition(b"\r\n\r\n")[0])
    line = visit.connect() if line.ended else line
    line.get("/", f"If-None-Match: {tag[1].decode('latin-1') if tag else OTHER}\r\n")
    _answer(line)
    line = visit.connect() if line.ended else line
    line.get("/", f"If-None-Match: {OTHER}\r\nConnection: close\r\n")
    line.rest()


def _answer(line: Line) -> bytes:
    """The response; where it says that the connection ends, up to that end."""
    data = line.response()
    if b"\r\nconnection: close\r\n" in data.lower():
        line.rest()
    return data


def judge(seen: Seen) -> None:
    """The tag, the head without content, and what does not match."""
    first = seen.exchange(1)
    answered(seen, first)
    lines_end_in_crlf(seen, first)
    complete(seen, first, "the page")
    tag = first.fields.get("ETag")
    seen.expect(
        first.status == 200 and tag,
        "etag",
        good=f"it came with 200 and ETag: {tag}",
        saw=f"the page came with {first.status}, and without an ETag",
        rule="RFC 9110 section 8.8.3",
        step="Write ETag: and the tag, quotes included, among the fields.",
    )
    seen.expect_no_note(first, "etag-form", good="a tag in quotes, as it has to be")
    judge_again(seen, first, seen.exchange(2))
    judge_other(seen, first, seen.exchange(3))


def judge_again(seen: Seen, first: SeenExchange, again: SeenExchange) -> None:
    """Who has the tag gets a head that ends, the tag, and nothing else."""
    tag, now = first.fields.get("ETag"), again.fields.get("ETag")
    asked = f"If-None-Match: {again.request.head.get('If-None-Match')}"
    size = len(again.content)
    saw = f"{asked} was answered with {again.status} and {size} bytes, which the client has already"
    step = "Where known == tag, write HTTP/1.1 304 Not Modified, the ETag and an empty line, and return."
    if again.status == 200 and now != tag and again.content == first.content:
        saw += f"; the page is the same, and has another tag each time: {now}"
        step = "Make the tag of the page itself, so that it changes when the page does, and only then."
    seen.expect(
        again.status == 304,
        "not-modified",
        good=f"{asked} was answered with 304",
        saw=saw,
        rule="RFC 9110 section 13.1.2",
        step=step,
    )
    lines_end_in_crlf(seen, again)
    seen.expect(
        again.fields.whole,
        "head-unfinished",
        good="an empty line ends it",
        saw="no empty line ends the head of the 304, so the client still waits for more fields",
        rule="RFC 9112 section 2.1",
        step="Write one more \\r\\n behind the last field.",
    )
    seen.expect_no_note(again, "content-not-allowed", "length-not-allowed",
                        good=f"with a head of {len(again.response.data)} bytes and no content",
                        step="Nothing may follow the empty line of a 304: the client would take it for "
                        "the next response.")  # fmt: skip
    seen.expect_no_note(again, "not-modified-bare", good="the tag stands in it as well",
                        step="Write the ETag in the 304, too.")  # fmt: skip
    seen.expect(
        now == tag,
        "other-tag",
        good="and it is the same tag",
        saw=f"the 304 has the tag {now}, and the page {tag}",
        rule="RFC 9110 section 15.4.5",
        step="Write the tag of the page in the 304: it says which one the client may go on using.",
    )
    length = again.fields.get("Content-Length")
    seen.expect(
        length in (None, str(len(first.content))),
        "not-modified-length",
        good="it says nothing wrong about the length of the page",
        saw=f"Content-Length: {length} stands in the 304, and the page has {len(first.content)} bytes",
        rule="RFC 9110 section 8.6",
        step="Leave Content-Length out: a 304 ends with its empty line, and a length in it is that of the page.",
    )


def judge_other(seen: Seen, first: SeenExchange, other: SeenExchange) -> None:
    """Who has another tag gets the page, on the same connection."""
    seen.expect(
        other.status == 200 and other.content == first.content,
        "changed",
        good="who has another tag was given the page",
        saw=f"who has another tag, {other.request.head.get('If-None-Match')}, was answered with {other.status}",
        rule="RFC 9110 section 13.1.2",
        step="Compare the tag that the client has with that of the page: known == tag.",
    )
    count = len(seen.connections)
    seen.expect(
        count == 1,
        "reuse",
        good="all three were answered on one connection",
        saw=f"three requests needed {count} connections",
        rule="RFC 9112 section 9.3",
        step="A 304 ends with its empty line: leave Connection: close out, and send nothing behind it.",
    )
