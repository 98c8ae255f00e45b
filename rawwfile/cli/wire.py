"""`rawwfile wire`: recorded bytes, and bytes to be sent."""

from __future__ import annotations

import importlib
import sys

from rawwfile.cli.suggest import did_you_mean, shown
from rawwfile.errors import ConfigError

ACTIONS = {
    "show": "print a recording, or raw bytes, as a conversation",
    "send": "send bytes as they are, and print what comes back",
    "compare": "say what differs between two recordings, or how clients read the same bytes",
    "export": "turn a recording into a HAR, a trace like curl's, or raw bytes",
    "play": "send recorded requests again and compare the responses",
}
"""Name and summary. The action `x` is the function `run` of the module rawwfile.cli.wire_x."""

USAGE = """\
usage: rawwfile wire {{{names}}} [...]

Bytes as they cross the wire: what serve --wire=FILE.wire recorded, or what you write yourself.
See also: rawwfile help wire

actions:
{actions}

  rawwfile wire ACTION --help shows an action's options

examples:
  rawwfile wire show recorded.wire
  rawwfile wire send request.http 127.0.0.1:8000
  rawwfile wire compare before.wire after.wire
"""


def run(words: list[str]) -> int:
    """Do what `words` say; return the exit code. Raises StartError."""
    if not words or words[0] in ("--help", "-h"):
        actions = "\n".join(f"  {name:<8} {text}" for name, text in ACTIONS.items())
        print(USAGE.format(names="|".join(ACTIONS), actions=actions), end="", file=sys.stdout if words else sys.stderr)
        return 0 if words else 2
    if words[0] not in ACTIONS:
        kind = "option" if words[0].startswith("-") else "action"
        raise ConfigError(f"there is no {kind} {shown(words[0])}.{did_you_mean(words[0], ACTIONS)}")
    return int(importlib.import_module(f"rawwfile.cli.wire_{words[0]}").run(words[1:]))
