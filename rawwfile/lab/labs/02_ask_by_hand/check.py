"""Lab 2: one request, written by hand."""

from __future__ import annotations

from rawwfile.lab.expectations import asked, request_read
from rawwfile.lab.seen import Seen, shown_lines
from rawwfile.lab.visit import Visit

VISITS = (("/hello/Ada", "what you ask for by hand"),)

WRONG = {
    "wrong_no_host.http": ("host-missing", "must have a Host field"),
    "wrong_two_hosts.http": ("hosts-repeated", "2 Host fields"),
    "wrong_space.http": ("request-space-before-colon", "field name ends in a space"),
    "wrong_no_end.http": ("request-head-unfinished", "in the middle of a request head"),
    "wrong_target.http": ("target-form", "request target must begin with / or http://"),
    "wrong_name.http": ("target", "it asks for /hello/NAME"),
    "wrong_no_line_ends.http": ("no-line-end", "no line ever ends"),
    "wrong_two_requests.http": ("one-request", "the bytes are 2 requests"),
}


STEPS = {
    "host-missing": "Write Host: 127.0.0.1:8000\\r\\n below the request line.",
    "hosts-repeated": "Leave one Host field, and take the other out.",
    "request-head-unfinished": "End the request with an empty line: \\r\\n on a line of its own.",
    "target-form": 'Begin the target with "/": GET /hello/ and your name.',
}


def drive(visit: Visit) -> None:
    """Send the bytes as they stand, and wait for the answer."""
    with visit.connect() as line:
        line.send_pieces(visit.pieces)
        line.finish_sending()
        line.rest()


def judge(seen: Seen) -> None:
    """Request line, Host once, empty line; and nothing behind it."""
    page = asked(seen)
    request_read(seen, page, STEPS)
    seen.expect(
        page.record.method == "GET" and page.record.version == "HTTP/1.1",
        "request-line",
        good="the request line asks with GET, in HTTP/1.1",
        saw=f"the request line asks with {page.record.method}, in {page.record.version}",
        rule="RFC 9112 section 3",
        step="Begin with GET /hello/ and a name, a space, HTTP/1.1\\r\\n.",
    )
    name = page.record.target.partition("/hello/")[2]
    seen.expect(
        page.record.target.startswith(("/hello/", "http://")) and name not in ("", "NAME"),
        "target",
        good=f"it asks for {page.record.target}",
        saw=f"it asks for {page.record.target}",
        rule="RFC 9112 section 3.2",
        step="Put your name where NAME stands: /hello/Ada.",
    )
    seen.expect(
        len(page.request.head.values("Host")) == 1,
        "host",
        good=f"Host is there once: {page.request.head.get('Host')}",
        saw=f"Host is there {len(page.request.head.values('Host'))} times",
        rule="RFC 9112 section 3.2",
        step="Write Host: 127.0.0.1:8000\\r\\n once, below the request line.",
    )
    seen.expect(
        len(seen.exchanges) == 1,
        "one-request",
        good="there is one request, and nothing behind it",
        saw=f"the bytes are {len(seen.exchanges)} requests; the second begins: {_begin(seen)}",
        rule="RFC 9112 section 2.1",
        step="Leave one request: the first empty line ends it.",
    )
    seen.expect(
        page.status == 200,
        "status",
        good=f"the answer is {page.status}: {page.content.decode('utf-8', 'replace').strip()}",
        saw=f"the answer is {page.status}: {page.content.decode('utf-8', 'replace').strip()[:200]}",
        rule="RFC 9110 section 15",
        step="Ask for /hello/ and one name, as in /hello/Ada.",
    )


def _begin(seen: Seen) -> str:
    """The first line of what stands behind the first request."""
    return next(shown_lines(b"".join(each.request.data for each in seen.exchanges[1:])))
