"""Lab 3: the same page to HTTP/1.0, ended by closing, and to HTTP/1.1, on a connection that lives on."""

from __future__ import annotations

from rawwfile.lab.expectations import answered, by_hand, complete, fields_well_formed, lines_end_in_crlf
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

VISITS = (("/", "the same page for both"),)

WRONG = {
    "wrong_close.py": ("reuse", "the connection was closed after the first page"),
    "wrong_length_to_both.py": ("not-open-ended", "says itself where it ends"),
    "wrong_open_to_both.py": ("open-ended", "only closing can end it"),
    "wrong_line_ends.py": ("bare-lf", "a line ends in LF alone"),
    "wrong_below.py": ("open-ended", "only closing can end it"),
    "wrong_no_page.py": ("no-page", "the page is empty"),
    "wrong_two_pages.py": ("same-page", "do not get the same page"),
}


def drive(visit: Visit) -> None:
    """Ask once with HTTP/1.0, then twice with HTTP/1.1 on one connection."""
    visit.get("/", version="1.0")
    with visit.connect() as line:
        line.get("/")
        line.response()
        line.get("/")
        line.response()


def judge(seen: Seen) -> None:
    """First the old client, then the new one."""
    old = seen.exchange(1)
    answered(seen, old, "the HTTP/1.0 request")
    by_hand(seen, old, "the answer to HTTP/1.0")
    lines_end_in_crlf(seen, old, "the answer to HTTP/1.0")
    seen.expect(
        old.verdict == "open-ended",
        "not-open-ended",
        good="to HTTP/1.0 the page ends with the connection",
        saw="the answer to HTTP/1.0 says itself where it ends"
        if old.verdict == "complete"
        else f'the answer to HTTP/1.0 is judged "{old.verdict}"',
        rule="RFC 9112 section 6.3",
        step="To a client of version (1, 0) write neither a Content-Length nor chunks: the end of the "
        "connection ends the page.",
    )
    seen.expect(
        old.connection.closed_by == "server",
        "not-closed",
        good="the server closed that connection",
        saw="the server did not close the connection of the HTTP/1.0 client",
        rule="RFC 9112 section 9.3",
        step="Leave Connection: keep-alive out.",
    )
    new = seen.exchange(2)
    answered(seen, new, "the HTTP/1.1 request")
    by_hand(seen, new, "the answer to HTTP/1.1")
    lines_end_in_crlf(seen, new, "the answer to HTTP/1.1")
    fields_well_formed(seen, new)
    complete(seen, new, "the answer to HTTP/1.1")
    seen.expect(
        len(new.connection.exchanges) == 2,
        "reuse",
        good="the second request came on the same connection",
        saw="the connection was closed after the first page, so the second request found nobody",
        rule="RFC 9112 section 9.3",
        step="Begin with HTTP/1.1, state the length, and write no Connection: close: then it lives on.",
    )
    again = seen.exchange(3)
    complete(seen, again, "the second answer")
    seen.expect(
        old.content or new.content,
        "no-page",
        good="there is a page",
        saw="the page is empty: a client has nothing to show",
        rule="RFC 9110 section 6.4",
        step="Write the content behind the empty line, to both clients.",
    )
    seen.expect(
        old.content == new.content == again.content,
        "same-page",
        good=f"all three pages are the same {len(old.content)} bytes",
        saw="the old client and the new one do not get the same page",
        rule="RFC 9110 section 2.5",
        step="Let the version change the framing alone: write the same content to both.",
    )
