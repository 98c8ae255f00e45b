"""Lab 5: one response whose fields never end, and the same with one CR LF put in."""

from __future__ import annotations

from os.path import commonprefix

from rawwfile.lab.expectations import answered, by_hand, complete, read_by_http_client
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit
from rawwfile.tape.visible import visible

VISITS = (
    ("/broken", "without the empty line"),
    ("/fixed", "repaired"),
)

WRONG = {
    "wrong_two.py": ("one-crlf", "not /broken with one CR LF put in"),
    "wrong_lf.py": ("one-crlf", "not /broken with one CR LF put in"),
    "wrong_both.py": ("not-broken", '/broken is judged "complete"'),
    "wrong_length.py": ("content-excess", "1 byte more than its Content-Length of 5"),
    "wrong_both_changed.py": ("one-crlf", "they part behind"),
    "wrong_early.py": ("open-ended", "only closing can end it"),
}

CRLF = b"\r\n"


def _part(one: bytes, other: bytes) -> str:
    """Where the two begin to differ, fit to be read."""
    same = len(commonprefix([one, other]))
    if one == other:
        return "they are the same"
    return f"they part behind {visible(one[max(0, same - 20) : same], as_text=True)}"


def drive(visit: Visit) -> None:
    """Ask for both pages, and read to the end of the connections."""
    for path in ("/broken", "/fixed"):
        with visit.connect() as line:
            line.get(path, "Connection: close\r\n")
            line.rest()


def judge(seen: Seen) -> None:
    """Broken first, then what was put in."""
    broken = seen.exchange(1)
    answered(seen, broken, "/broken")
    by_hand(seen, broken, "/broken")
    seen.expect(
        broken.verdict in ("short", "unreadable") and broken.note("head-unfinished", "no-colon"),
        "not-broken",
        good=f"/broken cannot be read as a response: {broken.record.explain}",
        saw=f'/broken is judged "{broken.verdict}": its fields do end',
        rule="RFC 9112 section 2.1",
        step="Leave the empty line out of /broken, and have none in its content.",
    )
    reading = read_by_http_client(broken.response.data)
    seen.good.append(f"http.client reads {reading.content!r} from it: the greeting was taken for a field")
    fixed = seen.exchange(2)
    answered(seen, fixed, "/fixed")
    by_hand(seen, fixed, "/fixed")
    before, after = broken.response.data, fixed.response.data
    seen.expect(
        any(before[:at] + CRLF + before[at:] == after for at in range(len(before) + 1)),
        "one-crlf",
        good=f"/fixed is /broken with one CR LF put in: {len(after)} bytes for {len(before)}",
        saw=f"/fixed is not /broken with one CR LF put in: it has {len(after)} bytes, and /broken {len(before)}; "
        f"{_part(before, after)}",
        rule="RFC 9112 section 2.1",
        step="Write the same bytes in both, and in /fixed an empty line, two bytes, before the content.",
    )
    step = None if fixed.verdict == "excess" else "Put the empty line behind the last field, right before the content."
    complete(seen, fixed, "/fixed", step)
