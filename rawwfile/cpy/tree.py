"""The syntax tree of `.cpy` modules. It holds source lines; Python code in them is not looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.source import Line

KINDS = ("function", "view", "mask")
SECTIONS = ("variable", *KINDS, "aspect")

SPECIALS = {
    "initProgram": "",
    "initServer": "",
    "initAfterBind": "",
    "initProcess": "processIndex",
    "initThread": "threadIndex",
    "initRequestBeforeParse": "",
    "initRequest": "",
    "initNonStaticRequest": "",
    "initResponse": "",
    "initNonStaticResponse": "",
    "onError": "",
    "logMessage": "message, level=0",
    "saveSessionData": "sessionId, sessionData, expirationTime",
    "loadSessionData": "sessionId",
    "cleanUpOldSessions": "",
    "hotReloadInitServer": "",
}
"""Name and parameter list, spelled as the source must spell it, of each special function.

Units of special functions come in this order, whatever the order in the source."""


def special_header(name: str) -> str:
    """Return the one spelling of the first line of this special function."""
    return f"def {name}({SPECIALS[name]}):"


def without_blanks(text: str) -> str:
    """Return `text` without its spaces and tabs."""
    return text.replace(" ", "").replace("\t", "")


@dataclass(frozen=True)
class Method:
    """One function, view or mask.

    header: the `def` line and its continuations, suffix words blanked out. body: what follows;
    code for functions and views, template text (eight columns cut off) for masks.
    """

    kind: str
    name: str
    header: tuple[Line, ...]
    body: tuple[Line, ...]
    hidden: bool = False
    xmlrpc: bool = False


@dataclass(frozen=True)
class Aspect:
    """Code woven into the methods of descendants. when: 'start' or 'end'."""

    condition: Line
    when: str
    body: tuple[Line, ...]


@dataclass
class CherryClass:
    """One `CherryClass`, its sections put together by kind. parents: each starts at its name."""

    name: str
    header: Line
    parents: tuple[Line, ...] = ()
    abstract: bool = False
    hidden: bool = False
    xmlrpc: bool = False
    variables: list[Line] = field(default_factory=list)
    methods: list[Method] = field(default_factory=list)
    aspects: list[Aspect] = field(default_factory=list)

    @property
    def instance(self) -> str:
        """The name of its one instance, and of its part of a URL: `AirLine` gives `airLine`."""
        return self.name[:1].lower() + self.name[1:]

    @property
    def parent_names(self) -> tuple[str, ...]:
        """The parents in the order of the header, blanks taken out."""
        return tuple(without_blanks(parent.text) for parent in self.parents)

    def of_kind(self, kind: str) -> list[Method]:
        """Return the methods of one of KINDS, in source order."""
        return [method for method in self.methods if method.kind == kind]


@dataclass(frozen=True)
class Special:
    """One definition of a special function (spec 8)."""

    name: str
    header: Line
    body: tuple[Line, ...]


@dataclass(frozen=True)
class Use:
    """One name of a `use` line, blanks taken out. line: starts at that name."""

    name: str
    line: Line


@dataclass
class Module:
    """One parsed file. lines: all of it. warnings: what 0.10 silently passed over; never raised."""

    file: str
    uses: list[Use] = field(default_factory=list)
    imports: list[Line] = field(default_factory=list)
    specials: list[Special] = field(default_factory=list)
    classes: list[CherryClass] = field(default_factory=list)
    warnings: list[CpyError] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def text(self) -> str:
        """Return the file as it stands on disk, with LF at the ends of lines."""
        return "\n".join(line.original for line in self.lines)

    def code(self) -> list[list[Line]]:
        """Return the pieces of Python in the file, except those inside masks."""
        pieces = [self.imports, *([each.header, *each.body] for each in self.specials)]
        for cherry_class in self.classes:
            pieces.append(cherry_class.variables)
            pieces += [list(each.body) for each in cherry_class.aspects]
            methods = [each for each in cherry_class.methods if each.kind != "mask"]
            pieces += [[*each.header, *each.body] for each in methods]
        return pieces
