"""Lab 14: a stream that breaks off after the third event, and a reader that comes back and misses nothing."""

from __future__ import annotations

from rawwfile.http.forms import parse_parameters
from rawwfile.lab.expectations import answered
from rawwfile.lab.finer import Event, events, events_so_far
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Line, Visit

VISITS = (
    ("/", "a page that listens"),
    ("/events", "the events"),
)

WRONG = {
    "wrong_type.py": ("type", "text/plain"),
    "wrong_no_empty_line.py": ("events", "0 events with data were finished"),
    "wrong_name.py": ("events", "a field of theirs is named 'data '"),
    "wrong_gathered.py": ("at-once", "came in one write"),
    "wrong_counts_anew_at_once.py": ("again", "the reader had seen 3, and was given 1, 2, 3"),
    "wrong_no_id.py": ("id", "without an id"),
    "wrong_retry.py": ("retry", "retry: 1 second"),
    "wrong_from_the_start.py": ("again", "the reader had seen 3, and was given 1, 2, 3, 4, 5, 6"),
    "wrong_one_lost.py": ("again", "the reader had seen 3, and was given 5, 6"),
    "wrong_counts_anew.py": ("again", "the reader had seen 3, and was given 1, 2, 3"),
}

EVENTS = "HTML standard section 9.2"
NAMES = ("data", "id", "event", "retry", "")
"""Fields that mean something; the empty name is that of a comment."""
BEFORE_THE_BREAK = 3


def drive(visit: Visit) -> None:
    """Read to the end; read three events and leave; come back and say which was the last."""
    with visit.connect() as line:
        _ask(line)
        line.response()
    with visit.connect() as line:
        _ask(line)
        seen = _first_events(line)
    # More may have come than it has looked at.
    last = next((event.get("id") for event in reversed(seen[:BEFORE_THE_BREAK]) if event.get("id")), None)
    with visit.connect() as line:
        _ask(line, "" if last is None else f"Last-Event-ID: {last}\r\n")
        line.response()


def _ask(line: Line, fields: str = "") -> None:
    line.get("/events", f"Accept: text/event-stream\r\nConnection: close\r\n{fields}")


def _first_events(line: Line) -> list[Event]:
    """The events up to the third one; all where there are fewer."""
    found: list[Event] = []
    while len(found) < BEFORE_THE_BREAK and line.until(b"\n"):
        # Chunks may cut anywhere, so everything is read again; it is little.
        found = [event for event in events_so_far(bytes(line.received)) if event.whole and event.get("data")]
    return found


def judge(seen: Seen) -> None:
    """Type, events, ids, retry; then who came back."""
    whole = seen.exchange(1)
    answered(seen, whole, "/events")
    media_type = whole.fields.get("Content-Type") or ""
    seen.expect(
        whole.status == 200 and parse_parameters(media_type)[0] == "text/event-stream",
        "type",
        good="status 200 and text/event-stream: a browser goes on listening",
        saw=f"status {whole.status} and Content-Type: {media_type or '(none)'}: a browser gives up",
        rule=EVENTS,
        step="Write Content-Type: text/event-stream\\r\\n among the fields.",
    )
    every = _with_data(whole)
    judge_events(seen, whole, every)
    ids = [event.get("id") or "" for event in every]
    seen.expect(
        all(ids) and len(set(ids)) == len(ids),
        "id",
        good=f"each has an id of its own: {', '.join(ids)}",
        saw="there are events without an id" if not all(ids) else f"an id comes twice: {', '.join(ids)}",
        rule=EVENTS,
        step="Give each event a line id: and a number of its own, before the empty line.",
    )
    retry = next((text for event in events(whole.response) if (text := event.get("retry")) is not None), None)
    seen.expect(
        retry is not None and retry.isascii() and retry.isdecimal(),
        "retry",
        good=f"retry: {retry} says after how many milliseconds to come back",
        saw=f"there is a line retry: {retry}" if retry else "no event says when to come back",
        rule=EVENTS,
        step="Write retry: 1000 and an empty line before the first event: milliseconds, digits only.",
    )
    judge_return(seen, every, ids)


def judge_events(seen: Seen, whole: SeenExchange, every: list[Event]) -> None:
    """They have data, an empty line ends each, and they came one by one."""
    found = events(whole.response)
    saw = f"{len(every)} event{' was' if len(every) == 1 else 's were'} finished"
    if not every:
        saw = "0 events with data were finished"
    if any(not event.whole for event in found):
        saw += ", and one has no empty line behind it"
    strange = next((name for event in found for name, _ in event.fields if name not in NAMES), None)
    if strange is not None:
        saw += f"; a field of theirs is named {strange[:30]!r}, which means nothing"
    seen.expect(
        len(every) > BEFORE_THE_BREAK and all(event.whole for event in found),
        "events",
        good=f"{len(every)} events were finished, each by an empty line",
        saw=saw,
        rule=EVENTS,
        step='Write data: before the text, and an empty line behind each event: f"data: {text}\\n\\n".',
    )
    stream = whole.response.stream
    writes = {entry.sequence for event in every if (entry := stream.entry_at(event.start)) is not None}
    seen.expect(
        len(writes) > 1,
        "at-once",
        good="they were sent one after the other, and not kept back until the last was there",
        saw=f"all {len(every)} events came in one write, so the first one waited for the last",
        rule="an event is shown as soon as it has come",
        step="Send each event as soon as there is one: response.wfile.write, or yield in a method marked @sse.",
    )


def judge_return(seen: Seen, every: list[Event], ids: list[str]) -> None:
    """What the reader is given who has seen a part."""
    back = seen.exchange(3)
    last = back.request.head.get("Last-Event-ID") or ""
    seen.good.append(f"a reader left when it had read three events, and came back with Last-Event-ID: {last}")
    given = [(event.get("id") or "", event.get("data")) for event in _with_data(back)]
    rest = [(event.get("id") or "", event.get("data")) for event in every[ids.index(last) + 1 if last in ids else 0 :]]
    listed = ", ".join(id for id, _ in given)
    seen.expect(
        given == rest,
        "again",
        good=f"it was given {listed}: nothing is lost, and nothing comes twice",
        saw=f"the reader had seen {last}, and was given {listed or 'nothing'}",
        rule=EVENTS,
        step="Begin behind the event that Last-Event-ID names; each text keeps the id that it had the first time.",
    )


def _with_data(page: SeenExchange) -> list[Event]:
    """Events that a browser hands to the page."""
    return [event for event in events(page.response) if event.whole and event.get("data") is not None]
