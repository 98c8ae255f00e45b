"""Lab 4: one response with less than its Content-Length says, and one with more."""

from __future__ import annotations

from rawwfile.lab.expectations import answered, by_hand, fields_well_formed, read_by_http_client
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (
    ("/short", "less than it says"),
    ("/excess", "more than it says"),
)

WRONG = {
    "wrong_swapped.py": ("not-short", '/short is judged "excess"'),
    "wrong_one.py": ("not-excess", '/excess is judged "complete"'),
    "wrong_minus.py": ("length-not-digits", "not a number of bytes: b'-10'"),
    "wrong_name.py": ("no-page", "there is no page at /excess"),
    "wrong_no_length.py": ("no-length", "/short has no Content-Length"),
}


def drive(visit: Visit) -> None:
    """Ask for both pages, each on a connection of its own, and read to the end of it."""
    for path in ("/short", "/excess"):
        with visit.connect() as line:
            line.get(path, "Connection: close\r\n")
            line.rest()


def judge(seen: Seen) -> None:
    """The promise of each page, against what was sent."""
    short = seen.exchange(1)
    _lies(seen, short, "short", "more", "Raise the number in Content-Length above what you write.")
    reading = read_by_http_client(short.response.data)
    seen.expect(
        reading.trouble == "IncompleteRead",
        "no-incomplete-read",
        good=f"http.client notices: IncompleteRead after {len(reading.content)} bytes",
        saw=f"http.client reads {reading.content!r} from /short and notices nothing",
        rule="RFC 9112 section 8",
        step="Let one Content-Length, in digits, be larger than the content.",
    )
    excess = seen.exchange(2)
    _lies(seen, excess, "excess", "less", "Lower the number in Content-Length below what you write.")
    reading = read_by_http_client(excess.response.data)
    seen.expect(
        not reading.trouble,
        "trouble",
        good=f"http.client does not notice: it reads {reading.content!r} and believes that this is all",
        saw=f"http.client cannot read /excess: {reading.trouble}",
        rule="RFC 9112 section 6.3",
        step="Let only the length be wrong.",
    )


def _lies(seen: Seen, page: SeenExchange, verdict: str, than: str, step: str) -> None:
    name = f"/{verdict}"
    answered(seen, page, name)
    by_hand(seen, page, name)
    stated = page.fields.get("Content-Length")
    if stated is None:
        raise NotYet("no-length", f"{name} has no Content-Length, so nothing is promised", "RFC 9110 section 8.6",
                     "Write a Content-Length among its fields.")  # fmt: skip
    fields_well_formed(seen, page)
    seen.expect_no_note(page, "length-and-coding", good=f"{name} has one length, and nothing beside it")
    seen.expect(
        page.verdict == verdict,
        f"not-{verdict}",
        good=f"{name} promises {than} than is sent: {page.record.explain}",
        saw=f'{name} is judged "{page.verdict}", with a Content-Length of {stated}: {page.record.explain}'
        if page.verdict not in ("complete", "short", "excess")
        else f'{name} is judged "{page.verdict}": its Content-Length of {stated} is not {than} than what is sent',
        rule="RFC 9112 section 6.3",
        step=step,
    )
