"""Lab 11: three requests in one piece; their responses come in order, and the slow first one delays the others."""

from __future__ import annotations

from urllib.parse import urlsplit

from rawwfile.lab.expectations import asked, request_read
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

VISITS = (
    ("/slow", "takes a moment"),
    ("/fast", "is there at once"),
)

WRONG = {
    "wrong_pauses.http": ("one-piece", "did not come in one piece"),
    "wrong_slow_last.http": ("slow-first", "the first three ask for /fast"),
    "wrong_two.http": ("three", "2 requests came"),
    "wrong_no_empty_line.http": ("request-no-colon", "field line without a colon"),
    "wrong_no_host.http": ("host-missing", "must have a Host field"),
    "wrong_close.http": ("three", "1 request came"),
}

STEPS = {
    "host-missing": "Write Host: 127.0.0.1:8000\\r\\n below the request line of each request.",
    "request-no-colon": "End each request with an empty line: \\r\\n on a line of its own.",
    "request-head-unfinished": "End each request with an empty line: \\r\\n on a line of its own.",
}


def drive(visit: Visit) -> None:
    """Send the bytes as they stand, and read to the end."""
    with visit.connect() as line:
        line.send_pieces(visit.pieces)
        line.finish_sending()
        line.rest()


def judge(seen: Seen) -> None:
    """One connection, one piece, three requests; then the times."""
    first = asked(seen)
    records = first.connection.exchanges
    all_of_them = [seen.exchange(number) for number in range(1, len(records) + 1)]
    for each in all_of_them:
        request_read(seen, each, STEPS)
    seen.expect(
        len(records) >= 3,
        "three",
        good=f"{len(records)} requests came on one connection",
        saw=f"{len(records)} {'request' if len(records) == 1 else 'requests'} came on the connection",
        rule="RFC 9112 section 9.3.2",
        step="Write three requests, one below the other, none with Connection: close but the last.",
    )
    reads = {entry.sequence for each in all_of_them[:3] for entry in each.request.entries}
    seen.expect(
        len(reads) == 1,
        "one-piece",
        good="the server read the first three in one piece",
        saw=f"the first three requests did not come in one piece, but in {len(reads)}",
        rule="RFC 9112 section 9.3.2",
        step="Take out the [pause ...] lines between them.",
    )
    targets = [each.record.target for each in all_of_them[:3]]
    seen.looked_at, seen.looked_at_request = first, True
    seen.expect(
        [urlsplit(target).path for target in targets] == ["/slow", "/fast", "/fast"],
        "slow-first",
        good="the first asks for /slow, the next for /fast",
        saw=f"the first three ask for {', '.join(targets)}",
        rule="RFC 9112 section 9.3.2",
        step="Ask for /slow first, then twice for /fast.",
    )
    starts = [each.record.response[0] for each in all_of_them]
    seen.expect(
        all(each.status == 200 for each in all_of_them) and starts == sorted(starts),
        "answered",
        good=f"{len(all_of_them)} responses came in the order of the requests",
        saw="not every request was answered with 200: " + ", ".join(str(each.status) for each in all_of_them),
        rule="RFC 9112 section 9.3.2",
        step="Mend the request that was not answered with 200.",
    )
    waited = [(each.record.first_byte or 0.0) - first.record.began for each in all_of_them[1:3]]
    seen.good.append(
        f"/fast, which takes no time at all, was answered after {waited[0]:.2f} s: the slow page stood before it"
    )
