"""The check of a lab: the student's file is run fresh, visited, and its recording is judged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rawwfile.errors import ClientDisconnected, HTTPError, HTTPRedirect, TargetError
from rawwfile.glass.pieces import PiecesError, pieces_from_text
from rawwfile.lab.course import Lab
from rawwfile.lab.ending import no_sudden_end
from rawwfile.lab.guard import NotThisMachine, loopback_only
from rawwfile.lab.judging import NotYet, Outcome
from rawwfile.lab.seen import Seen
from rawwfile.lab.student import failure, line_running, load_within, plain, read_answer, site_within
from rawwfile.lab.visit import MOST_SECONDS, Visit
from rawwfile.server import RawHTTPServer
from rawwfile.settings import Settings
from rawwfile.tape.model import Tape

GRACE = 1.0
"""Seconds that a handler has, after the visits, to come to its end."""
MOST_TARGET = 100
"""Characters of a request target that are shown."""


def check(lab: Lab, answer: Path, *, seconds: float = MOST_SECONDS) -> tuple[Outcome, Tape]:
    """Run the student's file `answer`, drive the lab's visits, judge what was recorded.

    seconds: most time for the visits. Returns what to say, and the recording. Opens sockets on
    127.0.0.1 alone, and lets nobody open others meanwhile. Raises StartError where the file is not
    there or cannot be read; everything else that is wrong with it is part of the outcome.
    """
    outcome = Outcome(lab.number, lab.title)
    tape = Tape(started=time.time(), by="rawwfile lab")
    seen: Seen | None = None
    text = read_answer(answer)
    watched = _Watched(lab, answer)
    with loopback_only(), no_sudden_end():
        try:
            application, preparing = _prepared(lab, answer, text)
            watched.application = application
            with served(lab, watched, tape) as address:
                visit = Visit(address, seconds=seconds, tls=lab.tls[1] if lab.tls else None)
                preparing(visit)
                try:
                    returned = lab.check.drive(visit)
                finally:
                    visit.close()
                wait_for_ends(tape, seconds=seconds)
            seen = Seen(tape, visit, returned)
            outcome.good = seen.good
            lab.check.judge(seen)
        except TargetError as error:
            outcome.failed = NotYet(
                "loads", f"the file cannot be run: {error}", "Python's own", "Mend this line, save, and check again."
            )
        except PiecesError as error:
            outcome.failed = NotYet(
                "escapes", f"the bytes cannot be read: {error}", "lab.txt says how they are written",
                "Mend this line of the file, save, and check again.",
            )  # fmt: skip
        except NotThisMachine as error:
            step = "Use the connection you are given."
            outcome.failed = NotYet("loopback", str(error), "a bound of this course", step)
        except NotYet as judged:
            outcome.failed = watched.instead_of(_with_line(judged, answer), seen)
            # The error page that took the place of a page shows nothing of what the student wrote.
            replaced = outcome.failed.id == "crash" and not (seen and seen.looked_at and seen.looked_at.by_hand)
            outcome.shown = [] if replaced else (seen or Seen(tape)).shown()
    return outcome, tape


def _with_line(judged: NotYet, answer: Path) -> NotYet:
    """What was judged, and which line is still running where that is why."""
    line = line_running(answer) if judged.id in ("time", "running") else ""
    if not line:
        return judged
    return NotYet(judged.id, f"{judged.saw}; {line} was still running", judged.rule, judged.step)


_INTENDED = (HTTPError, HTTPRedirect, ClientDisconnected)
"""What a handler raises on purpose, or because the client has left."""


class _Watched:
    """The application, and what its handlers raised: a line of Python is the reason then, not the bytes that miss."""

    rawwfile_application = True

    def __init__(self, lab: Lab, answer: Path) -> None:
        self.file = lab.pages or answer
        self.intended = (*_INTENDED, *getattr(lab.check, "RAISED_ON_PURPOSE", ()))
        self.application: Any = None
        self._raised: dict[str, BaseException] = {}

    def __call__(self, exchange: Any) -> Any:
        exchange.on_end(lambda: self._keep(exchange.request.target, exchange.error))
        return self.application(exchange)

    def _keep(self, target: str, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, self.intended):
            self._raised.setdefault(target, error)

    def instead_of(self, judged: NotYet, seen: Seen | None) -> NotYet:
        """What is to be said: that the page which was looked at failed, if it did, or what was judged."""
        looked_at = seen.looked_at if seen is not None else None
        target = looked_at.record.target if looked_at is not None else ""
        if seen is None:  # the visits were not even finished
            target = next(iter(self._raised), target)
        if target not in self._raised:
            return judged
        saw = f"the page {plain(target[:MOST_TARGET])} failed: {failure(self.file, self._raised[target])}"
        return NotYet("crash", saw, "Python's own", "Mend this line, save, and check again.")


@contextmanager
def served(lab: Lab, application: Any, tape: Tape) -> Iterator[tuple[str, int]]:
    """Serve `application` on a free port of 127.0.0.1 with the tape on, while the block runs."""
    settings = Settings(**getattr(lab.check, "SETTINGS", {}))
    tls = lab.tls[0] if lab.tls else None
    server = RawHTTPServer(("127.0.0.1", 0), application, settings=settings, tls=tls, tape=tape)
    thread = threading.Thread(target=server.serve_forever, name="rawwfile-lab", daemon=True)
    thread.start()
    try:
        host, port = server.server_address[:2]
        yield str(host), int(port)
    finally:
        server.shutdown(GRACE)
        thread.join(GRACE)
        server.server_close()


def application_for_lab(lab: Lab, answer: Path) -> Any:
    """What is served to look at: the answer where it is a site, else the lab's own site. Raises TargetError."""
    return site_within(answer if lab.pages is None else lab.pages)


def read_predictions(text: str) -> dict[str, str]:
    """Lines "question: answer"; a line that begins with "#" is a remark. Names in lower case."""
    found = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and not line.lstrip().startswith("#"):
            found[" ".join(name.split()).lower()] = value.strip()
    return found


def wait_for_ends(tape: Tape, *, seconds: float) -> None:
    """Wait until every connection on the tape is closed. Raises NotYet where one is not after `seconds`."""
    follower = tape.follow()
    end = time.monotonic() + seconds
    try:
        while any(connection.closed is None for connection in tape) and time.monotonic() < end:
            follower.next(max(0.0, end - time.monotonic()))
    finally:
        follower.close()
    if any(connection.closed is None for connection in tape):
        raise NotYet(
            "running", f"a page was still running {seconds:g} seconds after everybody had left",
            "a bound of this course", "Look for a loop that does not end.",
        )  # fmt: skip


def _prepared(lab: Lab, answer: Path, text: str) -> tuple[Any, Callable[[Visit], None]]:
    """The application to serve, and what gives the visitor the student's part where that is not the site."""
    if lab.pages is None:
        return lab.around(site_within(answer)), lambda visit: None
    site = site_within(lab.pages)
    if lab.start.suffix == ".http":
        pieces = pieces_from_text(text)
        return site, lambda visit: setattr(visit, "pieces", pieces)
    if lab.start.suffix == ".txt":
        return site, lambda visit: setattr(visit, "predictions", read_predictions(text))
    program = load_within(answer)
    return site, lambda visit: setattr(visit, "program", program)
