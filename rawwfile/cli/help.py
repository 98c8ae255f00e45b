"""`rawwfile help [TOPIC]`: the longer documentation, as text.

A topic is a file topics/NAME.txt whose first line is its title; `settings` is made from the table.
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

Explain a topic, or a command; without one, list the topics.

examples:
  rawwfile help
  rawwfile help handlers
  rawwfile help serve
"""


def run(words: list[str]) -> int:
    """Print the topic that `words` name; return 0. Raises ConfigError for an unknown one."""
    if words and words[0] in ("--help", "-h"):
        text = USAGE
    elif not words:
        text = _contents()
    elif len(words) > 1:
        raise ConfigError("one topic at a time.")
    elif words[0] in COMMANDS and words[0] != "help":
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
    return settings_topic() if name == "settings" else (TOPICS / f"{name}.txt").read_text("utf-8")


def _contents() -> str:
    titles = "\n".join(f"  {name:<9} {title}" for name, title in topics().items())
    return f"{overview()}\ntopics (rawwfile help TOPIC):\n{titles}\n"


def _print(text: str) -> int:
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        # `rawwfile help settings | head`: what is left goes nowhere, also when Python flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
