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
    "wrong_misses.py": ("missed", 'although "meanwhile" was there already'),
    "wrong_gathers.py": ("late", "more words were said"),
    "wrong_no_notify.py": ("released", "words were said while it waited"),
    "wrong_no_with.py": ("crash", "the page /say?text=hello failed: "),
    "wrong_keeps_the_lock.py": ("say", "/say?text=hello was not answered while somebody waited"),
    "wrong_closes.py": ("reuse", "3 connections"),
}

HELD = 1.1
"""Seconds before the first word is said."""
WORDS = ("hello", "again", "meanwhile")
SOON = 0.1
"""Seconds before the second one is."""
STEPS = (0.1, 0.2, 0.3, 0.5)
"""Seconds that an answer has, one after the other: behind each the server has to answer something else."""
MOST_LATER = 3
"""So many other words are said before an answer is late. Words are counted, for a machine may stand still a while."""
LOST = "nothing may be lost between two polls"
POLL = "a long poll is answered when there is something to say"


def drive(visit: Visit) -> None:
    """Wait a second before hello is said; say the second soon; say the third while nobody waits."""
    waiting = visit.connect()
    waiting = _wait(visit, waiting, 0, HELD)
    waiting = _wait(visit, waiting, 1, SOON)
    _say(visit, WORDS[2])
    _wait(visit, waiting, 2, None)


def _wait(visit: Visit, line: Line, after: int, pause: float | None) -> Line:
    """Ask; say the word after so many seconds; whoever still waits then is released by other words."""
    if line.ended:
        line = visit.connect()
    line.get(f"/wait?key=lab&after={after}", "Accept: application/json\r\n")
    thread = _reading(line)
    if pause is not None:
        time.sleep(pause)
        _say(visit, WORDS[after])
    elif _ended(visit, thread):
        return line
    for step in STEPS:
        thread.join(step)
        if not thread.is_alive():
            return line
        _say(visit, "anything")
    if not _ended(visit, thread):
        raise NotYet("released", f"/wait was not answered, though {len(STEPS) + 1} words were said while it waited",
                     POLL, "Let say() wake who waits: with self.changed: self.changed.notify_all().")  # fmt: skip
    return line


def _say(visit: Visit, word: str) -> None:
    """Say a word, and see that it is taken. Raises NotYet where it is not."""
    with visit.connect() as line:
        line.get(f"/say?text={word}", "Connection: close\r\n")
        if not _ended(visit, _reading(line)):
            raise NotYet("say", f"/say?text={word} was not answered while somebody waited", POLL,
                         "Let wait() give the lock away while it waits: self.changed.wait_for does, "
                         "time.sleep does not.")  # fmt: skip
        if b" 500 " in bytes(line.received).partition(b"\r\n")[0]:
            raise NotYet("crash", f"the page /say?text={word} failed: the server answered for it with 500",
                         "Python's own", "Mend the line that failed: rawwfile lab start names it.")  # fmt: skip
        status = bytes(line.received).partition(b"\r\n")[0].decode("latin-1")
        if status.split(" ")[1:2] not in (["200"], ["204"]):
            raise NotYet("say", f"/say?text={word} was answered with {status or 'nothing'}", "RFC 9110 section 15.3.1",
                         "Let say() keep the text, wake who waits, and answer with 200.")  # fmt: skip


def _ended(visit: Visit, thread: threading.Thread) -> bool:
    """Whether it comes to its end while the server answers other requests: so the machine does not stand still."""
    for step in STEPS:
        thread.join(step)
        if not thread.is_alive():
            return True
        visit.get("/", "Connection: close\r\n")
    return False


def _reading(line: Line) -> threading.Thread:
    thread = threading.Thread(target=_read, args=(line,), daemon=True)
    thread.start()
    return thread


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
        rule=POLL,
        step="Let wait() sleep until len(self.messages) > int(after): self.changed.wait_for(...).",
    )
    _has(seen, first, WORDS[0], "Answer with the messages behind the first N: self.messages[int(after):].")
    complete(seen, first, "the first answer")
    if len(waits) < len(WORDS):
        raise NotYet("reuse", "the client could not ask again", "RFC 9112 section 9.3",
                     "Send whole responses, and leave the connection open.")  # fmt: skip
    second, third = waits[1:3]
    _prompt(seen, first, says)
    _has(seen, second, WORDS[1], "What the client has already (after=1) must not be the answer again.")
    _prompt(seen, second, says)
    seen.looked_at = third
    seen.expect(
        not _said_during(third, says),
        "missed",
        good="the third answer came at once, for something was there already",
        saw=f'{third.record.target} was held until something else was said, although "{WORDS[2]}" was there already',
        rule=LOST,
        step="Look whether something is there already, before you wait: use wait_for with a condition.",
    )
    _has(seen, third, WORDS[2], "Answer with all that is behind the first N: self.messages[int(after):].")
    connections = {each.connection.number for each in waits[:3]}
    seen.expect(
        len(connections) == 1,
        "reuse",
        good="the client asked three times on one connection",
        saw=f"the client needed {len(connections)} connections to ask three times",
        rule="RFC 9112 section 9.3",
        step="Leave Connection: close out, and let the content have a length.",
    )


def _prompt(seen: Seen, page: SeenExchange, says: list[SeenExchange]) -> None:
    """It was answered by the first word that was said while it waited, and not much later."""
    words = _said_during(page, says)
    seen.looked_at = page
    late = (page.record.first_byte or 0.0) - words[0].record.began if words else 0.0
    seen.expect(
        len(words) <= MOST_LATER,
        "late",
        good=f"{page.record.target} was answered {late * 1000:.0f} ms after something had been said",
        saw=f"{page.record.target} was answered {late:.1f} s after something had been said; "
        f"meanwhile {len(words) - 1} more words were said",
        rule=POLL,
        step="Let say() wake who waits: notify_all() there, wait_for() here. A fixed time.sleep knows of nothing.",
    )


def _said_during(page: SeenExchange, says: list[SeenExchange]) -> list[SeenExchange]:
    """The words that were said between the request and its answer."""
    first = page.record.first_byte or 0.0
    return [word for word in says if page.record.began < word.record.began < first]


def _has(seen: Seen, page: SeenExchange, word: str, step: str) -> None:
    seen.looked_at = page
    seen.expect(
        page.status == 200 and word in page.content.decode("utf-8", "replace"),
        "words",
        good=f'{page.record.target} was answered with "{word}"',
        saw=f'the answer to {page.record.target} has no "{word}", but {page.content[:80]!r}',
        rule=LOST,
        step=step,
    )


def _pages(seen: Seen, path: str) -> list[SeenExchange]:
    return [page for page in seen.exchanges if page.record.target.startswith(path)]
