"""Lab 1: one whole response, written by hand."""

from __future__ import annotations

from rawwfile.lab.expectations import (
    answered,
    by_hand,
    complete,
    fields_well_formed,
    lines_end_in_crlf,
    read_by_http_client,
)
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange, shown_lines
from rawwfile.lab.visit import Visit

VISITS = (("/", "your greeting"),)

WRONG = {
    "wrong_returned.py": ("by-hand", "the server wrote the response for you"),
    "wrong_line_ends.py": ("bare-lf", "a line ends in LF alone"),
    "wrong_characters.py": ("content-excess", "2 bytes more than its Content-Length of 9"),
    "wrong_slashes.py": ("no-line-end", "does not end where it should"),
    "wrong_equals.py": ("no-colon", "a field line without a colon"),
    "wrong_space.py": ("space-before-colon", "field name ends in a space"),
    "wrong_triple.py": ("status-line", "no status line"),
    "wrong_number.py": ("crash", "wrong_number.py:16: TypeError"),
    "wrong_no_length.py": ("open-ended", "only closing can end it"),
}


def drive(visit: Visit) -> None:
    """Ask for the page once."""
    visit.get("/")


def judge(seen: Seen) -> None:
    """Status line, fields, empty line, content, in this order."""
    page = seen.exchange(1)
    answered(seen, page)
    by_hand(seen, page)
    status_line(seen, page)
    lines_end_in_crlf(seen, page)
    fields_well_formed(seen, page)
    if page.note("head-unfinished"):
        complete(seen, page)
    seen.expect(
        page.fields.get("Content-Type"),
        "no-content-type",
        good=f"Content-Type says what the content is: {page.fields.get('Content-Type')}",
        saw="an empty line stands before Content-Type, so it is content, and no field"
        if b"\r\ncontent-type:" in page.response.data.lower()
        else "no field says what the content is",
        rule="RFC 9110 section 8.3",
        step="Write Content-Type: text/plain; charset=utf-8\\r\\n between the status line and the empty line.",
    )
    complete(seen, page)
    reading = read_by_http_client(page.response.data)
    seen.expect(
        reading.content and reading.content == page.content and not reading.trouble,
        "no-greeting",
        good=f"http.client reads {len(page.content)} bytes of content from it",
        saw="the response is whole, and has no content: a client has nothing to show",
        rule="RFC 9110 section 6.4",
        step="Write a greeting after the empty line, and its number of bytes as Content-Length.",
    )


def status_line(seen: Seen, page: SeenExchange) -> None:
    """It is one, of HTTP/1.1 and with the status 200."""
    first, line_end, _ = page.response.data.partition(b"\n")
    words = page.fields.words
    shown = next(shown_lines(first[:200].rstrip(b"\r") or b"(an empty line)"))
    if first.startswith(b"HTTP/") and (not line_end or b"/r/n" in first):
        raise NotYet("no-line-end", f"the first line does not end where it should: {shown}", "RFC 9112 section 2.2",
                     'End each line with CR LF, in Python "\\r\\n", with backslashes.')  # fmt: skip
    if words.get("version") == "HTTP/1.1" and page.status not in (200, None):
        saw = f"the status is {page.status}, and it should be 200"
    elif words.get("version", "HTTP/1.1") != "HTTP/1.1" and page.status == 200:
        saw = f"the version is {words['version']}, and it should be HTTP/1.1"
    else:
        saw = f"the first line is no status line: {shown}"
    seen.expect(
        page.status == 200 and words.get("version") == "HTTP/1.1",
        "status-line",
        good="the status line says HTTP/1.1 and 200",
        saw=saw,
        rule="RFC 9112 section 4",
        step="Begin with version, a space, 200, a space, a reason phrase, CR LF: HTTP/1.1 200 OK\\r\\n.",
    )
