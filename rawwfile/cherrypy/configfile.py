"""`configFile`: the configuration as applications read it, by the rules of Python 2's ConfigParser (spec 9).

The errors are those of today's `configparser`, whose names (NoSectionError, NoOptionError, ...) are
the old ones, with Python 2's texts; code that was translated from Python 2 catches them too, by the
classes of its own module ConfigParser. Kept: names of options without regard to case; `%(name)s` from the section and
[DEFAULT]; a lone `%` is only itself, and `%%` is two unless the value has a reference.
"""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rawwfile.errors import ConfigError
from rawwfile.ini import ConfigFile, LineError, parse_config

_REFERENCE = re.compile(r"%(?:\(([^)]*)\)s|%)")
_MOST_REFERENCES = 10
_DEFAULT = "DEFAULT"
_BOOLEANS = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}


class OldConfigParser:
    """A ConfigParser of Python 2 with the sections of `file`.

    encoding: of files that `read` opens.
    """

    def __init__(self, file: ConfigFile | None = None, encoding: str = "latin-1") -> None:
        self._encoding = encoding
        self._defaults: dict[str, str] = {}
        self._sections: dict[str, dict[str, str]] = {}
        if file is not None:
            self._take(file)

    def _take(self, file: ConfigFile) -> None:
        self._defaults.update((name, entry.value) for name, entry in file.defaults.items())
        for section, entries in file.sections.items():
            mine = self._sections.setdefault(section, {})
            mine.update((name, entry.value) for name, entry in entries.items())

    # -- reading

    def read(self, filenames: str | Iterable[str]) -> list[str]:
        """Read more files; those that are not there are passed over. Return the names of those read.

        Raises MissingSectionHeaderError, ParsingError.
        """
        done = []
        for name in [filenames] if isinstance(filenames, str) else filenames:
            try:
                with open(name, encoding=self._encoding, newline="\n") as file:
                    text = file.read()
            except OSError:
                continue
            self._take(_parsed(text, name))
            done.append(name)
        return done

    def readfp(self, fp: Any, filename: str | None = None) -> None:
        """Read what `fp` holds. Raises what `read` raises."""
        text = "".join(iter(fp.readline, ""))
        self._take(_parsed(text, filename or str(getattr(fp, "name", "<???>"))))

    # -- asking

    def optionxform(self, option: str) -> str:
        """The form in which names of options are kept: lower case."""
        return option.lower()

    def defaults(self) -> dict[str, str]:
        """What stands in [DEFAULT]."""
        return self._defaults

    def sections(self) -> list[str]:
        """The names of the sections, without DEFAULT, in file order."""
        return list(self._sections)

    def has_section(self, section: str) -> bool:
        """Whether there is a section of that name; DEFAULT is none."""
        return section in self._sections

    def options(self, section: str) -> list[str]:
        """The names of the section's options and of those in [DEFAULT], in lower case. Raises NoSectionError."""
        return list({**self._own(section), **self._defaults})

    def has_option(self, section: str, option: str) -> bool:
        """Whether the section, or [DEFAULT], has that option."""
        name = self.optionxform(option)
        if not section or section == _DEFAULT:
            return name in self._defaults
        return section in self._sections and (name in self._sections[section] or name in self._defaults)

    def get(self, section: str, option: str, raw: Any = 0, vars: Mapping[str, str] | None = None) -> str:
        """The value as text, with `%(name)s` replaced unless `raw`.

        vars: more values, which win over those of the file. Raises NoSectionError, NoOptionError,
        InterpolationMissingOptionError for an unknown name and InterpolationDepthError for a circle.
        """
        known = self._known(section, vars)
        name = self.optionxform(option)
        if name not in known:
            raise error_of("NoOptionError", f"No option {name!r} in section: {section!r}")
        value = known[name]
        return value if raw else self._replaced(section, option, value, known)

    def items(self, section: str, raw: Any = 0, vars: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
        """Pairs of name and value: those of [DEFAULT], the section's, and `vars`."""
        known = self._known(section, vars)
        return [(name, value if raw else self._replaced(section, name, value, known)) for name, value in known.items()]

    def getint(self, section: str, option: str) -> int:
        """The value as a whole number. Raises ValueError."""
        return whole_number(self.get(section, option))

    def getfloat(self, section: str, option: str) -> float:
        """The value as a number. Raises ValueError."""
        return number(self.get(section, option))

    def getboolean(self, section: str, option: str) -> bool:
        """1, yes, true, on; or 0, no, false, off. Raises ValueError."""
        value = self.get(section, option)
        if value.lower() not in _BOOLEANS:
            raise ValueError(f"Not a boolean: {value}")
        return _BOOLEANS[value.lower()]

    # -- changing

    def add_section(self, section: str) -> None:
        """Add an empty section. Raises DuplicateSectionError; ValueError for DEFAULT."""
        if section.lower() == "default":
            raise ValueError(f"Invalid section name: {section}")
        if section in self._sections:
            raise error_of("DuplicateSectionError", f"Section {section!r} already exists")
        self._sections[section] = {}

    def set(self, section: str, option: str, value: Any = None) -> None:
        """Set an option. Raises NoSectionError."""
        entries = self._defaults if not section or section == _DEFAULT else self._own(section)
        entries[self.optionxform(option)] = value

    def remove_option(self, section: str, option: str) -> bool:
        """Remove an option; say whether it was there. Raises NoSectionError."""
        entries = self._defaults if not section or section == _DEFAULT else self._own(section)
        return entries.pop(self.optionxform(option), None) is not None

    def remove_section(self, section: str) -> bool:
        """Remove a section; say whether it was there."""
        return self._sections.pop(section, None) is not None

    def write(self, fp: Any) -> None:
        """Write all sections to `fp` as text."""
        for section, entries in [(_DEFAULT, self._defaults), *self._sections.items()]:
            if entries or section != _DEFAULT:
                fp.write(f"[{section}]\n")
                for name, value in entries.items():
                    text = str(value).replace("\n", "\n\t")
                    fp.write(f"{name} = {text}\n")
                fp.write("\n")

    # -- inside

    def _own(self, section: str) -> dict[str, str]:
        try:
            return self._sections[section]
        except KeyError:
            raise error_of("NoSectionError", f"No section: {section!r}") from None

    def _known(self, section: str, vars: Mapping[str, str] | None) -> dict[str, str]:
        known = {**self._defaults, **({} if section == _DEFAULT else self._own(section))}
        for name, value in (vars or {}).items():
            known[self.optionxform(name)] = value
        return known

    def _replaced(self, section: str, option: str, raw: str, known: Mapping[str, str]) -> str:
        value = raw
        for _ in range(_MOST_REFERENCES):
            # A value that was set by the application need not be text.
            if not isinstance(value, str) or "%(" not in value or not _REFERENCE.search(value):
                return value
            value = _REFERENCE.sub(lambda found: self._referred(found[1], section, option, raw, known), value)
        if "%(" in value:
            told = f"Value interpolation too deeply recursive:\n\tsection: [{section}]\n\toption : {option}\n"
            raise error_of("InterpolationDepthError", f"{told}\trawval : {raw}\n")
        return value

    def _referred(self, name: str | None, section: str, option: str, raw: str, known: Mapping[str, str]) -> str:
        if name is None:
            return "%"
        try:
            return section if name.lower() == "__name__" else str(known[self.optionxform(name)])
        except KeyError:
            key = self.optionxform(name)
            told = f"Bad value substitution:\n\tsection: [{section}]\n\toption : {option}\n\tkey    : {key}\n"
            raise error_of("InterpolationMissingOptionError", f"{told}\trawval : {raw}\n") from None


def _parsed(text: str, name: str) -> ConfigFile:
    """Parse for an application, which knows the errors of ConfigParser only."""
    try:
        return parse_config(text, name, classic=True)
    except LineError as error:
        if error.headerless:
            told = f"File contains no section headers.\nfile: {name}, line: {error.number}\n{error.line + chr(10)!r}"
            raise error_of("MissingSectionHeaderError", told) from None
        told = f"File contains parsing errors: {name}\n\t[line {error.number:2d}]: {error.line + chr(10)!r}"
        raise error_of("ParsingError", told) from None


_TRANSLATED = "rawwfile.cpy.python2.modules.config"
"""ConfigParser, for translated code. Not imported: a ported application does without the language."""


def error_of(name: str, text: str) -> configparser.Error:
    """Return an error of configparser with this text, one of the old module as well if that is in use."""
    today = getattr(configparser, name)
    old = getattr(sys.modules.get(_TRANSLATED), name, None)
    bases = (today,) if old is None or issubclass(today, old) else (today, old)
    # Their constructors make today's texts.
    kind = type(name, bases, {"__init__": _set_text, "__module__": "ConfigParser"})
    made: configparser.Error = kind(text)
    return made


def _set_text(error: Any, text: str) -> None:
    Exception.__init__(error, text)
    error.message = text


def read_text(name: str, encoding: str) -> ConfigFile | None:
    """Read a file by the classic rules; None where it does not exist or cannot be read.

    Raises ConfigError for a line that is no part of the format, UnicodeDecodeError.
    """
    try:
        with open(name, "rb") as file:
            data = file.read()
    except OSError:
        return None
    try:
        return parse_config(data.removeprefix(b"\xef\xbb\xbf").decode(encoding), os.fspath(name), classic=True)
    except LineError as error:
        # The names that 0.10 ended with, for scripts that look for them.
        raise ConfigError(f"{'MissingSectionHeaderError' if error.headerless else 'ParsingError'}: {error}") from None


def whole_number(text: str) -> int:
    """int() of Python 2. Raises ValueError."""
    if isinstance(text, str) and ("_" in text or not text.isascii()):
        raise ValueError(f"invalid literal for int() with base 10: {text!r}")
    return int(text)


def number(text: str) -> float:
    """float() of Python 2. Raises ValueError."""
    if isinstance(text, str) and ("_" in text or not text.isascii()):
        raise ValueError(f"could not convert string to float: {text}")
    return float(text)
