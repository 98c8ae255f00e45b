"""What a mask consists of. A `Line` here is a piece of code, with its place in its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rawwfile.cpy.source import Line
from rawwfile.cpy.template.text import Origin


@dataclass(frozen=True)
class Literal:
    """Text that comes out as it is."""

    origin: Origin
    text: str


@dataclass(frozen=True)
class Value:
    """py-eval and py-attr: the text of an expression."""

    origin: Origin
    code: Line


@dataclass(frozen=True)
class Statements:
    """py-exec (one line) and py-code (a block, indented as 0.10 indented it)."""

    origin: Origin
    lines: Sequence[Line]


@dataclass(frozen=True)
class Branch:
    """py-if with its py-else."""

    origin: Origin
    test: Line
    body: Sequence[Node]
    otherwise: Sequence[Node]


@dataclass(frozen=True)
class Loop:
    """py-for: `targets` in `items`. depth: how many loops of the mask are around it."""

    origin: Origin
    targets: Line
    items: Line
    body: Sequence[Node]
    depth: int


@dataclass(frozen=True)
class Debug:
    """py-debug in a debug build: hand the expression to `debug`, write nothing."""

    origin: Origin
    code: Line


Node = Literal | Value | Statements | Branch | Loop | Debug
