"""Calls of methods that have another name, another answer or no meaning in Python 3."""

from __future__ import annotations

import re
from typing import Any

from rawwfile.port.calls import Argument
from rawwfile.port.concrete import code_of, is_leaf
from rawwfile.port.files import Files
from rawwfile.port.kinds import elements, is_only, words
from rawwfile.port.writing import ATOM, fitted

Answer = "str | tuple[str, int] | None"
TEXT = ("str", "unicode", "maybe")
CODECS = {"hex": ("binascii", "hexlify", "unhexlify"), "base64": ("base64", "encodebytes", "decodebytes"),
          "zlib": ("zlib", "compress", "decompress")}  # fmt: skip
LATIN = ("latin-1", "latin1", "iso-8859-1", "iso8859-1", "latin_1", "iso8859_1", "l1", "8859")
RENAMED = {"isAlive": "is_alive", "currentThread": "current_thread", "activeCount": "active_count",
           "notifyAll": "notify_all",
           "isSet": "is_set", "readfp": "read_file", "getheader": "get", "getheaders": "get_all"}  # fmt: skip


class Methods(Files):
    """`method_NAME(node, owner, trailer, arguments)`: owner is the text before the trailer.

    Answers the text, (text, how many more trailers it took), or None for "as it stands".
    """

    # Dicts

    def method_has_key(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 1, 1):
            return None
        self.decide(trailer.children[1], "has_key", "has_key is `in`")
        return f"{fitted(self.text(arguments[0]), 6)} in {fitted(owner, 6)}"

    def listing(
        self, node: Any, owner: str, trailer: Any, arguments: list[Argument], name: str
    ) -> str | tuple[str, int] | None:
        if arguments:
            return None
        plain = f"{owner}.{name}()"
        if node.children[-2] is trailer:
            if self.is_iterated(node) or self.is_tested(node):
                return owner if name == "keys" and self.is_keyed(node, trailer) else plain
            return f"list({owner if name == 'keys' and self.is_keyed(node, trailer) else plain})"
        after = node.children[node.children.index(trailer) + 2]
        if is_leaf(after.children[0], "["):
            self.look(after, "dict-order", "2.x had another order of dicts; they keep the order of insertion now")
        return f"list({owner if name == 'keys' and self.is_keyed(node, trailer) else plain})"

    def is_keyed(self, node: Any, trailer: Any) -> bool:
        """Whether the mapping itself does for its keys: in loops, behind `in`, in sorted() and len() of a dict."""
        if self.is_dict(trailer):
            return True
        return self.iterates_keys and not self.is_tested(node)

    def method_keys(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> Any:
        return self.listing(node, owner, trailer, arguments, "keys")

    def method_values(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> Any:
        return self.listing(node, owner, trailer, arguments, "values")

    def method_items(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> Any:
        return self.listing(node, owner, trailer, arguments, "items")

    def iterating(self, node: Any, owner: str, arguments: list[Argument], name: str) -> str | None:
        if arguments:
            return None
        plain = f"{owner}.{name}()"
        return plain if self.is_iterated(node) else f"iter({plain})"

    def method_iterkeys(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        return self.iterating(node, owner, arguments, "keys")

    def method_itervalues(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        return self.iterating(node, owner, arguments, "values")

    def method_iteritems(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        return self.iterating(node, owner, arguments, "items")

    def method_next(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if arguments:
            return None
        if self.plain_next:
            if words(self.owner_kinds(trailer)) <= {"instance", "self", "maybe"}:
                return None
            self.look(trailer.children[1], "next", "a class here has a method next of its own; is this one meant?")
        self.decide(trailer.children[1], "next", ".next() is next()")
        return f"next({owner})"

    plain_next: frozenset[str] = frozenset()

    # Lists

    def method_sort(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if any(argument.name.startswith("*") for argument in arguments):
            self.look(trailer, "sort", "sort() takes key= and reverse= alone now")
            return None
        order = [a for place, a in enumerate(arguments) if (place == 0 and not a.name) or a.name == "cmp"]
        if order and self.is_none(order[0].node):
            return f"{owner}.sort({', '.join(self.named(arguments))})"
        if order:
            return f"{owner}.sort({', '.join([*self.order(order[0].node), *self.named(arguments)])})"
        if not any(argument.name == "key" for argument in arguments):
            given = elements(self.owner_kinds(trailer))
            if self.is_mixed(given):
                self.look(
                    trailer, "order", "the values are of different types; 2.x had an order for them, as compare() has"
                )
                key = "key=" + self.compared_by(self.helper("compare"))
                return f"{owner}.sort({', '.join([key, *self.named(arguments)])})"
            self.sort_look(trailer, given)
        return None

    # Text

    def lettered(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        """Say that letters beyond ASCII take part now."""
        first = node.children[0]
        known = node.children.index(trailer) == 1 and self.kind(first) == "STRING" and code_of(first).isascii()
        kinds = words(self.owner_kinds(trailer))
        if not arguments and not known and kinds & {"str", "unicode", "any"}:
            name = trailer.children[1].value
            self.look(
                trailer, "letters", f"{name}() knew ASCII alone in 2.x; it takes letters and blanks beyond it now"
            )
        return None

    method_isalpha = method_isalnum = method_isspace = method_isupper = method_islower = method_isdigit = lettered

    def ascii_only(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        """Write upper() and the like so that they know ASCII alone, as those of byte text did."""
        name = trailer.children[1].value
        if any(argument.name for argument in arguments):
            return None
        if name in self.defined and not is_only(self.owner_kinds(trailer), TEXT):
            return None
        if name in ("strip", "lstrip", "rstrip") and arguments or name == "split" and self.splits_at_text(arguments):
            return None
        if is_only(self.owner_kinds(trailer), ["unicode", "maybe"]):
            return None
        first = node.children[0]
        if (
            node.children.index(trailer) == 1
            and self.kind(first) in ("STRING", "atom")
            and is_plain_text(code_of(first))
        ):
            return None
        if not words(self.owner_kinds(trailer)) & {"str", "unicode", "any", "maybe"}:
            return None
        return self.ascii_text(trailer.children[1], name, owner, [self.text(argument) for argument in arguments])

    method_upper = method_lower = method_capitalize = method_title = method_swapcase = ascii_only
    method_strip = method_lstrip = method_rstrip = method_split = method_splitlines = ascii_only

    def splits_at_text(self, arguments: list[Argument]) -> bool:
        """Whether a split() has a separator that is text."""
        return bool(arguments) and not self.is_none(arguments[0].node)

    def ascii_text(self, node: Any, name: str, owner: str, rest: list[str]) -> str | None:
        """Return the call for a method of byte text; None where the application's text is of a charset."""
        if self.codec != "latin-1":
            self.look(node, "letters", f"{name}() knew ASCII alone in 2.x; it takes letters and blanks beyond it now")
            return None
        self.decide(node, "letters", f"{name}() of byte text knows ASCII alone, as in 2.x")
        if name in ("strip", "lstrip", "rstrip"):
            return f"{fitted(owner, ATOM)}.{name}({self.helper('BLANKS')})"
        return f"{self.helper('ascii_' + name)}({', '.join([owner, *rest])})"

    def method_translate(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 2, 2):
            return None
        self.decide(trailer.children[1], "translate", "translate() with deletions: translated()")
        return f"{self.helper('translated')}({owner}, {self.text(arguments[0])}, {self.text(arguments[1])})"

    def codec_of(self, arguments: list[Argument]) -> str:
        """Return the codec's name where a literal gives it."""
        if not arguments or self.kind(arguments[0].node) != "STRING":
            return ""
        return str(arguments[0].node.value.strip("\"'")).lower()

    def method_encode(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        kinds = self.owner_kinds(trailer)
        if is_only(kinds, ["bytes"]) or any(argument.name for argument in arguments) or self.goes_to(node) in TAKERS:
            return None
        codec = self.codec_of(arguments)
        if codec in CODECS:
            module, encode, _ = CODECS[codec]
            if codec == "base64":
                self.look(trailer, "print", "the text ends with a line end; print wrote no blank behind one")
            return self.to_text(f"{self.module(module)}.{encode}({self.to_bytes(owner)})")
        if codec in ("rot13", "rot-13", "rot_13"):
            return f"{self.module('codecs')}.encode({owner}, {self.text(arguments[0])})"
        if not words(kinds) & {"str", "unicode", "any"}:
            return None
        if self.followed_by(node, trailer, "decode"):
            return None
        if codec in LATIN and self.codec == "latin-1":
            self.look(trailer, "unicode", "text and text of bytes are one thing here, so encode() is left out")
            return owner
        self.look(
            trailer, "unicode", "encoded text was a str; it is bytes in Python 3, so it is made text of bytes again"
        )
        return self.to_text(f"{owner}.encode({', '.join(map(self.text, arguments))})")

    def goes_to(self, node: Any) -> str:
        """Return the last name of the function whose first argument this node is, or ''."""
        parent = node.parent
        trailer = parent.parent if parent is not None and self.kind(parent) == "arglist" else parent
        if trailer is None or self.kind(trailer) != "trailer" or not is_leaf(trailer.children[0], "("):
            return ""
        before = trailer.parent.children[: trailer.parent.children.index(trailer)]
        return code_of(before[-1]).strip(". ") if before else ""

    def method_decode(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        kinds = self.owner_kinds(trailer)
        if is_only(kinds, ["bytes"]) or any(argument.name for argument in arguments) or is_encoded(owner):
            return None
        if self.was_read(node, trailer):
            return None
        codec = self.codec_of(arguments)
        if codec in CODECS:
            module, _, decode = CODECS[codec]
            return self.to_text(f"{self.module(module)}.{decode}({self.to_bytes(owner)})")
        if not words(kinds) & {"str", "unicode", "any"}:
            return None
        if codec in LATIN and self.codec == "latin-1":
            self.look(trailer, "unicode", "text and text of bytes are one thing here, so decode() is left out")
            return owner
        self.look(
            trailer, "unicode", "text of bytes is decoded here; str is text in Python 3, see whether it still must be"
        )
        return f"{self.to_bytes(owner)}.decode({', '.join(map(self.text, arguments))})"

    # Objects of modules

    def method_update(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if is_only(self.owner_kinds(trailer), ["hash", "maybe"]) and self.plain(arguments, 1, 1):
            return f"{owner}.update({self.to_bytes(self.text(arguments[0]))})"
        return None

    def method_digest(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if is_only(self.owner_kinds(trailer), ["hash"]) and not arguments:
            self.decide(trailer, "bytes", "digest() gives bytes; they are made text of bytes")
            return f"{owner}.digest().decode({self.latin()})"
        return None

    def method_send(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if is_only(self.owner_kinds(trailer), ["socket", "maybe"]) and arguments:
            rest = "".join(", " + self.text(argument) for argument in arguments[1:])
            self.decide(trailer, "bytes", "a socket takes bytes")
            name = trailer.children[1].value
            return f"{owner}.{name}({fitted(self.text(arguments[0]), ATOM)}.encode({self.latin()}){rest})"
        return None

    method_sendall = method_send

    def method_sendmail(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 3, 3) or not is_only(self.owner_kinds(trailer), ["smtp", "maybe"]):
            return None
        texts = [self.text(argument) for argument in arguments]
        if re.match(r"mail_bytes_?\(|b['\"]", texts[2]) or is_encoded(texts[2]):
            return None
        self.decide(trailer, "bytes", "a mail of text must be ASCII; this one leaves as its bytes: mail_bytes()")
        return f"{owner}.sendmail({texts[0]}, {texts[1]}, {self.helper('mail_bytes')}({texts[2]}))"

    def renamed_method(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        name = trailer.children[1]
        if name.value in ("getheader", "getheaders") and not is_only(self.owner_kinds(trailer), ["message"]):
            if not owner.endswith((".headers", ".info()")):
                return None
        if name.value == "getheaders" and owner.endswith((".headers", ".info()")) and not arguments:
            return None
        if name.value in self.defined:
            return None
        self.decide(name, "name", f"{name.value} is {RENAMED[name.value]}")
        listed = ", ".join(code for code in (self.argument_text(argument) for argument in arguments))
        return f"{owner}.{RENAMED[name.value]}({listed})"

    defined: frozenset[str] = frozenset()
    """Names of the functions that the text defines."""

    def argument_text(self, argument: Argument) -> str:
        text = self.text(argument)
        return {"": text, "*": "*" + text, "**": "**" + text, "for": text}.get(argument.name, f"{argument.name}={text}")

    method_isAlive = method_currentThread = method_activeCount = method_notifyAll = method_isSet = renamed_method  # noqa: N815
    method_readfp = method_getheader = method_getheaders = renamed_method


def is_plain_text(literal: str) -> bool:
    """Whether a literal holds ASCII alone."""
    return literal.isascii() and not re.search(r"\\(x[89a-fA-F]|[23][0-7][0-7]|u|U)", literal)


PRODUCERS = frozenset(
    "encode digest encodebytes decodebytes b64encode b64decode hexlify unhexlify b2a_hex a2b_hex b2a_base64 a2b_base64 "
    "compress decompress dumps pack recv getvalue".split()
)
TAKERS = frozenset(
    "md5 sha1 sha new encodebytes decodebytes b64encode b64decode hexlify unhexlify crc32 loads unpack compress "
    "decompress update send sendall b2a_hex a2b_hex b2a_base64 a2b_base64 adler32".split()
)
"""Functions of Python 3 that give bytes, and that take them."""


def is_encoded(text: str) -> bool:
    """Whether a text ends with a call that gives bytes."""
    if not text.endswith(")"):
        return False
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if not depth:
            found = re.search(r"\.(\w+)\s*$", text[:place])
            return found is not None and found.group(1) in PRODUCERS
    return False
