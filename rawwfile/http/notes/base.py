"""The base class of all notes, their registry, and the list in which a reader keeps what it found.

Levels: "good" (as it should be), "info" (worth knowing), "warning" (readers cope with it, do not
send it), "bad" (readers refuse it or disagree about it). A note is `doubtful` when, after it, the
two ends may disagree about where the message ends: such a connection is never used again.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Any, ClassVar

LEVELS = ("good", "info", "warning", "bad")

MAX_FINDINGS = 100
"""Most notes of one part of a message; who breaks a rule on each line is told often enough."""

NOTES: dict[str, type[Note]] = {}
"""Every note class by its id, as far as topics are loaded; `load_all` loads the others."""

TOPICS = (
    "line_endings", "status_line", "request_line", "fields", "framing", "chunking", "limits", "outcome",
    "persistence", "versions", "request_fields", "representation", "caching", "conditional", "ranges", "interim",
    "upgrade", "trailers", "cookies", "answers", "tls",
)  # fmt: skip
"""The modules of this package that hold notes, in the order in which they are shown."""
_LIKELY = ("outcome", "representation", "status_line", "line_endings", "framing", "chunking", "fields")
"""Where the notes on an ordinary response stand; the others are loaded when a note is not there."""

_FIELDS = ("id", "level", "topic", "direction", "start", "end", "message", "explanation", "rule", "advice", "source")


class Note:
    """One remark on the bytes from `start` up to `end` of the plain stream of one direction.

    A subclass is a kind of remark; its docstring is the explanation that people read. `sentence`
    and `advice` are `str.format` templates, filled when the note is made.
    """

    # Most notes need no more; the dict of an instance is for what differs from its class.
    __slots__ = ("start", "end", "message", "__dict__")

    id: ClassVar[str]
    """Stable for ever: tools, tests and people quote it."""
    level: str
    """"good", "info", "warning" or "bad"."""
    rule: str
    """The section it rests on: "RFC 9112 section 4"."""
    sentence: ClassVar[str]
    """What it is, in one line; `message` is this with the bytes concerned, escaped and cut at 60."""
    advice: str = ""
    """What to write instead; empty where nothing has to change."""
    doubtful: bool = False
    """The ends may disagree about where the message ends; the connection is not used again."""
    topic: str
    """The module it stands in, with spaces: "line endings"."""
    explanation: str
    """Some sentences that teach: why the rule is there, and what clients do."""
    direction: str = "out"
    """"in": bytes that the client sent; "out": bytes that the server sent."""
    source: str = "rawwfile"
    """Who says so: "rawwfile", or "httplint" for its second opinion."""

    def __init_subclass__(cls, *, registered: bool = True) -> None:
        if not registered:
            return
        if cls.id in NOTES or cls.level not in LEVELS:
            raise ValueError(f"note {cls.id!r}: a second one of this id, or no such level as {cls.level!r}")
        cls.topic = cls.__module__.rpartition(".")[2].replace("_", " ")
        # Python -OO drops docstrings.
        cls.explanation = " ".join((cls.__doc__ or f"{cls.sentence}.").split())
        NOTES[cls.id] = cls

    def __init__(
        self, start: int, end: int, *, direction: str | None = None, message: str | None = None, **values: object
    ) -> None:
        """The note on these offsets; `values` and `start` fill the templates, `message` replaces the sentence."""
        self.start, self.end = start, end
        if message is None:
            message = self.sentence
            if "{" in message:
                message = message.format(start=start, **values)
        self.message = message
        if "{" in self.advice:
            self.advice = self.advice.format(**values)
        if direction is not None and direction != self.direction:
            self.direction = direction

    def __str__(self) -> str:
        return f"{self.message}, {self.rule}"

    def __repr__(self) -> str:
        return f"<{self.level} note {self.id} {self.direction} {self.start}-{self.end}: {self.message}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Note) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((self.id, self.start, self.end))

    def as_dict(self) -> dict[str, Any]:
        """All that can be said of it, as plain values: what the page and .wire files hold."""
        return {name: getattr(self, name) for name in _FIELDS}

    def moved(self, by: int) -> Note:
        """The same note `by` bytes further on."""
        note = type(self).__new__(type(self))
        note.__dict__.update(self.__dict__)
        note.start, note.end, note.message = self.start + by, self.end + by, self.message
        if by and "{start}" in self.sentence:
            before, place, after = self.message.rpartition(f"at byte {self.start}")
            note.message = f"{before}at byte {note.start}{after}" if place else self.message
        return note


class RequestFault(Note, registered=False):
    """A request that was refused, or could not be read to its end: its `message` is the error's own."""

    level = "bad"
    direction = "in"
    doubtful = True


class ForeignNote(Note, registered=False):
    """A note of another tool, or of another version of rawwfile: everything stands in the instance."""

    sentence = "{message}"

    def __init__(self, start: int, end: int, *, direction: str | None = None, message: str | None = None,
                 **values: object) -> None:  # fmt: skip
        """values: id, level, topic, rule, advice, explanation, source."""
        super().__init__(start, end, direction=direction, message=message or "")
        for name in _FIELDS:
            if name not in ("start", "end", "direction", "message"):
                setattr(self, name, values.get(name, ""))


def note_from(data: Mapping[str, Any]) -> Note:
    """The note that `as_dict` made this of. Raises KeyError, TypeError or ValueError for other mappings."""
    start, end, message = int(data["start"]), int(data["end"]), str(data["message"])
    direction = str(data["direction"])
    kind = note_class(data["id"]) if data.get("source", "rawwfile") == "rawwfile" and known(data["id"]) else None
    if kind is None:
        others = {name: str(data.get(name, "")) for name in _FIELDS}
        if others["level"] not in LEVELS:
            raise ValueError(f"no such level as {others['level']!r}")
        for name in ("start", "end", "direction", "message"):
            del others[name]
        return ForeignNote(start, end, direction=direction, message=message, **others)
    note: Note = kind.__new__(kind)
    note.start, note.end, note.message = start, end, message
    if direction != kind.direction:
        note.direction = direction
    if "advice" in data and data["advice"] != kind.advice:
        note.advice = str(data["advice"])
    return note


def load_all() -> dict[str, type[Note]]:
    """The registry with every topic loaded."""
    for topic in TOPICS:
        importlib.import_module(f"{__package__}.{topic}")
    return NOTES


def known(id: str) -> bool:
    """Whether a note has this id."""
    return id in NOTES or id in load_all()


def note_class(id: str) -> type[Note]:
    """The class of the note of this id. Raises KeyError if there is none."""
    found = NOTES.get(id)
    if found is not None:
        return found
    for topic in _LIKELY:
        importlib.import_module(f"{__package__}.{topic}")
        if id in NOTES:
            return NOTES[id]
    return load_all()[id]


class Findings:
    """Notes on one part of a stream, as they are met; at most `MAX_FINDINGS` are kept."""

    __slots__ = ("items", "doubtful")

    def __init__(self) -> None:
        self.items: list[Note] = []
        self.doubtful = False
        """One of them, kept or not, is doubtful."""

    def add(self, id: str, start: int, end: int, **values: Any) -> None:
        """Keep one more, if there is room. Each place must be added once only."""
        kind = note_class(id)
        if kind.doubtful:
            self.doubtful = True
        if len(self.items) < MAX_FINDINGS:
            self.items.append(kind(start, end, **values))


def quoted(data: bytes | bytearray) -> str:
    """The first 60 bytes as a bytes literal, for a message."""
    return repr(bytes(data[:60]))


def shown_text(text: str) -> str:
    """The first 60 characters in quotes, other bytes than visible ASCII escaped, for a message."""
    return ascii(text[:60])


def counted(count: int) -> str:
    """'1 byte', '5 bytes'."""
    return "1 byte" if count == 1 else f"{count} bytes"


def members(value: str | None) -> list[str]:
    """The members of a comma-separated list of tokens, in lower case, empty ones dropped."""
    return [member for part in (value or "").lower().split(",") if (member := part.strip(" \t"))]


def plain_sentence(kind: type[Note]) -> str:
    """The sentence of a kind with names for its particulars: "not a field name: NAME"."""
    sentence = re.sub(r"(?<=[\w)])\{[a-z]+\}", "", kind.sentence.replace(".{minor}", ".x"))
    return re.sub(r"\{([a-z]+)\}", lambda found: found[1].upper(), sentence)
