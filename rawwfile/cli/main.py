"""The command `rawwfile`.

Exit codes: 0 done, or stopped when asked; 2 cannot start (one line on stderr says why); 130 interrupted
before anything ran.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence

from rawwfile.cli.suggest import did_you_mean, shown
from rawwfile.errors import ConfigError, StartError
from rawwfile.settings import VERSION

COMMANDS = {
    "serve": "serve an application: page objects, WSGI, ASGI, or a site of CherryPy 0.10",
    "compile": "compile a CherryPy 0.10 application to a RootServer.py",
    "hotreload": "have a CherryPy 0.10 server that was built with -D load its code again",
    "demo": "serve the examples, and name three addresses worth a look",
    "wire": "show, send, compare, export or replay recorded bytes",
    "lab": "the course: HTTP from the inside, in labs that check themselves",
    "port": "turn a site of CherryPy 0.10 into a Python 3 package",
    "check": "read bytes as HTTP and say what they are; of .cpy sources, what port would do",
    "help": "explain a topic; without one, list the topics",
}
"""Name and summary. The command `x` is the function `run` of the module rawwfile.cli.x."""

OVERVIEW = """\
usage: rawwfile COMMAND [...]

A threaded HTTP server whose handlers may write the whole response by hand.

commands:
{commands}

  rawwfile COMMAND --help shows a command's options
  rawwfile --version      shows the version

examples:
  rawwfile demo
  rawwfile serve hello.py
  rawwfile help handlers
"""


def overview() -> str:
    """The text of `rawwfile --help`."""
    return OVERVIEW.format(commands="\n".join(f"  {name:<9} {text}" for name, text in COMMANDS.items()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (default: those of the process) name; return the exit code.

    Raises SystemExit only where argparse does so, after printing `--help`.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    _stand_in()
    try:
        return _run(words)
    except StartError as error:
        name = f"rawwfile {words[0]}" if words and words[0] in COMMANDS else "rawwfile"
        see = f" See {name} --help." if isinstance(error, ConfigError) else ""
        print(f"{name}: {' '.join(str(error).splitlines())}{see}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if isinstance(error, FileNotFoundError) and _stands_nowhere():
            print(f"rawwfile {words[0]}: the working directory is not there any more: cd to another.", file=sys.stderr)
            return 2
        if error.errno not in (errno.EPIPE, errno.ENOSPC):
            raise
        return _give_up(error)


def _stands_nowhere() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def _give_up(error: OSError) -> int:
    """stdout takes no more: what is left goes nowhere, also when Python flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        # `| head` has what it wanted.
        return 0
    print(f"rawwfile: stdout: {error.strerror}.", file=sys.stderr)
    return 2


def _stand_in() -> None:
    """Put something that takes and gives nothing where a standard stream is closed (`>&-`)."""
    for name, mode in ("stdin", "r"), ("stdout", "w"), ("stderr", "w"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))


def _run(words: list[str]) -> int:
    if not words:
        print(overview(), end="", file=sys.stderr)
        return 2
    if words[0] in ("--help", "-h"):
        print(overview(), end="")
        return 0
    if words[0] in ("--version", "-V"):
        print(f"rawwfile {VERSION}")
        return 0
    if words[0] not in COMMANDS:
        kind = "option" if words[0].startswith("-") else "command"
        known = [*COMMANDS, "--help", "--version"]
        raise ConfigError(f"there is no {kind} {shown(words[0])}.{did_you_mean(words[0], known)}")
    code = importlib.import_module(f"rawwfile.cli.{words[0]}").run(words[1:])
    sys.stdout.flush()
    return int(code)
