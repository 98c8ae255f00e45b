"""Lab 15: one client waits for more than a second, another says something; and nothing is missed in between."""

from __future__ import annotations

import threading
import time

from rawwfile.lab.expectations import answered, complete
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Line, Visit

VISITS = (
    ("/wait?after=0", "waits for the first message"),
    ("/say?text=hello", "says hello"),
    ("/wait?after=1", "waits for the second one"),
)

WRONG = {
    "wrong_sleeps.py": ("released", "before anybody had said anything"),
    "wrong_first_again.py": ("words", 'has no "again"'),
    "wrong_misses.py": ("words", 'has no "'),
    "wrong_closes.py": ("reuse", "3 connections"),
}

HELD = 1.1
"""Seconds before the first word is said."""
WORDS = ("hello", "again", "meanwhile")
LATER = 0.1
MOST_LATER = 100


def drive(visit: Visit) -> None:
    """Wait a second before hello is said; say the second soon; say the third while nobody waits."""
    waiting = visit.connect()
    waiting = _wait(visit, waiting, 0, HELD)
    waiting = _wait(visit, waiting, 1, LATER)
    visit.get(f"/say?text={WORDS[2]}", "Connection: close\r\n")
    _wait(visit, waiting, 2, None)


def _wait(visit: Visit, line: Line, after: int, pause: float | None) -> Line:
    """Ask; say the word after so many seconds; whoever still waits then is released by other words."""
    if line.ended:
        line = visit.connect()
    line.get(f"/wait?key=lab&after={after}", "Accept: application/json\r\n")
    thread = threading.Thread(target=_read, args=(line,), daemon=True)
    thread.start()
    if pause is not None:
        time.sleep(pause)
        visit.get(f"/say?text={WORDS[after]}", "Connection: close\r\n")
    for _ in range(MOST_LATER):
        thread.join(LATER)
        if not thread.is_alive():
            break
        visit.get("/say?text=anything", "Connection: close\r\n")
    else:
        raise NotYet("released", f"/wait was not answered, though {MOST_LATER} words were said", "RFC 9110 section 3.4",
                     "Let say() wake who waits: self.changed.notify_all().")  # fmt: skip
    return line


def _read(line: Line) -> None:
    try:
        line.response()
        if b"connection: close" in bytes(line.received).lower():
            line.rest()
    except (NotYet, OSError):
        pass  # too long, or closed meanwhile: the recording tells


def judge(seen: Seen) -> None:
    """The times of the first, then the words of all three."""
    waits = _pages(seen, "/wait")
    says = _pages(seen, "/say")
    if not waits or not says:
        raise NotYet("exchanges", "not every request was answered", "RFC 9110 section 3.4",
                     "Answer /wait and /say with whole responses.")  # fmt: skip
    first = waits[0]
    answered(seen, first, "/wait")
    answered(seen, says[0], "/say")
    held = (first.record.first_byte or 0.0) - first.record.began
    seen.looked_at = first
    seen.expect(
        (first.record.first_byte or 0.0) >= says[0].record.began,
        "released",
        good=f"the first answer was held for {held:.1f} s, until something was said",
        saw=f"/wait was answered after {held:.2f} s, before anybody had said anything",
        rule="a long poll is answered when there is something to say",
        step="Let wait() sleep until len(self.messages) > int(after): self.changed.wait_for(...).",
    )
    _has(seen, first, WORDS[0], "Answer with the messages behind the first N: self.messages[int(after):].")
    complete(seen, first, "the first answer")
    if len(waits) < len(WORDS):
        raise NotYet("reuse", "the client could not ask again", "RFC 9112 section 9.3",
                     "Send whole responses, and leave the connection open.")  # fmt: skip
    second, third = waits[1:3]
    _has(seen, second, WORDS[1], "What the client has already (after=1) must not be the answer again.")
    _has(seen, third, WORDS[2],
         "Look whether something is there already, before you wait: use wait_for with a condition.")  # fmt: skip
    connections = {each.connection.number for each in waits[:3]}
    seen.expect(
        len(connections) == 1,
        "reuse",
        good="the client asked three times on one connection",
        saw=f"the client needed {len(connections)} connections to ask three times",
        rule="RFC 9112 section 9.3",
        step="Leave Connection: close out, and let the content have a length.",
    )


def _has(seen: Seen, page: SeenExchange, word: str, step: str) -> None:
    seen.looked_at = page
    seen.expect(
        page.status == 200 and word in page.content.decode("utf-8", "replace"),
        "words",
        good=f'{page.record.target} was answered with "{word}"',
        saw=f'the answer to {page.record.target} has no "{word}", but {page.content[:80]!r}',
        rule="nothing may be lost between two polls",
        step=step,
    )


def _pages(seen: Seen, path: str) -> list[SeenExchange]:
    return [page for page in seen.exchanges if page.record.target.startswith(path)]
