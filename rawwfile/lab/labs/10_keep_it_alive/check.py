"""Lab 10: three exchanges on one connection; then a page with a wrong length, and the connection is closed."""

from __future__ import annotations

from rawwfile.lab.expectations import answered, by_hand, complete, fields_well_formed, lines_end_in_crlf
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

VISITS = (
    ("/", "keeps its connection"),
    ("/bad", "cannot keep it"),
)

WRONG = {
    "wrong_close.py": ("one-connection", "1 of 3 requests"),
    "wrong_all_good.py": ("not-bad", '/bad is judged "complete"'),
    "wrong_line_ends.py": ("bare-lf", "a line ends in LF alone"),
    "wrong_second.py": ("content-short", 'page 2 is judged "short"'),
    "wrong_no_length.py": ("not-bad", '/bad is judged "open-ended"'),
}

PAGES = 3


def drive(visit: Visit) -> None:
    """Three times the page, once the bad one, and once more the page: all on one connection, while it lasts."""
    with visit.connect() as line:
        for path in ("/",) * PAGES + ("/bad", "/"):
            line.get(path)
            line.response()


def judge(seen: Seen) -> None:
    """How many came on the first connection, and what ended it."""
    page = seen.exchange(1)
    answered(seen, page)
    by_hand(seen, page)
    lines_end_in_crlf(seen, page)
    fields_well_formed(seen, page)
    complete(seen, page)
    count = len(page.connection.exchanges)
    for number in range(2, min(count, PAGES) + 1):
        complete(seen, seen.exchange(number), f"page {number}")
    seen.expect(
        count > PAGES,
        "one-connection",
        good=f"{PAGES} pages came on one connection",
        saw=f"{count} of {PAGES} requests found the connection open, and then it was closed: {page.connection.why}",
        rule="RFC 9112 section 9.3",
        step="Begin with HTTP/1.1, state the right length, and write no Connection: close.",
    )
    bad = seen.exchange(PAGES + 1)
    answered(seen, bad, "/bad")
    by_hand(seen, bad, "/bad")
    seen.expect(
        bad.verdict in ("short", "excess", "unreadable"),
        "not-bad",
        good=f"/bad breaks its promise: it is judged {bad.verdict}",
        saw=f'/bad is judged "{bad.verdict}": {bad.record.explain.removeprefix("complete: ")}',
        rule="RFC 9112 section 6.3",
        step="Give /bad a Content-Length that is not the number of its bytes.",
    )
    seen.expect(
        bad.connection.closed_by == "server" and bad.last_of_connection,
        "closed",
        good=f"the server closed the connection: {bad.connection.why}",
        saw="the connection was used again behind it",
        rule="RFC 9112 section 9.3",
        step="Give /bad a Content-Length that is not the number of its bytes.",
    )
