"""The help topic `notes`: the text of topics/notes.txt, then every note by its topic; and one note or topic."""

from __future__ import annotations

import textwrap
from pathlib import Path

from rawwfile.cli.suggest import did_you_mean, shown
from rawwfile.errors import ConfigError
from rawwfile.http.notes import NOTES, Note
from rawwfile.http.notes.base import TOPICS, plain_sentence

INTRODUCTION = Path(__file__).parent / "topics" / "notes.txt"
WIDTH = 80


def notes_topic() -> str:
    """The introduction and the list of all notes, one line or two each."""
    lines = [INTRODUCTION.read_text("utf-8").rstrip("\n"), ""]
    for topic, kinds in by_topic().items():
        lines += ["", f"{topic[0].upper()}{topic[1:]}", "-" * len(topic)]
        for kind in kinds:
            lines += [f"  {kind.id} ({kind.level})", *_filled(plain_sentence(kind), "      ")]
    return "\n".join(lines) + "\n"


def explained(name: str) -> str:
    """One note, or all notes of a topic, explained. Raises ConfigError for a name that is neither."""
    topics = by_topic()
    if name in NOTES:
        return _whole(NOTES[name])
    topic = name.replace("-", " ").replace("_", " ")
    if topic in topics:
        return "\n".join(map(_whole, topics[topic]))
    raise ConfigError(f"there is no note or topic {shown(name)}.{did_you_mean(name, [*NOTES, *topics])}")


def by_topic() -> dict[str, list[type[Note]]]:
    """The note classes, topic by topic, as they stand in the source."""
    topics: dict[str, list[type[Note]]] = {topic.replace("_", " "): [] for topic in TOPICS}
    for kind in NOTES.values():
        topics[kind.topic].append(kind)
    return topics


def _whole(kind: type[Note]) -> str:
    whose = "the request" if kind.direction == "in" else "the response"
    lines = [f"{kind.id} ({kind.level}, {kind.topic}; {whose})", *_filled(plain_sentence(kind), "  "), ""]
    lines += _filled(kind.explanation, "  ")
    if kind.advice:
        advice = kind.advice.replace("{name}", "NAME").replace("{status}", "200")
        lines += ["", *_filled(f"What to do: {advice}", "  ")]
    return "\n".join([*lines, "", f"  {kind.rule}", ""])


def _filled(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - 1, initial_indent=indent, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip
