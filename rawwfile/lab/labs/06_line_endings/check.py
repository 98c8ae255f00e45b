"""Lab 6: a response whose lines end in LF alone, and one whose lines end in CR alone."""

from __future__ import annotations

from rawwfile.lab.expectations import answered, by_hand, complete, read_by_http_client
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

VISITS = (
    ("/lf", "lines end in LF"),
    ("/cr", "lines end in CR"),
)

WRONG = {
    "wrong_swapped.py": ("crlf-left", "no line of /lf ends in LF alone"),
    "wrong_turned.py": ("lf-left", "/cr has 4 LF"),
    "wrong_last.py": ("crlf-left", "in the head of /lf CR is left: 1 of them"),
    "wrong_no_end.py": ("head-unfinished", "the head is not finished"),
    "wrong_one.py": ("crlf-left", "no line of /lf ends in LF alone"),
}


def drive(visit: Visit) -> None:
    """Ask for both pages, and read to the end of the connections."""
    for path in ("/lf", "/cr"):
        with visit.connect() as line:
            line.get(path, "Connection: close\r\n")
            line.rest()


def judge(seen: Seen) -> None:
    """LF is forgiven, CR is not."""
    lf = seen.exchange(1)
    answered(seen, lf, "/lf")
    by_hand(seen, lf, "/lf")
    head = lf.response.data[: lf.fields.end - lf.response.start]
    count = head.count(b"\n")
    seen.expect(
        count >= 3 and b"\r" not in head,
        "crlf-left",
        good=f"{count} lines of /lf end in LF alone",
        saw="no line of /lf ends in LF alone"
        if head.count(b"\n") == head.count(b"\r\n")
        else f"in the head of /lf CR is left: {head.count(bytes([13]))} of them",
        rule="RFC 9112 section 2.2",
        step='In /lf end every line with "\\n", the empty line too.',
    )
    complete(seen, lf, "/lf")
    seen.expect(
        lf.note("bare-lf"),
        "bare-lf",
        good="the note bare-lf is on it: readers may accept this, and need not",
        saw="no note says that lines end in LF alone",
        rule="RFC 9112 section 2.2",
        step='In /lf end every line with "\\n".',
    )
    reading = read_by_http_client(lf.response.data)
    seen.good.append(f"http.client reads {reading.content!r} from /lf, as if nothing were wrong")
    cr = seen.exchange(2)
    answered(seen, cr, "/cr")
    by_hand(seen, cr, "/cr")
    seen.expect(
        b"\n" not in cr.response.data and cr.response.data.count(b"\r") >= 3,
        "lf-left",
        good=f"{cr.response.data.count(bytes([13]))} lines of /cr end in CR alone",
        saw=f"/cr has {cr.response.data.count(bytes([10]))} LF in it, and {cr.response.data.count(bytes([13]))} CR",
        rule="RFC 9112 section 2.2",
        step='In /cr end every line with "\\r", and have no "\\n" anywhere, not even in the content.',
    )
    reading = read_by_http_client(cr.response.data)
    seen.expect(
        cr.verdict in ("short", "unreadable") and not reading.content,
        "cr-read",
        good=f"/cr cannot be read: {cr.record.explain}",
        saw=f'/cr is judged "{cr.verdict}"',
        rule="RFC 9112 section 2.2",
        step='In /cr end every line with "\\r".',
    )
