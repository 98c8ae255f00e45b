"""Configuration files in the format of CherryPy 0.x: Python 2's ConfigParser, read by rules of our own.

Kept: `name=value` and `name: value`; names are case-blind, sections are not; a line that begins with
'#', ';' or 'rem ' is a comment, and so is the rest of a value from the first ';' where a blank stands
before it; an indented line continues the value before it; `name=""` is empty; of equal names the last
wins; `[DEFAULT]` stands behind every section; `%(name)s` is replaced, any other '%' is only itself.

Changed: an indented comment is a comment, where ConfigParser made it part of the value (`classic` keeps
that); and nothing is passed over silently: a line that is none of these is an error with its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rawwfile.errors import ConfigError

__all__ = ["ConfigEntry", "ConfigFile", "LineError", "parse_config", "read_config", "shown"]

_SECTION = re.compile(r"\[([^]]+)\]")
_ENTRY = re.compile(r"([^:=\s][^:=]*)[:=](.*)", re.DOTALL)
_REFERENCE = re.compile(r"%\(([^)]*)\)s")
_MOST_REFERENCES = 10
"""Rounds of replacement, as in ConfigParser; more is a circle."""
_BLANKS = " \t\r\n\v\f"
"""What Python 2 stripped from bytes; str.strip() would take NBSP and others too."""


class LineError(ConfigError):
    """A line that is no part of the format. headerless: it stands before the first section."""

    def __init__(self, path: str, number: int, line: str, *, headerless: bool = False) -> None:
        what = "stands before the first [section]" if headerless else "is no [section], no name=value and no comment"
        super().__init__(f"{path}:{number}: {shown(line)!r} {what}.")
        self.path, self.number, self.line, self.headerless = path, number, line, headerless


@dataclass
class ConfigEntry:
    """One `name=value` as it stands in the file, before `%(name)s` is replaced."""

    name: str
    value: str
    line: int


@dataclass
class ConfigFile:
    """A file, read. sections: by name, each a dict of entries by lower-case name, in file order."""

    path: str
    sections: dict[str, dict[str, ConfigEntry]] = field(default_factory=dict)
    defaults: dict[str, ConfigEntry] = field(default_factory=dict)

    def entries(self, section: str) -> dict[str, ConfigEntry]:
        """The entries that stand in `section` itself; {} where the file has no such section."""
        return self.sections.get(section, {})

    def get(self, section: str, entry: ConfigEntry) -> str:
        """The value of `entry`, with `%(name)s` replaced from `section` and `[DEFAULT]`.

        Raises ConfigError where a name is unknown or leads back to itself.
        """
        known = {**self.defaults, **self.entries(section)}
        value = entry.value
        for _ in range(_MOST_REFERENCES):
            if _REFERENCE.search(value) is None:
                return value
            value = _REFERENCE.sub(lambda match: self._referred(match[1], known, section, entry), value)
        raise ConfigError(f"{self.label(section, entry)}: %(...)s in it leads back to itself.")

    def _referred(
        self, name: str, known: dict[str, ConfigEntry], section: str, entry: ConfigEntry
    ) -> str:
        found = known.get(name.lower())
        if found is None:
            raise ConfigError(
                f"{self.label(section, entry)}: nothing is named {shown(name)!r} in [{section}] or [DEFAULT]."
            )
        return found.value

    def label(self, section: str, entry: ConfigEntry) -> str:
        """How an error names the entry: 'site.conf:4: [server] socketPort=abc'."""
        return f"{self.path}:{entry.line}: [{section}] {entry.name}={shown(entry.value)}"


def read_config(path: str, label: str) -> ConfigFile:
    """Read the file at `path`; `label` says who named it ("--config site.conf").

    Raises ConfigError where it cannot be read or a line is no part of the format.
    """
    try:
        # Bytes that are no UTF-8 are kept as they are: 0.x's files were bytes, and so are names of files.
        with open(path, encoding="utf-8-sig", errors="surrogateescape", newline=None) as file:
            text = file.read()
    except OSError as error:
        raise ConfigError(f"{label}: {error.strerror or error}.") from error
    return parse_config(text, path)


def parse_config(text: str, path: str, *, classic: bool = False) -> ConfigFile:
    """Read a file's text, whose lines end in LF; `path` only names it in errors.

    classic: as Python 2.7 to the letter, for applications that read the file themselves: an indented
    comment belongs to the value, and of equal names the last value stands in the first one's place.
    """
    config = ConfigFile(path)
    section: dict[str, ConfigEntry] | None = None
    last: ConfigEntry | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if _is_comment(line, indented=not classic or last is None):
            continue
        if line[0] in _BLANKS and last is not None:
            last.value = f"{last.value}\n{line.strip(_BLANKS)}"
        elif header := _SECTION.match(line):
            section, last = _open_section(config, header[1]), None
        elif entry := _ENTRY.match(line):
            if section is None:
                raise LineError(path, number, line, headerless=True)
            last = ConfigEntry(entry[1].rstrip(_BLANKS), _value(entry[2]), number)
            if not classic:
                # Deleted first: of equal names the last wins, with its place in the order too.
                section.pop(last.name.lower(), None)
            section[last.name.lower()] = last
        else:
            # What has no section is all that Python 2 said of a file without one, whatever the line is.
            raise LineError(path, number, line, headerless=classic and section is None)
    return config


def _is_comment(line: str, *, indented: bool) -> bool:
    text = line.strip(_BLANKS)
    if not text or (text[0] in "#;" and (indented or line[0] in "#;")):
        return True
    return text.split(None, 1)[0].lower() == "rem" and line[0] in "rR"


def _open_section(config: ConfigFile, name: str) -> dict[str, ConfigEntry]:
    return config.defaults if name == "DEFAULT" else config.sections.setdefault(name, {})


def _value(text: str) -> str:
    comment = text.find(";")
    if comment > 0 and text[comment - 1] in _BLANKS:
        text = text[:comment]
    text = text.strip(_BLANKS)
    return "" if text == '""' else text


def shown(text: str, most: int = 60) -> str:
    """`text` fit for a line of a terminal: control characters escaped, cut after `most` characters."""
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return printable if len(printable) <= most else printable[: most - 3] + "..."
