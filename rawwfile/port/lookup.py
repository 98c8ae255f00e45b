"""Where Python 3 would find another method than Python 2 did, which searched parents depth first (F034)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from rawwfile.cpy.source import Line
from rawwfile.cpy.tree import CherryClass
from rawwfile.port.plan import Plan

_RAISES = re.compile(r"\b(?:raise|except)[ \t]+([^:#,]+(?:,[^:#)]+\))?)")
_WORD = re.compile(r"\w+")


class Lookup:
    """The order in which the classes of an application are searched."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._own = {name: frozenset(_own_names(plan, each)) for name, each in plan.known.items()}

    def fits(self, cherry_class: CherryClass) -> bool:
        """Whether Python 3 accepts the order of the parents."""
        return self._new_order(cherry_class.name) is not None

    def differences(self, cherry_class: CherryClass) -> list[tuple[str, str]]:
        """Return names that would be found elsewhere, with the class where 0.10 found them."""
        new = self._new_order(cherry_class.name)
        if new is None:
            return []
        old = list(dict.fromkeys(self._old_order(cherry_class.name)))
        names = sorted(set().union(*(self._own.get(each, frozenset()) for each in old)))
        found = []
        for name in names:
            wanted = next(each for each in old if name in self._own.get(each, ()))
            actual = next((each for each in new if name in self._own.get(each, ())), None)
            inherited = any(name in dict(self._fixed(each)) for each in self._parents(cherry_class.name))
            if wanted != actual and not (inherited and len(self._parents(cherry_class.name)) == 1):
                found.append((name, wanted))
        return found

    def needs_own_path(self, cherry_class: CherryClass) -> bool:
        """Whether a parent defines getPath, which 0.10 defined anew for each class that does not (F055)."""
        if any(method.name == "getPath" for method in cherry_class.methods):
            return False
        known = (self._plan.known.get(name) for name in self._old_order(cherry_class.name))
        return any(method.name == "getPath" for each in known if each for method in each.methods)

    def raised(self) -> set[str]:
        """Return the classes that code raises or catches, with their ancestors; Python 3 wants exceptions."""
        lines = [line.text for lines in self._plan.files.originals.values() for line in lines]
        words = {word for text in lines for part in _RAISES.findall(text) for word in _WORD.findall(part)}
        named = words & self._plan.known.keys()
        return {each for name in named for each in self._old_order(name)}

    def _fixed(self, name: str) -> list[tuple[str, str]]:
        return self.differences(self._plan.known[name]) if name in self._plan.known else []

    def _parents(self, name: str) -> tuple[str, ...]:
        each = self._plan.known.get(name)
        return tuple(one for one in each.parent_names if one != name) if each else ()

    def _old_order(self, name: str) -> Iterator[str]:
        yield name
        for parent in self._parents(name):
            yield from self._old_order(parent)

    def _new_order(self, name: str) -> list[str] | None:
        """Return Python 3's order, None where there is none."""
        parents = self._parents(name)
        orders = [self._new_order(parent) for parent in parents]
        if any(order is None for order in orders) or len(set(parents)) != len(parents):
            return None
        waiting = [list(order) for order in orders if order] + [list(parents)]
        found = [name]
        while waiting := [order for order in waiting if order]:
            heads = (order[0] for order in waiting)
            best = next((head for head in heads if not any(head in order[1:] for order in waiting)), None)
            if best is None:
                return None
            found.append(best)
            waiting = [[each for each in order if each != best] for order in waiting]
        return found


def _own_names(plan: Plan, cherry_class: CherryClass) -> Iterator[str]:
    yield from (method.name for method in cherry_class.methods if method.name != "getPath")
    yield from variable_names(plan, cherry_class.header, cherry_class.variables)


def variable_names(plan: Plan, header: Line, lines: Sequence[Line]) -> Iterator[str]:
    """Yield the names that the variables of a class bind."""
    if not lines:
        return
    head = Line("class X:", header.position, header.original)
    for statement in plan.translate.statements([head, *lines], scope="module"):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
