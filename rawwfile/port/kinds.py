"""What is known of a value: a set of kinds, joined where the code joins.

A kind is a word ("int", "float", "str", "none", ...) or a container of kinds: ("list", kinds), ("tuple",
kinds), ("dict", kinds of keys, kinds of values); "fresh" is a list that nothing else holds yet. "any":
nothing is known. "maybe": the others are what was seen, and code of other files may put something else
there. The empty set: no value came by yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Kinds = frozenset[Any]

NOTHING: Kinds = frozenset()
ANY: Kinds = frozenset({"any"})
MAYBE: Kinds = frozenset({"maybe"})
INT: Kinds = frozenset({"int"})
FLOAT: Kinds = frozenset({"float"})
STR: Kinds = frozenset({"str"})
NONE: Kinds = frozenset({"none"})
DEEPEST = 3
NUMBERS = frozenset({"int", "long", "float", "bool"})
WHOLE = frozenset({"int", "long", "bool"})
_SHALLOW = {"list": ("list", ANY), "fresh": ("fresh", ANY), "tuple": ("tuple", ANY), "dict": ("dict", ANY, ANY)}


def listed(inside: Kinds, kind: str = "list") -> Kinds:
    """Return the kinds of a list (or tuple) of such elements."""
    return frozenset({(kind, inside)})


def mapped(keys: Kinds, values: Kinds) -> Kinds:
    """Return the kinds of a dict."""
    return frozenset({("dict", keys, values)})


def join(*several: Kinds) -> Kinds:
    """Return the kinds of a value that is one or the other; containers of one kind become one."""
    made: set[Any] = set()
    boxes: dict[str, list[Kinds]] = {}
    for kinds in several:
        for kind in kinds:
            if isinstance(kind, tuple) and kind[0] in _SHALLOW:
                inside = boxes.setdefault(kind[0], [NOTHING] * (len(kind) - 1))
                boxes[kind[0]] = (
                    [join(a, b) for a, b in zip(inside, kind[1:], strict=False)] if any(inside) else list(kind[1:])
                )
            else:
                made.add(kind)
    made.update((name, *inside) for name, inside in boxes.items())
    return frozenset(made)


def cut(kinds: Kinds, depth: int = DEEPEST) -> Kinds:
    """Return the kinds with containers no deeper than DEEPEST, so that every loop comes to an end."""
    if not depth:
        return frozenset(_SHALLOW.get(kind[0], kind) if isinstance(kind, tuple) else kind for kind in kinds)
    return frozenset(
        (kind[0], *(cut(inside, depth - 1) for inside in kind[1:]))
        if isinstance(kind, tuple) and kind[0] in _SHALLOW
        else kind
        for kind in kinds
    )


def words(kinds: Kinds) -> frozenset[str]:
    """Return the names of the kinds, without what is inside containers."""
    return frozenset(kind[0] if isinstance(kind, tuple) else kind for kind in kinds)


def deep_words(kinds: Kinds) -> frozenset[str]:
    """Return the names of the kinds and of all that is inside containers."""
    made = set(words(kinds))
    for kind in kinds:
        if isinstance(kind, tuple) and kind[0] in _SHALLOW:
            for inside in kind[1:]:
                made |= deep_words(inside)
    return frozenset(made)


def elements(kinds: Kinds) -> Kinds:
    """Return what a loop over such a value gives."""
    made = NOTHING
    for kind in kinds:
        if isinstance(kind, tuple) and kind[0] in _SHALLOW:
            # Who else holds a list or dict may put other things into it.
            made = join(made, kind[1], MAYBE if kind[0] in ("list", "dict") and kind[1] else NOTHING)
        elif kind in ("str", "unicode", "file", "stringio"):
            made = join(made, STR)
        elif kind == "maybe":
            made = join(made, MAYBE)
        else:
            made = join(made, ANY)
    return made


def values(kinds: Kinds) -> Kinds:
    """Return what an index of such a value gives."""
    made = NOTHING
    for kind in kinds:
        is_dict = isinstance(kind, tuple) and kind[0] == "dict"
        made = join(made, join(kind[2], MAYBE if kind[2] else NOTHING) if is_dict else elements(frozenset({kind})))
    return made


def held(kinds: Kinds) -> Kinds:
    """Return the kinds of a value once a name holds it: a list is then no longer fresh."""
    return join(
        frozenset(("list", kind[1]) if isinstance(kind, tuple) and kind[0] == "fresh" else kind for kind in kinds)
    )


def is_only(kinds: Kinds, allowed: Iterable[str]) -> bool:
    """Whether something is known and it is certainly one of these."""
    return bool(kinds) and words(kinds) <= frozenset(allowed)


def can_be(kinds: Kinds, kind: str) -> bool:
    """Whether this kind was seen."""
    return kind in words(kinds)


def calculated(sign: str, left: Kinds, right: Kinds) -> Kinds:
    """Return the kinds of `left sign right`."""
    a, b = words(left), words(right)
    if not a or not b:
        return NOTHING
    maybe = MAYBE if "maybe" in a | b else NOTHING
    a, b = a - {"maybe"}, b - {"maybe"}
    if sign == "%" and a and a <= {"str", "unicode"}:
        given = deep_words(right)
        if b <= {"unicode"} or given == {"tuple", "unicode"}:
            return join(frozenset({"unicode"}), maybe)
        return join(frozenset(a) | (frozenset({"unicode"}) if "unicode" in given else NOTHING), maybe)
    if a <= NUMBERS and b <= NUMBERS:
        return join(_number(sign, a, b), maybe)
    if sign == "+":
        if a <= {"str", "unicode"} or b <= {"str", "unicode"}:
            return join(frozenset({"unicode"} if "unicode" in a | b else {"str"}), maybe)
        if a <= {"list", "fresh"} or a <= {"tuple"}:
            return join(left, right) if b <= {"list", "tuple", "fresh"} else left
        if "float" in a or "float" in b:
            return join(FLOAT, ANY)
        return ANY
    if sign == "*" and (a | b) & {"str", "list", "tuple", "fresh"}:
        whole = a if a & {"str", "list", "tuple", "fresh"} else b
        return left if whole is a else right
    if sign == "%" and not a <= NUMBERS:
        return join(STR, ANY)
    if sign in "-*/" and (a <= {"float"} or b <= {"float"}):
        return join(FLOAT, ANY) if "any" in a | b else FLOAT
    return frozenset({"number", "any"}) if "any" in a | b else ANY


def _number(sign: str, a: frozenset[str], b: frozenset[str]) -> Kinds:
    made = set()
    if a & WHOLE and b & WHOLE:
        made.add("long" if "long" in a | b else "int")
        if sign == "**":
            made.add("float")
    if "float" in a | b:
        made.add("float")
    if sign in ("&", "|", "^") and a | b <= {"bool"}:
        return frozenset({"bool"})
    return frozenset(made)
