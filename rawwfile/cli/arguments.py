"""Command lines, read by argparse from the table of options; every mistake is a ConfigError of one line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any, NoReturn

from rawwfile.cli.suggest import did_you_mean, shown
from rawwfile.errors import ConfigError
from rawwfile.settings import FLAG, OPTIONS, PATHS, WIRE, Option


class CommandParser(argparse.ArgumentParser):
    """The parser of one command.

    name: 'serve'. takes: what stands behind the options in the usage line. examples: shown below.
    """

    def __init__(self, name: str, takes: str, description: str, examples: str) -> None:
        super().__init__(
            prog=f"rawwfile {name}",
            usage=f"rawwfile {name} {takes}",
            description=description,
            epilog=f"examples:\n{examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            # An abbreviation that works today is ambiguous when the next option comes.
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Raise ConfigError, where argparse prints the usage and exits."""
        raise ConfigError(message.removeprefix("argument ") + ".")

    def add_options(self, names: Iterable[str] | None = None) -> None:
        """Add the flags of the table; with `names` only those."""
        wanted = None if names is None else set(names)
        groups: dict[str, Any] = {}
        for option in OPTIONS:
            if wanted is None or option.name in wanted:
                if option.group not in groups:
                    groups[option.group] = self.add_argument_group(option.group)
                _add_flag(groups[option.group], option)

    def read(self, words: list[str]) -> argparse.Namespace:
        """Parse `words`; options and targets may stand in any order.

        Raises ConfigError for an unknown option, with the nearest that exists.
        """
        found, unknown = self.parse_known_intermixed_args(_with_values(words))
        for word in unknown:
            name = word.partition("=")[0]
            flags = [flag for action in self._actions for flag in action.option_strings]
            raise ConfigError(f"there is no option {shown(name)}.{did_you_mean(name, flags)}")
        return found


def _with_values(words: list[str]) -> list[str]:
    """`words` with the value that a bare --wire stands for, so that it never takes the next word for its own."""
    end = words.index("--") if "--" in words else len(words)
    return [f"{word}={WIRE_HERE}" if word == "--wire" else word for word in words[:end]] + words[end:]


WIRE_HERE = "term"
"""What a bare --wire means."""


def _add_flag(group: Any, option: Option) -> None:
    text = option.help if option.default is None else f"{option.help} (default: {option.default_text})"
    if option.kind is FLAG:
        group.add_argument(option.flag, dest=option.name, action="store_const", const="yes", help=text)
        off = option.flag.replace("--", "--no-", 1)
        group.add_argument(off, dest=option.name, action="store_const", const="no", help=argparse.SUPPRESS)
    elif option.kind is WIRE:
        group.add_argument(
            option.flag, dest=option.name, metavar=option.kind.metavar, nargs="?", const=WIRE_HERE, help=text
        )
    else:
        # Values stay text here: flags, environment and file are then read by one parser with one message.
        action = "append" if option.kind is PATHS else "store"
        group.add_argument(option.flag, dest=option.name, metavar=option.kind.metavar, action=action, help=text)
