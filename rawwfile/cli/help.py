"""`rawwfile help [TOPIC]`: the longer documentation, as text.

A topic is a file topics/NAME.txt whose first line is its title; `settings` is made from the table,
and `notes` lists the classes of rawwfile.http.notes.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from rawwfile.cli.main import COMMANDS, overview
from rawwfile.cli.settings_topic import TITLE as SETTINGS_TITLE
from rawwfile.cli.settings_topic import settings_topic
from rawwfile.cli.suggest import did_you_mean, shown
from rawwfile.errors import ConfigError

TOPICS = Path(__file__).parent / "topics"

USAGE = """\
usage: rawwfile help [TOPIC]
       rawwfile help notes [ID]

Explain a topic, or a command; without one, list the topics. `notes` lists
everything that rawwfile can remark on the bytes of a conversation; with an ID
such as bare-lf, or a topic of its own such as cookies, it explains.

examples:
  rawwfile help
  rawwfile help handlers
  rawwfile help notes bare-lf
  rawwfile help serve
"""


def run(words: list[str]) -> int:
    """Print the topic that `words` name; return 0. Raises ConfigError for an unknown one."""
    if words and words[0] in ("--help", "-h"):
        text = USAGE
    elif not words:
        text = _contents()
    elif words[0] == "notes" and len(words) == 2:
        text = _notes(words[1])
    elif len(words) > 1:
        raise ConfigError("one topic at a time.")
    elif words[0] in COMMANDS and words[0] != "help" and words[0] not in topics():
        return int(importlib.import_module(f"rawwfile.cli.{words[0]}").run(["--help"]))
    else:
        text = topic(words[0])
    return _print(text)


def topics() -> dict[str, str]:
    """Name and title of every topic."""
    found = {file.stem: file.read_text("utf-8").partition("\n")[0] for file in TOPICS.glob("*.txt")}
    return dict(sorted({**found, "settings": SETTINGS_TITLE}.items()))


def topic(name: str) -> str:
    """The text of a topic. Raises ConfigError, with the nearest name, where there is none."""
    known = topics()
    if name not in known:
        raise ConfigError(f"there is no topic {shown(name)}.{did_you_mean(name, [*known, *COMMANDS])}")
    if name == "settings":
        return settings_topic()
    return _notes(None) if name == "notes" else (TOPICS / f"{name}.txt").read_text("utf-8")


def _notes(name: str | None) -> str:
    # Imported here: no other topic needs 200 explanations.
    from rawwfile.cli.notes_topic import explained, notes_topic

    return notes_topic() if name is None else explained(name)


def _contents() -> str:
    titles = "\n".join(f"  {name:<9} {title}" for name, title in topics().items())
    return f"{overview()}\ntopics (rawwfile help TOPIC):\n{titles}\n"


def _print(text: str) -> int:
    # A terminal of another encoding shows \u25b8 where the text has a sign that it lacks.
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), end="", flush=True)
    except BrokenPipeError:
        # `rawwfile help settings | head`: what is left goes nowhere, also when Python flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
