"""Lab 21: the two readers disagree on STREAM; refuses() sees why, and lets honest requests pass. In memory only."""

from __future__ import annotations

from rawwfile.errors import ProtocolError
from rawwfile.http.reader import RequestReader
from rawwfile.lab.judging import NotYet
from rawwfile.lab.program import Called, call, crashed
from rawwfile.lab.seen import Seen
from rawwfile.lab.two_readers import Request, Unreadable, by_chunks, by_length
from rawwfile.lab.visit import Visit

VISITS = ()

WRONG = {
    "wrong_agree.py": ("disagree", "both readers see the same"),
    "wrong_length.py": ("unreadable", "by_length cannot read it"),
    "wrong_text.py": ("stream", "STREAM is str"),
    "wrong_refuses_nothing.py": ("refuses", "returns False for your own stream"),
    "wrong_prints.py": ("refuses", "returns None for your own stream"),
    "wrong_looks_for_names.py": ("refuses", "returns False for your own stream"),
    "wrong_refuses_all.py": ("honest", "refuses an honest request: one that states no length"),
    "wrong_refuses_chunks.py": ("honest", "refuses an honest request: Transfer-Encoding: chunked"),
    "wrong_spelling.py": ("strict", "lets a request pass: content-length: 5, TRANSFER-ENCODING: chunked"),
    "wrong_two_lengths.py": ("strict", "lets a request pass: Content-Length: 5, Content-Length: 6"),
}

Fields = list[tuple[str, str]]

HONEST: tuple[Fields, ...] = (
    [("Host", "lab")],
    [("Host", "lab"), ("Content-Length", "5")],
    [("Host", "lab"), ("Transfer-Encoding", "chunked")],
)
STRICT: tuple[Fields, ...] = (
    [("Host", "lab"), ("content-length", "5"), ("TRANSFER-ENCODING", "chunked")],
    [("Transfer-Encoding", "chunked"), ("Host", "lab"), ("Content-Length", "5")],
    [("Host", "lab"), ("Content-Length", "5"), ("Content-Length", "6")],
)


class Readings:
    """What came of it. lines: of each reader; trouble: of the one that could not read; answers: of refuses()."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.lines: dict[str, list[str]] = {}
        self.trouble: dict[str, str] = {}
        self.own: list[Called] = []
        self.honest: list[Called] = []
        self.strict: list[Called] = []


def drive(visit: Visit) -> Readings:
    """Let both read, then ask refuses(). Nothing is visited."""
    stream = getattr(visit.program, "STREAM", None)
    if not isinstance(stream, bytes):
        saw = "there is no STREAM" if stream is None else f"STREAM is {type(stream).__name__}"
        raise NotYet("stream", saw, "Python's own",
                     'Let STREAM be bytes: b"...".')  # fmt: skip
    readings = Readings(stream)
    requests: list[Request] = []
    for reader in (by_length, by_chunks):
        try:
            found = reader(stream)
            readings.lines[reader.__name__] = [request.line for request in found]
            requests += found
        except Unreadable as error:
            readings.trouble[reader.__name__] = str(error)
    for request in requests:
        if request.get("Content-Length") is not None and request.get("Transfer-Encoding") is not None:
            readings.own.append(call(visit, "refuses", list(request.fields)))
    readings.honest = [call(visit, "refuses", list(fields)) for fields in HONEST]
    readings.strict = [call(visit, "refuses", list(fields)) for fields in STRICT]
    return readings


def judge(seen: Seen) -> None:
    """They read, they disagree; then refuses()."""
    readings: Readings = seen.returned
    for name, trouble in readings.trouble.items():
        raise NotYet("unreadable", f"{name} cannot read it: {trouble}", "RFC 9112 section 2.1",
                     "Count again: for each of the two the stream has to end where a request ends.")  # fmt: skip
    for name, lines in readings.lines.items():
        seen.good.append(f"{name} sees {' and '.join(lines) or 'nothing'}")
    seen.expect(
        readings.lines["by_length"] != readings.lines["by_chunks"],
        "disagree",
        good=f"the same {len(readings.stream)} bytes, and not the same requests",
        saw="both readers see the same",
        rule="RFC 9112 section 11.2",
        step="Write both Content-Length and Transfer-Encoding: chunked; "
        "let the length reach over a whole second request.",
    )
    _good_of_rawwfile(seen, readings.stream)
    for called in [*readings.own, *readings.honest, *readings.strict]:
        crashed(called, "refuses")
    seen.expect(
        readings.own and all(called.value for called in readings.own),
        "refuses",
        good="refuses() is strict with it: it is refused, so nobody has to guess",
        saw=f"refuses() returns {next((each.value for each in readings.own if not each.value), None)!r} "
        "for your own stream, so it passes",
        rule="RFC 9112 section 6.1",
        step="Return True where fields, a list of pairs (name, value), name both Content-Length and Transfer-Encoding.",
    )
    for fields, called in zip(HONEST, readings.honest, strict=True):
        if called.value:
            raise NotYet("honest", f"refuses() refuses an honest request: {_told(fields)}", "RFC 9112 section 6.3",
                         "Let a request pass that states its length in one way.")  # fmt: skip
    seen.good.append("honest requests pass, with a length, with chunks, with neither")
    for fields, called in zip(STRICT, readings.strict, strict=True):
        if not called.value:
            raise NotYet("strict", f"refuses() lets a request pass: {_told(fields)}", "RFC 9112 section 6.3",
                         "Compare names in lower case, and refuse two lengths that differ as well.")  # fmt: skip
    seen.good.append("other spellings, another order and two different lengths are refused too")


def _good_of_rawwfile(seen: Seen, stream: bytes) -> None:
    """What the reader says that serves you in all other labs."""
    reader = RequestReader()
    reader.receive_data(stream)
    try:
        reader.next_event()
    except ProtocolError as error:
        seen.good.append(f"rawwfile's own reader refuses it with {error.status_hint}: {error}")


def _told(fields: Fields) -> str:
    return ", ".join(f"{name}: {value}" for name, value in fields if name != "Host") or "one that states no length"
