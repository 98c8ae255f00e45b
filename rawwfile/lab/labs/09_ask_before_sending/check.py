"""Lab 9: a client that asks before it sends; one is told to go on, the other is refused before it has sent a byte."""

from __future__ import annotations

from rawwfile.lab.expectations import answered
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Message, Seen
from rawwfile.lab.visit import Line, Visit

VISITS = (("/", "takes uploads (POST)"),)

WRONG = {
    "wrong_too_late.py": ("continued", "the large content was asked for"),
    "wrong_takes_nothing.py": ("refused", "the small content was answered with 413"),
    "wrong_never_reads.py": ("not-continued", "the client waited in vain"),
    "wrong_both.py": ("continued", "the large content was asked for"),
}

SMALL = b"a small gift\n"
LARGE = 5_000_000


def drive(visit: Visit) -> None:
    """Ask to send a little, and then to send much; the content follows only when the server says so."""
    with visit.connect() as line:
        if _asked(line, len(SMALL)):
            line.send(SMALL)
        line.response("POST")
    with visit.connect() as line:
        # Where the server wants it, the client goes away instead of sending so much for nothing.
        if not _asked(line, LARGE):
            line.rest()


def _asked(line: Line, length: int) -> bool:
    """Whether the server answers the question with 100."""
    line.send(
        b"POST / HTTP/1.1\r\nHost: lab\r\nContent-Type: text/plain\r\n"
        b"Content-Length: %d\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n" % length
    )
    return line.until(b"\r\n\r\n").startswith(b"HTTP/1.1 100")


def judge(seen: Seen) -> None:
    """The order of bytes in both directions tells who waited for whom."""
    small = seen.exchange(1)
    answered(seen, small, "the small content")
    if small.status == 413:
        raise NotYet("refused", "the small content was answered with 413", "RFC 9110 section 15.5.14",
                     "Refuse only what is larger than MOST: compare request.content_length.")  # fmt: skip
    continued, content = _time_of_continue(small.response), small.request.of_kind("content", "chunk-data")
    seen.expect(
        continued is not None and b"".join(content) == SMALL,
        "not-continued",
        good=f"100 Continue went out, and then {len(SMALL)} bytes of content came",
        saw="the client waited in vain for 100 Continue, and never sent its content",
        rule="RFC 9110 section 10.1.1",
        step="Read request.rfile: the first read tells the client to go on. (Or write HTTP/1.1 100 Continue yourself.)",
    )
    first = next(offset for kind, _, offset in small.request.spans if kind in ("content", "chunk-data"))
    seen.expect(
        continued is not None and continued <= small.request.time_of(first),
        "order",
        good="the 100 was first, the content second",
        saw="the content came before the 100",
        rule="RFC 9110 section 10.1.1",
        step="Let the client wait for 100 Continue.",
    )
    seen.expect(
        small.status is not None and 200 <= small.status < 300,
        "small",
        good=f"the final answer is {small.status}",
        saw=f"the final answer to the small content is {small.status}",
        rule="RFC 9110 section 15.3",
        step="Answer 200 when you have read it.",
    )
    large = seen.exchange(2)
    answered(seen, large, f"the content of {LARGE} bytes")
    seen.expect(
        _time_of_continue(large.response) is None,
        "continued",
        good="no 100 Continue was sent for it",
        saw="the large content was asked for: 100 Continue was sent",
        rule="RFC 9110 section 10.1.1",
        step="Look at request.content_length before you read request.rfile or write anything.",
    )
    seen.expect(
        large.status == 413 and not large.request.of_kind("content", "chunk-data"),
        "too-large",
        good="it was answered with 413, and not one byte of it was sent",
        saw=f"it was answered with {large.status}",
        rule="RFC 9110 section 15.5.14",
        step='Answer what is larger than MOST with raise HTTPError(413, "...").',
    )


def _time_of_continue(response: Message) -> float | None:
    for head in response.heads:
        if head.words.get("status-code") == "100":
            return response.time_of(head.start)
    return None
