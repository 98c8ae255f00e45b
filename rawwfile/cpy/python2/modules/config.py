"""ConfigParser as it was: what is a comment, `%(name)s`, options under lower-case names, its errors.

Written anew because today's parser reads other files (`#` inside values, repeated sections, `%`).
"""

from __future__ import annotations

import re
from typing import Any

_SECTION = re.compile(r"\[(?P<name>[^]]+)\]")
_OPTION = re.compile(r"(?P<name>[^:=\s][^:=]*)\s*[:=]\s*(?P<value>.*)$")
_REFERENCE = re.compile(r"%\(([^)]*)\)s|%%")
_BLANKS = " \t\r\n\x0b\x0c"
_DEPTH = 10
_TRUTHS = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}


class Error(Exception):
    """The root of the errors here."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message

    def __repr__(self) -> str:
        return self.message

    __str__ = __repr__


class NoSectionError(Error):
    """There is no section of that name."""

    def __init__(self, section: Any) -> None:
        super().__init__(f"No section: {section!r}")
        self.section = section


class DuplicateSectionError(Error):
    """A section is to be added twice."""

    def __init__(self, section: Any) -> None:
        super().__init__(f"Section {section!r} already exists")
        self.section = section


class NoOptionError(Error):
    """There is no such option in the section."""

    def __init__(self, option: Any, section: Any) -> None:
        super().__init__(f"No option {option!r} in section: {section!r}")
        self.option, self.section = option, section


class InterpolationError(Error):
    """A value refers to what cannot be put in."""

    def __init__(self, option: Any, section: Any, message: str) -> None:
        super().__init__(message)
        self.option, self.section = option, section


class InterpolationMissingOptionError(InterpolationError):
    """A value refers to an option that is missing."""


class InterpolationDepthError(InterpolationError):
    """Values refer to each other without end."""


class InterpolationSyntaxError(InterpolationError):
    """A `%` that begins no reference, for SafeConfigParser."""


class ParsingError(Error):
    """Lines that cannot be read; all of them."""

    def __init__(self, filename: Any) -> None:
        super().__init__(f"File contains parsing errors: {filename}")
        self.filename = filename
        self.errors: list[tuple[int, str]] = []

    def append(self, number: int, line: str) -> None:
        self.errors.append((number, line))
        self.message += f"\n\t[line {number:2d}]: {line}"


class MissingSectionHeaderError(ParsingError):
    """An option before the first section."""

    def __init__(self, filename: Any, number: int, line: str) -> None:
        Error.__init__(self, f"File contains no section headers.\nfile: {filename}, line: {number}\n{line!r}")
        self.filename, self.lineno, self.line = filename, number, line


class RawConfigParser:
    """Sections of options, read from files; values as they stand there."""

    def __init__(self, defaults: Any = None, dict_type: Any = dict, allow_no_value: bool = False) -> None:
        self._dict = dict_type
        self._sections: Any = dict_type()
        self._defaults: Any = dict_type()
        for name, value in dict(defaults or {}).items():
            self._defaults[self.optionxform(name)] = value

    def optionxform(self, option: str) -> str:
        """Return the name under which an option is kept; to be replaced by applications."""
        return option.lower()

    def defaults(self) -> Any:
        return self._defaults

    def sections(self) -> list[str]:
        return list(self._sections)

    def add_section(self, section: str) -> None:
        if section.lower() == "default":
            raise ValueError(f"Invalid section name: {section}")
        if section in self._sections:
            raise DuplicateSectionError(section)
        self._sections[section] = self._dict()

    def has_section(self, section: str) -> bool:
        return section in self._sections

    def _found(self, section: str) -> Any:
        if section in self._sections:
            return self._sections[section]
        if section == "DEFAULT":
            return self._defaults
        raise NoSectionError(section)

    def options(self, section: str) -> list[str]:
        if section not in self._sections:
            raise NoSectionError(section)
        return list({**self._sections[section], **self._defaults})

    def has_option(self, section: str, option: str) -> bool:
        name = self.optionxform(option)
        if not section or section == "DEFAULT":
            return name in self._defaults
        return section in self._sections and (name in self._sections[section] or name in self._defaults)

    def set(self, section: str, option: str, value: Any = None) -> None:
        values = self._defaults if not section else self._found(section)
        values[self.optionxform(option)] = value

    def remove_option(self, section: str, option: str) -> bool:
        values = self._defaults if not section else self._found(section)
        return values.pop(self.optionxform(option), None) is not None

    def remove_section(self, section: str) -> bool:
        return self._sections.pop(section, None) is not None

    def get(self, section: str, option: str) -> Any:
        values = self._found(section)
        name = self.optionxform(option)
        if name in values:
            return values[name]
        if name in self._defaults:
            return self._defaults[name]
        raise NoOptionError(option, section)

    def items(self, section: str) -> list[tuple[str, Any]]:
        return list({**self._defaults, **self._found(section)}.items())

    def getint(self, section: str, option: str) -> int:
        return int(self.get(section, option))

    def getfloat(self, section: str, option: str) -> float:
        return float(self.get(section, option))

    def getboolean(self, section: str, option: str) -> bool:
        value = self.get(section, option)
        if value.lower() not in _TRUTHS:
            raise ValueError(f"Not a boolean: {value}")
        return _TRUTHS[value.lower()]

    def read(self, names: Any) -> list[str]:
        """Read the files that can be opened; return their names."""
        done = []
        for name in [names] if isinstance(names, str) else names:
            try:
                with open(name, encoding="latin-1", newline="\n") as file:
                    self._read(file, name)
            except OSError:
                continue
            done.append(name)
        return done

    def readfp(self, file: Any, filename: Any = None) -> None:
        self._read(file, filename or getattr(file, "name", None) or "<???>")

    def write(self, file: Any) -> None:
        sections = [("DEFAULT", self._defaults)] if self._defaults else []
        for section, values in [*sections, *self._sections.items()]:
            file.write(f"[{section}]\n")
            for name, value in values.items():
                file.write("{} = {}\n".format(name, str(value).replace("\n", "\n\t")))
            file.write("\n")

    def _read(self, file: Any, filename: Any) -> None:
        section: Any = None
        last, wrong = None, None
        number = 0
        while True:
            line = file.readline()
            if not line:
                break
            number += 1
            bare = line.strip(_BLANKS)
            if not bare or line[0] in "#;" or (line[:3].lower() == "rem" and bare.split(None, 1)[0].lower() == "rem"):
                continue
            if line[0] in _BLANKS and section is not None and last:
                section[last] += "\n" + bare
                continue
            header, option = _SECTION.match(line), _OPTION.match(line)
            if header:
                section, last = self._section(header["name"]), None
            elif section is None:
                raise MissingSectionHeaderError(filename, number, line)
            elif option:
                last = self.optionxform(option["name"].rstrip(_BLANKS))
                section[last] = _value(option["value"])
            else:
                wrong = wrong or ParsingError(filename)
                wrong.append(number, repr(line))
        if wrong:
            raise wrong

    def _section(self, name: str) -> Any:
        return self._defaults if name == "DEFAULT" else self._sections.setdefault(name, self._dict())


def _value(text: str) -> str:
    """Return a value without its blanks and inline comment; `""` stands for an empty one."""
    comment = re.search(r"\s;", text)
    value = (text[: comment.start()] if comment else text).strip(_BLANKS)
    return "" if value == '""' else value


class ConfigParser(RawConfigParser):
    """Puts the values of other options in for `%(name)s`; any other `%` stands for itself."""

    def get(self, section: str, option: str, raw: Any = False, vars: Any = None) -> Any:  # type: ignore[override]
        if section not in self._sections and section != "DEFAULT":
            raise NoSectionError(section)
        values = {**self._defaults, **self._sections.get(section, {})}
        values.update({self.optionxform(name): value for name, value in dict(vars or {}).items()})
        name = self.optionxform(option)
        if name not in values:
            raise NoOptionError(option, section)
        value = values[name]
        return value if raw or not isinstance(value, str) else self._interpolate(section, option, value, values)

    def items(self, section: str, raw: Any = False, vars: Any = None) -> list[tuple[str, Any]]:  # type: ignore[override]
        names = dict.fromkeys([*self._defaults, *self._found(section), *map(self.optionxform, vars or {})])
        return [(name, self.get(section, name, raw, vars)) for name in names]

    def _interpolate(self, section: str, option: str, text: str, values: Any) -> str:
        for _ in range(_DEPTH):
            if "%(" not in text:
                return text
            text = _REFERENCE.sub(lambda found: self._referred(found, section, option, values), text)
        where = f"\n\tsection: [{section}]\n\toption : {option}\n\trawval : {text}\n"
        raise InterpolationDepthError(option, section, "Value interpolation too deeply recursive:" + where)

    def _referred(self, found: re.Match[str], section: str, option: str, values: Any) -> str:
        if found[1] is None:
            return "%"
        name = self.optionxform(found[1])
        if name not in values:
            where = f"\n\tsection: [{section}]\n\toption : {option}\n\tkey    : {name}\n\trawval : {found[0]}\n"
            raise InterpolationMissingOptionError(option, section, "Bad value substitution:" + where)
        return str(values[name])


class SafeConfigParser(ConfigParser):
    """A ConfigParser for which `%%` is a percent sign and any other `%` an error."""

    def _interpolate(self, section: str, option: str, text: str, values: Any) -> str:
        def put(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            if found[1] is None:
                message = f"'%' must be followed by '%' or '(', found: {found[0]!r}"
                raise InterpolationSyntaxError(option, section, message)
            return self._interpolate(section, option, self._referred(found, section, option, values), values)

        return re.sub(r"%%|%\(([^)]*)\)s|%.?", put, text)


def names(_: Any) -> dict[str, Any]:
    """Return the names of the module."""
    return {**{kind.__name__: kind for kind in (Error, NoSectionError, DuplicateSectionError, NoOptionError,
            InterpolationError, InterpolationMissingOptionError, InterpolationDepthError, InterpolationSyntaxError,
            ParsingError, MissingSectionHeaderError, RawConfigParser, ConfigParser, SafeConfigParser)},
            "DEFAULTSECT": "DEFAULT", "MAX_INTERPOLATION_DEPTH": _DEPTH}  # fmt: skip


MODULES: dict[str, tuple[str, Any]] = {"ConfigParser": ("", names)}
