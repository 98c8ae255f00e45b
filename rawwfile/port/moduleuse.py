"""Writes what comes from a module: under its name of today, as a method of text, or with bytes in between."""

from __future__ import annotations

import re
from typing import Any

from rawwfile.port.calls import Argument
from rawwfile.port.concrete import code_of, is_leaf
from rawwfile.port.libraries import Libraries
from rawwfile.port.methods import is_plain_text
from rawwfile.port.modules import BYTES, ENCODED, GONE, KEPT, MEMBERS, METHODS, MODULES, OF_BYTES, SAME
from rawwfile.port.writing import ATOM, MEANINGS, fitted, safe_name


class ModuleUse(Libraries):
    """The part of the writer for modules."""

    def imported(self, name: str) -> str:
        """Return what an imported name stands for ("urllib", "urllib.quote") where this scope reads it, or ''."""
        home = self.scope.home(name)
        if home is not None:
            # `import x` with `x = None` where that failed is the module.
            stores = home.stores.get(name, ())
            others = [each for each in stores if self.kind(each) not in ("import_name", "import_from")]
            plain = [each for each in home.simple.get(name, ()) if self.is_none(each.children[2])]
            return home.imports.get(name, "") if len(others) == len(plain) else ""
        known = self.names.get(name)
        if known is not None and not known.text and len(known.imports) == 1:
            return imported_by(known.imports[0], name)
        return ""

    def module_name(self, leaf: Any) -> str | None:
        what = self.imported(leaf.value)
        if not what:
            return None
        return self.today(leaf, what, leaf.value)

    def today(self, node: Any, what: str, local: str) -> str | None:
        """Return the text for an imported thing, or None where it is what it was."""
        self.warn(node, what)
        if what in MEMBERS:
            new = MEMBERS[what]
            if what != new:
                self.decide(node, "module", f"{what} is {new}")
            return self.text_for(new, "." in what and local == what.rsplit(".", 1)[-1])
        if what in MODULES:
            self.decide(node, "module", f"the module {what} is {MODULES[what]}")
            return self.module(MODULES[what])
        owner, _, last = what.rpartition(".")
        for kept in (what, owner):
            if kept in KEPT:
                self.look(node, "module", f"the module {kept} is gone; oldmodules has it: {KEPT[kept]}")
                text = self.bring(f"{SAME.rpartition('.')[0]}.oldmodules", kept)
                return text if kept == what else f"{text}.{last}"
        if owner in MODULES:
            self.decide(node, "module", f"{what} is {MODULES[owner]}.{last}")
            return (
                self.bring(MODULES[owner], last)
                if local == last
                else f"{self.module(MODULES[owner])}.{safe_name(last)}"
            )
        return None

    def warn(self, node: Any, what: str) -> None:
        for name in (what, what.split(".")[0]):
            if GONE.get(name) and (what not in MEMBERS or what == name):
                self.look(node, "module", f"{name} is gone: {GONE[name]}")
                return
        if what.split(".")[0] in OF_BYTES and what not in BYTES:
            self.look(
                node, "bytes", f"{what.split('.')[0]} takes and gives bytes now; text has to be encoded and decoded"
            )

    def text_for(self, new: str, direct: bool) -> str:
        """Return the text for a dotted name of today, with the import it needs."""
        owner, _, last = new.rpartition(".")
        if not owner or new.startswith("(") or owner in ("str", "type") or new.startswith(("type(", "sys.exc_info")):
            if new.startswith("sys."):
                self.needed.add("import sys")
            return new
        if owner == MEANINGS:
            return self.helper(last)
        if new == "email.message.Message":
            return f"{self.module('email')}.message_from_file"
        return self.bring(owner, last) if direct else f"{self.module(owner)}.{last}"

    def module_head(self, node: Any, end: int) -> tuple[str, int] | None:
        """Write `module.name` (and the call behind it) at the start of a name with trailers."""
        parts = node.children
        first = parts[0]
        what = self.imported(first.value) if self.kind(first) == "NAME" else ""
        if not what:
            return None
        steps = [what]
        at = 1
        while at < end and is_leaf(parts[at].children[0], "."):
            steps.append(f"{steps[-1]}.{parts[at].children[1].value}")
            at += 1
        for place in range(len(steps), 0, -1):
            name = steps[place - 1]
            called = parts[place] if place < end and is_leaf(parts[place].children[0], "(") else None
            if called is not None:
                made = self.module_call(node, name, called, self.arguments(called), place == 1)
                if made is not None:
                    return (made if place + 1 == len(parts) else fitted(made, ATOM)), place + 1
            if (
                name in MEMBERS
                or name in MODULES
                or name.rpartition(".")[0] in MODULES
                or name in KEPT
                or name.rpartition(".")[0] in KEPT
            ):
                local = first.value if place == 1 else ""
                made = self.today(first, name, local)
                if made is not None:
                    return made, place
        self.warn(first, steps[-1])
        root = what.split(".")[0]
        if what == root and root in ("urllib", "urllib2") and len(steps) > 1:
            last = steps[1].rsplit(".", 1)[-1]
            self.decide(first, "module", f"{steps[1]} is urllib.request.{last}")
            return f"{self.module('urllib.request')}.{last}", 2
        return None

    def module_call(self, node: Any, name: str, trailer: Any, arguments: list[Argument], direct: bool) -> str | None:
        """Return the text for the call of a module's function where it is more than a name."""
        module, _, last = name.rpartition(".")
        if any(argument.name not in ("",) for argument in arguments):
            return None
        if module in ("string", "strop"):
            return self.string_call(node, last, arguments)
        if name in BYTES and arguments:
            return self.bytes_call(node, name, arguments, direct)
        if name in ENCODED and arguments and self.codec != "utf-8":
            self.decide(node, "module", f"{name} is {MEMBERS.get(name, name)}; it escapes the bytes of {self.codec}")
            if "unquote" not in last and "parse_" not in last:
                self.look(node, "module", "quote() escaped ~ as %7E; it leaves it now")
            new = MEMBERS.get(name, "urllib.parse." + last)
            texts = ", ".join([*map(self.text, arguments), f"encoding={self.code()}"])
            return f"{self.text_for(new, direct)}({texts})"
        handler = getattr(self, "calls_" + name.replace(".", "_"), None)
        return handler(node, arguments) if handler is not None else None

    def bytes_call(self, node: Any, name: str, arguments: list[Argument], direct: bool) -> str:
        module, last, takes, gives = BYTES[name]
        texts = [self.text(argument) for argument in arguments]
        after = node.children[-1]
        self.decide(node, "bytes", f"{name} is {module}.{last}, of bytes" if takes or gives else name)
        if takes:
            texts[0] = texts[0] if texts[0].startswith(('b"', "b'")) else self.to_bytes(texts[0])
        function = self.bring(module, last) if direct else f"{self.module(module)}.{last}"
        made = f"{function}({', '.join(texts)})"
        is_decoded = code_of(after).startswith("(") and any(
            self.kind(part) == "trailer" and code_of(part).replace(" ", "") == ".decode" for part in node.children
        )
        return (
            f"{made}.decode({self.latin() if last in ('dumps', 'compress', 'pack') else self.code()})"
            if gives and not is_decoded
            else made
        )

    def string_call(self, node: Any, name: str, arguments: list[Argument]) -> str | None:
        """Return the method of text for a function of the module string."""
        if not arguments:
            return None
        texts = [self.text(argument) for argument in arguments]
        owner = fitted(texts[0], ATOM)
        if name in METHODS:
            self.decide(node, "string", f"string.{name}(text) is text.{name}()")
            made = self.string_ascii(node, name, arguments, texts)
            if made is not None:
                return made
            if name == "translate" and len(texts) == 3:
                return f"{self.helper('translated')}({', '.join(texts)})"
            return f"{owner}.{name.removesuffix('fields')}({', '.join(texts[1:])})"
        if name in ("join", "joinfields"):
            self.decide(node, "string", "string.join(words, between) is between.join(words)")
            blank = "' '" if self.mode == "expression" else '" "'
            return f"{fitted(texts[1], ATOM) if len(texts) > 1 else blank}.join({texts[0]})"
        if name == "zfill":
            is_known = self.is_text(arguments[0].node)
            return f"{owner if is_known else f'str({texts[0]})'}.zfill({', '.join(texts[1:])})"
        return None

    def string_ascii(self, node: Any, name: str, arguments: list[Argument], texts: list[str]) -> str | None:
        """Return the call that knows ASCII alone, where the function's text may hold more."""
        name = name.removesuffix("fields")
        is_plain = self.kind(arguments[0].node) == "STRING" and is_plain_text(code_of(arguments[0].node))
        if name not in ("upper", "lower", "capitalize", "swapcase", "strip", "lstrip", "rstrip", "split") or is_plain:
            return None
        if (
            name == "split"
            and self.splits_at_text(arguments[1:])
            or name in ("strip", "lstrip", "rstrip")
            and texts[1:]
        ):
            return None
        return self.ascii_text(node, name, texts[0], texts[1:])


def imported_by(line: str, name: str) -> str:
    """Return what an import line binds to a name: "urllib", "urllib.quote"; '' where it does not."""
    found = re.fullmatch(r"\s*from\s+(\S+)\s+import\s+(.*)", line)
    if found:
        for part in found.group(2).strip("() ").split(","):
            words = part.split()
            if words and words[-1] == name:
                return f"{found.group(1)}.{words[0]}" if not found.group(1).startswith(".") else ""
        return ""
    found = re.fullmatch(r"\s*import\s+(.*)", line)
    for part in found.group(1).split(",") if found else ():
        words = part.split()
        if words and (words[-1] == name or len(words) == 1 and words[0].split(".")[0] == name):
            return words[0] if len(words) > 1 else name
    return ""


__all__ = ["ModuleUse", "imported_by"]
