"""Lab 11: three requests in one piece; their responses come in order, and the slow first one delays the others."""

from __future__ import annotations

from rawwfile.lab.expectations import request_read
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

VISITS = (
    ("/slow", "takes a moment"),
    ("/fast", "is there at once"),
)

WRONG = {
    "wrong_pauses.http": ("one-piece", "did not come in one piece"),
    "wrong_slow_last.http": ("slow-first", "the first request asks for /fast"),
    "wrong_two.http": ("three", "2 requests came"),
    "wrong_close.http": ("three", "1 request came"),
}


def drive(visit: Visit) -> None:
    """Send the bytes as they stand, and read to the end."""
    with visit.connect() as line:
        line.send_pieces(visit.pieces)
        line.finish_sending()
        line.rest()


def judge(seen: Seen) -> None:
    """One connection, one piece, three requests; then the times."""
    first = seen.exchange(1)
    request_read(seen, first)
    records = first.connection.exchanges
    seen.expect(
        len(records) >= 3,
        "three",
        good=f"{len(records)} requests came on one connection",
        saw=f"{len(records)} {'request' if len(records) == 1 else 'requests'} came on the connection",
        rule="RFC 9112 section 9.3.2",
        step="Write three requests, one below the other, none with Connection: close but the last.",
    )
    all_of_them = [seen.exchange(number) for number in range(1, len(records) + 1)]
    for each in all_of_them[1:]:
        request_read(seen, each)
    reads = {entry.sequence for each in all_of_them[:3] for entry in each.request.entries}
    seen.expect(
        len(reads) == 1,
        "one-piece",
        good="the server read the first three in one piece",
        saw=f"the first three requests did not come in one piece, but in {len(reads)}",
        rule="RFC 9112 section 9.3.2",
        step="Take out the [pause ...] lines between them.",
    )
    seen.looked_at, seen.looked_at_request = first, True
    seen.expect(
        first.record.target.startswith("/slow") and all(e.record.target.startswith("/fast") for e in all_of_them[1:3]),
        "slow-first",
        good="the first asks for /slow, the next for /fast",
        saw=f"the first request asks for {first.record.target}",
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
