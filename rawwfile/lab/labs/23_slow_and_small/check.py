"""Lab 23: a head that comes in drops, ended by the server with 408, while others are served."""

from __future__ import annotations

import select
import threading
from itertools import accumulate

from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Line, Visit

SETTINGS = {"timeout_header": 2.0, "timeout_body": 5.0}

VISITS = (("/quick", "another visitor's page"),)

WRONG = {
    "wrong_not_slow.http": ("time-out", "answered with 200"),
    "wrong_content.http": ("time-out", "answered with 200"),
    "wrong_refused.http": ("time-out", "answered with 400"),
    "wrong_silent.http": ("drops", "1 piece"),
}

PIECES = 3
OTHERS = 3
ATTEMPTS = 3
APART = 0.3


def drive(visit: Visit) -> None:
    """One connection drips; meanwhile others ask for a page."""
    for _ in range(ATTEMPTS):
        sent: list[int] = []
        slow = visit.connect()
        thread = threading.Thread(target=_drip, args=(visit, slow, sent), name="rawwfile-lab-drip", daemon=True)
        thread.start()
        for _ in range(OTHERS):
            thread.join(APART)
            visit.get("/quick", "Connection: close\r\n")
        thread.join(visit.left())
        if b" 408 " not in bytes(slow.received[:16]) or len(sent) >= min(PIECES, _soon(visit)):
            break  # else the machine stood still, and the time was over before it could send


def _soon(visit: Visit) -> int:
    """How many pieces are to be sent while the server still waits for the head."""
    times = accumulate(piece.pause for piece in visit.pieces)
    return sum(time < SETTINGS["timeout_header"] for time in times)


def _drip(visit: Visit, line: Line, sent: list[int]) -> None:
    """Send piece after piece until there is an answer, or nothing left to send. sent: the size of each."""
    try:
        for piece in visit.pieces:
            if select.select([line.sock], [], [], min(piece.pause, visit.left()))[0]:
                break
            line.send(piece.data)
            sent.append(len(piece.data))
        line.response()
    except (NotYet, OSError):
        pass  # too long, or closed meanwhile: the recording tells
    finally:
        line.close()


def judge(seen: Seen) -> None:
    """How it ended, that it was alive all the time, and that nobody else was harmed."""
    slow = _slow(seen)
    seen.looked_at, seen.looked_at_request = slow, True
    answered = slow.record.first_byte
    times = [entry.time for entry in slow.request.entries if answered is None or entry.time <= answered]
    lasted = times[-1] - times[0] if times else 0.0
    saw = f"your request was answered with {slow.status}" if slow.status else "your request was not answered"
    if slow.status == 408:
        saw += ", but the head was there in time: it was the content that stopped"
    if slow.status == 200 and slow.request.of_kind("content"):
        saw += ", though its content came slowly: a head is bounded as a whole, content by the time without a byte"
    seen.expect(
        slow.status == 408 and slow.note("head-time-out"),
        "time-out",
        good=f"the server waited {SETTINGS['timeout_header']:g} s for the whole head, and ended it with 408",
        saw=saw,
        rule="RFC 9110 section 15.5.9",
        step="Let the head never end: piece after piece of a field, [pause 0.3] before each, and no empty line.",
    )
    drops = len(times)
    seen.expect(
        drops >= PIECES,
        "drops",
        good=f"up to then {drops} pieces came within {lasted:.1f} s, so it was never silent for long",
        saw=f"the head came in {drops} piece{'' if drops == 1 else 's'} before the time was over: that is silence",
        rule="a time between two bytes is not enough; the whole needs one",
        step="Send many pieces, each a byte or two, with short pauses between them.",
    )
    others = [each for each in seen.exchanges if each.connection is not slow.connection and each not in _late(seen)]
    bad = [each.status for each in others if each.status != 200]
    between = [each for each in others if (each.record.ended or 0.0) < (slow.record.first_byte or 0.0)]
    seen.expect(
        others and not bad,
        "others",
        good=f"{len(others)} others asked for a page and got it, {len(between)} of them while yours was still coming",
        saw=f"others were answered with {bad}",
        rule="RFC 9112 section 9.5",
        step="Use one connection, and few bytes.",
    )


def _slow(seen: Seen) -> SeenExchange:
    """The exchange of the connection that was there first; of several that took too long, the one with most pieces."""
    late = _late(seen)
    if late:
        return max(late, key=lambda each: len(each.request.entries))
    for each in seen.exchanges:
        if each.connection is seen.connections[0]:
            return each
    raise NotYet("nothing", "nothing of your request was recorded", "RFC 9112 section 3",
                 "Begin with a request line, or with its first letter.")  # fmt: skip


def _late(seen: Seen) -> list[SeenExchange]:
    """Those whose head took too long."""
    return [each for each in seen.exchanges if each.status == 408 and each.note("head-time-out")]
