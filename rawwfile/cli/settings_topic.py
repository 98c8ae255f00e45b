"""The help topic `settings`, made from the table of options."""

from __future__ import annotations

import textwrap

from rawwfile.cli.sources import NEEDLESS
from rawwfile.settings import FLAG, OPTIONS, Option

TITLE = "Every setting: flags, environment, configuration file"

INTRODUCTION = """\
The first of these that speaks wins: a flag of "rawwfile serve", an environment
variable, the [server] section of the file that --config names, the default.

Sizes are bytes: 8192, 8k, 8KiB, 64M (k, M and G count in 1024s). Times are
seconds: 20, 0.5, 20s, 2m. "none" lifts a limit that may be lifted.
"""

FILE = """\
The configuration file
----------------------
CherryPy 0.x's format and names:

  [server]
  socketPort=8000
  threadPool=64         ; a comment after a blank and a semicolon
  timeoutBody=40s

  [staticContent]
  static=/srv/shop/static
  favicon.ico=images/favicon.ico

Case, "-" and "_" make no difference in a key: limitBody, limit-body and
limit_body are one. name=value and name: value are equal; "#", ";" and "rem "
begin a comment line; an indented line goes on with the value before it; of two
equal names the last counts; values in [DEFAULT] stand behind every section;
%(name)s inserts another value and a lone % is only a %. An empty value keeps
the default.

[staticContent] maps a URL path, without a slash in front, to a file or a
directory; the first that fits is taken, before any page. URL paths are
lower-case however they are written. Relative names start at the working
directory. All other sections are the application's own: they are left alone.

0.x passed over a value that it could not read, and a file that was not there,
without a word. Here that is one line on stderr, with the place, and exit
code 2; so is a key of [server] that does not exist.
"""


def settings_topic() -> str:
    """The text of `rawwfile help settings`."""
    parts = [f"{TITLE}\n{'=' * len(TITLE)}\n", INTRODUCTION]
    for group in dict.fromkeys(option.group for option in OPTIONS):
        rows = "\n".join(_row(option) for option in OPTIONS if option.group == group)
        parts.append(f"{group}\n{'-' * len(group)}\n{rows}")
    keys = "".join(f"  {name:<15} {why}\n" for name, why in NEEDLESS.items())
    parts += [FILE, f"Keys of 0.x that are accepted, noted in the log, and do nothing:\n\n{keys}"]
    return "\n".join(parts)


def _row(option: Option) -> str:
    off = option.flag.replace("--", "--no-", 1)
    flag = f"{option.flag}, {off}" if option.kind is FLAG else f"{option.flag} {option.kind.metavar}"
    lines = [flag, f"    {option.help}; default {option.default_text}"]
    lines.append(f"    {option.environment}{'' if option.in_file else ', not in the file'}")
    if option.old_names:
        lines.append(f"    in 0.x: {', '.join(option.old_names)}")
    wrapped = (textwrap.fill(line, 80, subsequent_indent="    ") for line in lines)
    return "\n".join(wrapped) + "\n"
