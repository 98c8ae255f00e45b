"""The kinds of names with trailers: attributes, items, calls."""

from __future__ import annotations

from typing import Any

from rawwfile.port import answers
from rawwfile.port.concrete import commas, is_leaf
from rawwfile.port.flow_values import Values
from rawwfile.port.kinds import (
    ANY,
    INT,
    MAYBE,
    NONE,
    NOTHING,
    STR,
    WHOLE,
    Kinds,
    calculated,
    cut,
    elements,
    held,
    is_only,
    join,
    listed,
    values,
    words,
)


class Trailers(Values):
    """What calls and attributes give."""

    def on_power(self, node: Any) -> Kinds:
        parts = node.children
        made = self.value(parts[0])
        at = 1
        while at < len(parts) and not is_leaf(parts[at], "**"):
            trailer = parts[at]
            self.known[id(trailer)] = join(self.known.get(id(trailer), NOTHING), made)
            made = cut(self.trailed(parts[:at], made, trailer))
            at += 1
        if at < len(parts):
            self.known[id(parts[at])] = made
            power = self.value(parts[at + 1])
            is_small = self.kind(parts[at + 1]) == "NUMBER" and power == INT and is_only(made, WHOLE)
            if is_small and int(parts[at + 1].value, 0) > 30:
                made = join(made, frozenset({"long"}))
            made = made if is_small else calculated("**", made, power)
        return made

    def trailed(self, before: list[Any], made: Kinds, trailer: Any) -> Kinds:
        opening = trailer.children[0].value
        if opening == ".":
            return self.attribute(made, trailer.children[1].value)
        if opening == "[":
            index = trailer.children[1]
            if self.kind(index) in ("subscript", "subscriptlist") or is_leaf(index, ":"):
                self.whatever(index)
                return made
            self.value(index)
            return values(made)
        inside = trailer.children[1] if len(trailer.children) == 3 else None
        arguments = [] if inside is None else commas(inside.children) if self.kind(inside) == "arglist" else [inside]
        given = [self.argument(part) for part in arguments]
        if len(given) == 2 and made == frozenset({("builtin", "map")}) and self.kind(arguments[0]) == "lambdef":
            return listed(self.lambda_value(arguments[0], elements(given[1])), "fresh")
        if made == frozenset({("builtin", "apply")}) and given:
            made, given = given[0], self.applied(arguments)
        self.note_passed(made, given)
        return self.called(before, made, given)

    def applied(self, arguments: list[Any]) -> list[Kinds]:
        """Return the kinds of the arguments that apply() hands on, where a literal lists them."""
        listed = arguments[1] if len(arguments) > 1 else None
        inside = listed.children[1] if listed is not None and len(listed.children) == 3 else None
        if inside is None or self.kind(inside) not in ("testlist_gexp", "listmaker"):
            return []
        return [self.known.get(id(part), ANY) for part in commas(inside.children)]

    def note_passed(self, made: Kinds, given: list[Kinds]) -> None:
        """Keep what a function of the text is called with."""
        names = [
            kind[1] for kind in made if isinstance(kind, tuple) and kind[0] in ("function", "method", "member", "class")
        ]
        for name in names:
            for place, kinds in enumerate(given):
                for each in (name, "__init__") if (("class", name) in made) else (name,):
                    self.passed[each, place] = cut(held(join(self.passed.get((each, place), NOTHING), kinds)))

    def argument(self, node: Any) -> Kinds:
        if self.kind(node) != "argument":
            return self.value(node)
        if self.kind(node.children[-1]) == "gen_for":
            return listed(self.comprehended(node.children[0], node.children[-1]))
        self.value(node.children[-1])
        return ANY

    def attribute(self, made: Kinds, name: str) -> Kinds:
        if len(made) == 1:
            (kind,) = made
            if isinstance(kind, tuple) and kind[0] == "module":
                whole = f"{kind[1]}.{name}"
                return answers.MODULES[whole] if whole in answers.CONSTANTS else frozenset({("module", whole)})
            if kind == "self" and name in self.attributes:
                return join(self.attributes[name], MAYBE)
        if name == "__class__":
            return frozenset({"class"})
        if name in answers.ATTRIBUTES and not is_only(made, ["self"]):
            return answers.ATTRIBUTES[name]
        return frozenset({("member", name, words(made) - {"maybe"})}) if made else NOTHING

    def called(self, before: list[Any], made: Kinds, given: list[Kinds]) -> Kinds:
        if len(made) != 1:
            return (
                ANY
                if words(made - MAYBE) != {"method"}
                else join(*(self.results.get(kind[1], NOTHING) for kind in made if isinstance(kind, tuple)), MAYBE)
            )
        (kind,) = made
        if not isinstance(kind, tuple):
            return ANY
        if kind[0] == "builtin":
            return self.builtin(kind[1], given)
        if kind[0] in ("function", "method"):
            return join(self.results.get(kind[1], NOTHING), MAYBE if kind[0] == "method" else NOTHING)
        if kind[0] == "class":
            return frozenset({("instance", kind[1])})
        if kind[0] == "module":
            if kind[1] == "rawwfile.cherrypy.meanings.divide" and len(given) == 2:
                return self.divided(*given)
            return answers.MODULES.get(kind[1], ANY)
        if kind[0] == "member":
            return self.method(before, kind[1], kind[2], given)
        return ANY

    def builtin(self, name: str, given: list[Kinds]) -> Kinds:
        first = given[0] if given else NOTHING
        if name in ("int", "long") and given and "any" in words(first):
            return INT if name == "int" else frozenset({"long"})
        if name in answers.BUILTINS:
            return answers.BUILTINS[name]
        if name in ("abs", "sum", "max", "min"):
            inside = first if name == "abs" else elements(first) if len(given) == 1 else join(*given)
            return join(inside, INT) if name == "sum" else inside
        if name == "filter":
            return filtered(given[-1]) if given else ANY
        if name in ("list", "sorted", "reversed"):
            return listed(elements(first))
        if name == "tuple":
            return listed(elements(first), "tuple")
        if name in ("zip", "enumerate"):
            inside = join(*map(elements, given), INT if name == "enumerate" else NOTHING)
            return listed(listed(inside, "tuple"))
        return listed(ANY) if name == "map" else ANY

    def method(self, before: list[Any], name: str, owner: frozenset[str], given: list[Kinds]) -> Kinds:
        inside = self.known.get(id(before[-1]), ANY)
        first = given[0] if given else ANY
        if name in ("append", "insert", "extend") and given:
            taken = elements(first) if name == "extend" else given[-1]
            self.absorb(before[:-1], "list", NOTHING, taken)
        if name == "setdefault" and len(given) == 2:
            self.absorb(before[:-1], "dict", first, given[1])
        if name in ("keys", "iterkeys") or name == "items" and owner == {"dict"}:
            keys = elements(inside) if owner == {"dict"} else ANY
            return listed(keys) if name != "items" else listed(listed(join(keys, values(inside)), "tuple"))
        if name in ("items", "iteritems") and owner & {"any", "self", "instance"}:
            return listed(listed(ANY, "tuple"))
        if name in ("values", "itervalues"):
            return listed(values(inside)) if owner == {"dict"} else listed(ANY)
        if owner == {"dict"} and name in ("get", "setdefault", "pop"):
            return join(values(inside), given[1] if len(given) > 1 else NONE)
        if name in ("getresponse", "makefile", "info") and (name == "getresponse" or owner <= {"page", "socket"}):
            return frozenset({"message" if name == "info" else "page"})
        if owner == {"hash"} and name == "copy":
            return frozenset({"hash"})
        if owner == {"list"} and name == "pop":
            return elements(inside)
        if owner == {"self"} and name in self.results:
            return join(self.results[name], MAYBE)
        if owner and owner <= {"str", "unicode", "file", "stringio", "page", "pipe"} and name in answers.TEXT_METHODS:
            return answers.TEXT_METHODS[name]
        if owner == {"unicode"} and answers.METHODS.get(name) == STR:
            return frozenset({"unicode"})
        if owner & {"hash", "stringio", "str", "any"}:
            return answers.METHODS.get(name, ANY)
        return ANY


def filtered(source: Kinds) -> Kinds:
    """Return what filter() gives: text for a text, a tuple for a tuple, else a list."""
    if is_only(source, ["str", "unicode", "maybe"]):
        return source
    if is_only(source, ["tuple", "maybe"]):
        return listed(elements(source), "tuple")
    return listed(elements(source)) if is_only(source, ["list", "fresh", "maybe"]) else ANY
