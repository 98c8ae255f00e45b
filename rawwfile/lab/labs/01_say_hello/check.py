"""Lab 1: one whole response, written by hand."""

from __future__ import annotations

from rawwfile.lab.expectations import answered, by_hand, complete, lines_end_in_crlf, read_by_http_client
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

VISITS = (("/", "your greeting"),)

WRONG = {
    "wrong_returned.py": ("by-hand", "the server wrote the response for you"),
    "wrong_line_ends.py": ("bare-lf", "a line ends in LF alone"),
    "wrong_characters.py": ("content-excess", "2 bytes more than its Content-Length of 9"),
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
    lines_end_in_crlf(seen, page)
    seen.expect(
        page.status == 200 and page.fields.words.get("version") == "HTTP/1.1",
        "status-line",
        good="the status line says HTTP/1.1 and 200",
        saw="the first line is no status line of HTTP/1.1 with the status 200",
        rule="RFC 9112 section 4",
        step="Begin with version, a space, 200, a space, a reason phrase, CR LF: HTTP/1.1 200 OK\\r\\n.",
    )
    seen.expect(
        page.fields.get("Content-Type"),
        "no-content-type",
        good=f"Content-Type says what the content is: {page.fields.get('Content-Type')}",
        saw="no field says what the content is",
        rule="RFC 9110 section 8.3",
        step="Write Content-Type: text/plain; charset=utf-8\\r\\n among the fields.",
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
