"""Expectations that several labs share. Each says what was seen, the rule and one next step."""

from __future__ import annotations

import http.client
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rawwfile.http.notes.base import Note
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange

__all__ = [
    "Reading", "answered", "asked", "by_hand", "complete", "fields_well_formed", "lines_end_in_crlf",
    "read_by_http_client", "request_read",
]  # fmt: skip

_FIELD_IDS = (
    "leading-space", "obs-fold", "no-colon", "empty-name", "space-before-colon", "name-not-token", "nul",
    "control-byte", "length-not-digits", "lengths-differ",
)  # fmt: skip
"""Notes that say what is wrong with the form of a field."""

_END_IDS = (
    "not-http", "head-too-large", "head-unfinished", "content-short", "last-chunk-missing", "chunk-short",
    "trailer-unfinished", "content-excess", "excess-after-chunks", "content-not-allowed", "open-ended",
    "bad-chunk-size", "bad-chunk-end",
)  # fmt: skip
"""Notes that say why a response is not complete."""


def answered(seen: Seen, page: SeenExchange, what: str = "the page") -> None:
    """Something was sent at all, and it was not an error page of a handler that failed."""
    begun = page.record.response[1] > page.record.response[0]
    seen.expect(
        begun,
        "nothing",
        good=f"{what} was answered",
        saw=f"not one byte was sent for {what}",
        rule="RFC 9112 section 2.1",
        step='Write on response.wfile, beginning with the status line: response.wfile.write("HTTP/1.1 200 OK\\r\\n").',
    )
    if page.status == 404 and not page.by_hand:
        path = page.record.target.partition("?")[0]
        name = path.strip("/") or "index"
        raise NotYet("no-page", f"there is no page at {path}: the server answered 404", "rawwfile help handlers",
                     f"Write def {name}(self): in your class, with @expose above it.")  # fmt: skip
    if page.status == 500 and not page.by_hand:
        # Where an exception was the reason, the check names its line instead (running.py).
        text = " ".join(page.content.decode("utf-8", "replace").split())
        raise NotYet("crash", f"{what} failed: {text[:200]}", "RFC 9110 section 15.6.1", "Answer it with a page.")


def by_hand(seen: Seen, page: SeenExchange, what: str = "the response") -> None:
    """The student's own code wrote the response."""
    seen.expect(
        page.by_hand,
        "by-hand",
        good=f"you wrote {what} yourself ({page.writer})",
        saw=f"the server wrote {what} for you",
        rule="rawwfile help handlers",
        step="Write the whole of it on response.wfile, status line first, and set response.sendResponse = 0.",
    )


def lines_end_in_crlf(seen: Seen, page: SeenExchange, what: str = "") -> None:
    """No line of the response ends in LF alone or in CR alone. what: which response, where there are several."""
    seen.expect_no_note(page, "bare-lf", "bare-cr", good=f"every line {f'of {what} ' if what else ''}ends in CR LF")


def fields_well_formed(seen: Seen, page: SeenExchange) -> None:
    """Each field line is a name, a colon and a value, as its note would say; a length is one number in digits."""
    seen.expect_no_note(page, *_FIELD_IDS, good="each field is a name, a colon and a value")


def complete(seen: Seen, page: SeenExchange, what: str = "the response", step: str | None = None) -> None:
    """The response is whole and says itself where it ends. step: other advice than that of the note."""
    seen.looked_at = page
    if page.verdict == "complete":
        seen.good.append(f"{what} is complete")
        return
    note = end_note(page)
    if page.verdict == "open-ended" and b"\ncontent-length:" in b"\n" + page.content.lower():
        step = "Write Content-Length above the empty line: below it, it is content."
    if note is None:
        usual = "Write status line, fields, an empty line, and as much content as Content-Length says."
        raise NotYet(page.verdict, f'{what} is judged "{page.verdict}"', "RFC 9112 section 6.3", step or usual)
    raise NotYet(note.id, f'{what} is judged "{page.verdict}": {note.message}', note.rule, step or note.advice)


def end_note(page: SeenExchange) -> Note | None:
    """The note that says why the response is not complete."""
    return page.note(*_END_IDS)


def asked(seen: Seen) -> SeenExchange:
    """The first request: there is one, and lines end in it. For labs whose answer is the request."""
    if not seen.exchanges:
        raise NotYet("nothing-sent", "no request was sent", "RFC 9112 section 2.1",
                     r"Write a request in your file, beginning with its first line: GET / HTTP/1.1\r\n")  # fmt: skip
    page = seen.exchange(1)
    if b"\n" not in page.request.data:
        seen.looked_at_request = True
        raise NotYet("no-line-end", "no line ever ends: there is no CR LF in it", "RFC 9112 section 2.2",
                     r"Write \r\n, with backslashes, where a line of HTTP ends; the ends of the file's own lines send "
                     "nothing.")  # fmt: skip
    return page


def request_read(seen: Seen, page: SeenExchange, steps: Mapping[str, str] = {}) -> None:
    """The server could read the request, and did not refuse it. steps: other advice for some notes, by id."""
    seen.looked_at, seen.looked_at_request = page, True
    bad = [note for note in page.notes if note.direction == "in" and note.level == "bad"]
    if page.record.refused or bad:
        saw, usual = "the server refused the request", "Mend this line."
        if not bad:
            raise NotYet("refused", f"{saw}: {page.record.refused}", "RFC 9112 section 3", usual)
        note = bad[0]
        raise NotYet(note.id, f"{saw}: {note.message}", note.rule, steps.get(note.id) or note.advice or usual)
    if (good := "the server could read what you ask") not in seen.good:
        seen.good.append(good)


@dataclass(frozen=True)
class Reading:
    """What http.client makes of recorded bytes. trouble: the name of its exception, or ""."""

    status: int | None
    content: bytes
    trouble: str = ""


def read_by_http_client(data: bytes, method: str = "GET") -> Reading:
    """Have Python's own client read the recorded bytes of one response. No socket is opened."""
    response = http.client.HTTPResponse(_Recorded(data), method=method)  # type: ignore[arg-type]
    try:
        response.begin()
        return Reading(response.status, response.read())
    except http.client.IncompleteRead as error:
        return Reading(response.status, error.partial, "IncompleteRead")
    except (http.client.HTTPException, ValueError, OSError) as error:
        return Reading(None, b"", type(error).__name__)
    finally:
        response.close()


class _Recorded:
    """A socket's part that http.client asks for: a file of what was received."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def makefile(self, *_: Any) -> io.BytesIO:
        return self._file
