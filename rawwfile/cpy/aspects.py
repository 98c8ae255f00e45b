"""Which aspects apply to a method, and in which order (spec 2)."""

from __future__ import annotations

import ast
import builtins
import types
from collections.abc import Mapping
from dataclasses import dataclass

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.pieces import copied, mark
from rawwfile.cpy.protocols import Translator
from rawwfile.cpy.source import Line
from rawwfile.cpy.tree import Aspect, CherryClass, Method


@dataclass(frozen=True)
class MethodFacts:
    """What the condition of an aspect sees as `method`; 0.10's own attribute names."""

    name: str
    className: str
    type: str
    isHidden: int
    isXmlrpc: int


def facts_of(cherry_class: CherryClass, method: Method) -> MethodFacts:
    """Return what a condition may ask about a method of the class that defines it."""
    return MethodFacts(
        method.name,
        cherry_class.name,
        method.kind,
        int(method.hidden or cherry_class.hidden),
        int(method.xmlrpc or cherry_class.xmlrpc),
    )


def inherited_aspects(
    cherry_class: CherryClass, before: Mapping[str, CherryClass]
) -> list[Aspect]:
    """Return the aspects for the methods of a class, in the order their start code runs.

    Ancestors of a later parent come before all that earlier parents gave, and an ancestor that
    is reached twice counts twice (F067).
    """
    order: list[Aspect] = []
    for name in cherry_class.parent_names:
        parent = before.get(name)
        if parent is not None:
            order = inherited_aspects(parent, before) + order + parent.aspects
    return order


class AspectWeaver:
    """Evaluates conditions and translates aspect code, each aspect's only once.

    names: globals for conditions beside Python's builtins; what the translator's output needs.
    """

    def __init__(self, translate: Translator, names: Mapping[str, object]) -> None:
        self._translate = translate
        self._names = {"__builtins__": builtins, **names}
        # The aspects are kept beside what was made of them, so that no id is used twice.
        self._code: dict[int, tuple[Aspect, list[ast.stmt]]] = {}
        self._conditions: dict[int, tuple[Aspect, types.CodeType]] = {}

    def around(
        self, aspects: list[Aspect], facts: MethodFacts
    ) -> tuple[list[ast.stmt], list[ast.stmt]]:
        """Return the start code and the end code for one method, in the order they run."""
        chosen = [aspect for aspect in aspects if self._applies(aspect, facts)]
        start = [one for one in chosen if one.when == "start"]
        end = [one for one in reversed(chosen) if one.when == "end"]
        return self._joined(start), self._joined(end)

    def _joined(self, aspects: list[Aspect]) -> list[ast.stmt]:
        return [statement for aspect in aspects for statement in self._statements(aspect)]

    def _applies(self, aspect: Aspect, facts: MethodFacts) -> bool:
        line = aspect.condition
        if line.text == "*":
            return True
        if id(aspect) not in self._conditions:
            tree = ast.Expression(self._translate.expression(line.text, line.position))
            code = compile(ast.fix_missing_locations(tree), line.position.file, "eval")
            self._conditions[id(aspect)] = (aspect, code)
        code = self._conditions[id(aspect)][1]
        try:
            return bool(eval(code, {**self._names, "method": facts}))
        except Exception as error:
            raise CpyError.at(
                line,
                f"{type(error).__name__}: {error}",
                hint="a condition is worked out when the source is compiled and knows only method "
                "(name, className, type, isHidden, isXmlrpc)",
            ) from error

    def _statements(self, aspect: Aspect) -> list[ast.stmt]:
        if id(aspect) not in self._code:
            made: list[ast.stmt] = []
            if aspect.body:
                line = aspect.condition
                # The made-up `if` lets the code keep its columns, and so its long strings.
                head = Line("if 1:", line.position, line.original)
                for statement in self._translate.statements([head, *aspect.body]):
                    made += statement.body if isinstance(statement, ast.If) else [statement]
            self._code[id(aspect)] = (aspect, made)
        return mark(copied(self._code[id(aspect)][1]), aspect.condition.position.file)
