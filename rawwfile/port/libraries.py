"""Calls of functions of the library that are more than another name."""

from __future__ import annotations

import re
from typing import Any

from rawwfile.port.calls import Argument
from rawwfile.port.concrete import code_of
from rawwfile.port.methods import Methods
from rawwfile.port.writing import fitted

ASCII_LETTERS = re.compile(r"\\[wWbBsS]|\(\?[a-zA-Z]*i")
RE_FLAGS = {"re.compile": 1, "re.search": 2, "re.match": 2, "re.findall": 2, "re.finditer": 2,
            "re.sub": 10, "re.subn": 10, "re.split": 10}  # fmt: skip


class Libraries(Methods):
    """`calls_MODULE_FUNCTION(node, arguments)` gives the text of the call, or None for "under its name of today"."""

    def calls_cgi_escape(self, node: Any, arguments: list[Argument]) -> str | None:
        self.decide(node, "module", "cgi.escape is html.escape; it left apostrophes as they are")
        if len(arguments) == 1:
            return f"{self.module('html')}.escape({self.text(arguments[0])}, quote=False)"
        return f"{self.helper('escaped')}({', '.join(map(self.text, arguments))})"

    def calls_math_floor(self, node: Any, arguments: list[Argument]) -> str | None:
        """Return float(math.floor(x)): 2.x gave a float."""
        name = code_of(node.children[1]).strip(". ") if len(node.children) > 2 else code_of(node.children[0])
        if len(arguments) != 1 or self.called_with(node) in ("int", "long", "float"):
            return None
        self.decide(node, "float", f"math.{name}() gave a float")
        return f"float({self.module('math')}.{name}({self.text(arguments[0])}))"

    calls_math_ceil = calls_math_floor

    def calls_ConfigParser_ConfigParser(self, node: Any, arguments: list[Argument]) -> str | None:  # noqa: N802
        """Return a parser that takes the same file: sections may come twice, `;` begins a comment."""
        name = code_of(node.children[1]).strip(". ") if len(node.children) > 2 else code_of(node.children[0])
        name = {"SafeConfigParser": "ConfigParser"}.get(name, name)
        quote = "'" if self.mode == "expression" else '"'
        given = [self.text(argument) for argument in arguments]
        self.look(
            node, "module", "ConfigParser is configparser; sections may come twice, and ; begins a comment, as in 2.x"
        )
        listed = ", ".join(
            [*given, "strict=False", f"comment_prefixes=({', '.join(map(self.quoted, ('#', ';', 'rem ')))})",
             f"inline_comment_prefixes=({quote};{quote},)"]
        )  # fmt: skip
        return f"{self.module('configparser')}.{name}({listed})"

    calls_ConfigParser_RawConfigParser = calls_ConfigParser_SafeConfigParser = calls_ConfigParser_ConfigParser  # noqa: N815

    def calls_thread_start_new_thread(self, node: Any, arguments: list[Argument]) -> str | None:
        if len(arguments) < 2 or self.kind(node.parent) != "simple_stmt":
            return None
        self.decide(node, "module", "a thread is started by threading.Thread")
        texts = [f"target={self.text(arguments[0])}", f"args={self.text(arguments[1])}"]
        texts += [f"kwargs={self.text(argument)}" for argument in arguments[2:3]]
        return f"{self.module('threading')}.Thread({', '.join([*texts, 'daemon=True'])}).start()"

    calls_thread_start_new = calls_thread_start_new_thread

    def calls_pickle_load(self, node: Any, arguments: list[Argument]) -> str | None:
        """Return pickle.load that reads what 2.x wrote: its text comes as text."""
        if len(arguments) != 1:
            return None
        self.decide(node, "module", "text that 2.x pickled is read as text")
        return f"{self.module('pickle')}.load({self.text(arguments[0])}, encoding={self.latin()})"

    calls_cPickle_load = calls_pickle_load  # noqa: N815

    def calls_StringIO_StringIO(self, node: Any, arguments: list[Argument]) -> str | None:  # noqa: N802
        """Return io.BytesIO where the file goes to a module that wants bytes."""
        target = node.parent.children[0] if self.kind(node.parent) == "expr_stmt" else None
        if self.kind(node.parent) == "argument" and code_of(node.parent.children[0]).strip() == "fileobj":
            self.decide(node, "bytes", "a file of bytes")
            return f"{self.module('io')}.BytesIO({', '.join(self.to_bytes(self.text(a)) for a in arguments)})"
        if target is None or self.kind(target) != "NAME" or (id(self.scope), target.value) not in self.flow.byte_names:
            return None
        self.decide(node, "bytes", f"{target.value} goes to a module that takes bytes")
        return f"{self.module('io')}.BytesIO({', '.join(self.to_bytes(self.text(a)) for a in arguments)})"

    calls_cStringIO_StringIO = calls_StringIO_StringIO  # noqa: N815

    def calls_new_instancemethod(self, node: Any, arguments: list[Argument]) -> str | None:
        self.decide(node, "module", "new.instancemethod is types.MethodType, which takes no class")
        return f"{self.module('types')}.MethodType({', '.join(map(self.text, arguments[:2]))})"

    def calls_xmlrpclib_Binary(self, node: Any, arguments: list[Argument]) -> str | None:  # noqa: N802
        if len(arguments) != 1:
            return None
        self.decide(node, "bytes", "xmlrpc.client.Binary holds bytes")
        return f"{self.module('xmlrpc.client')}.Binary({self.to_bytes(self.text(arguments[0]))})"

    def calls_rfc822_formatdate(self, node: Any, arguments: list[Argument]) -> str | None:
        self.decide(node, "module", "rfc822.formatdate is email.utils.formatdate, which writes GMT where asked")
        texts = [*map(self.text, arguments[:1]), "usegmt=True"]
        return f"{self.module('email.utils')}.formatdate({', '.join(texts)})"

    def calls_os_path_walk(self, node: Any, arguments: list[Argument]) -> str | None:
        self.look(node, "module", "os.path.walk is gone: write a loop over os.walk()")
        return f"{self.helper('walk_paths')}({', '.join(map(self.text, arguments))})"

    def calls_tempfile_TemporaryFile(self, node: Any, arguments: list[Argument]) -> str | None:  # noqa: N802
        """Return a file of text of bytes; None where more than a mode is given."""
        if len(arguments) > 1 or arguments and self.kind(arguments[0].node) != "STRING":
            return None
        name = code_of(node.children[1]).strip(". ") if len(node.children) > 2 else code_of(node.children[0])
        plain = arguments[0].node.value.strip("\"'").replace("b", "") if arguments else "w+"
        self.decide(node, "file", "a file of text of bytes")
        made = f"{self.quoted(plain)}, encoding={self.latin()}, newline={self.quoted(chr(92) + 'n')}"
        return f"{self.module('tempfile')}.{name}({made})"

    calls_tempfile_NamedTemporaryFile = calls_tempfile_TemporaryFile  # noqa: N815

    def calls_struct_unpack(self, node: Any, arguments: list[Argument]) -> str | None:
        if len(arguments) != 2:
            return None
        return f"{self.module('struct')}.unpack({self.text(arguments[0])}, {self.to_bytes(self.text(arguments[1]))})"

    def calls_urllib_urlopen(self, node: Any, arguments: list[Argument]) -> str | None:
        texts = [self.text(argument) for argument in arguments]
        if len(texts) > 1:
            texts[1] = self.to_bytes(texts[1]) if texts[1] != "None" else "None"
        self.decide(node, "module", "urlopen is urllib.request.urlopen; what it reads is bytes")
        return f"{self.module('urllib.request')}.urlopen({', '.join(texts)})"

    calls_urllib2_urlopen = calls_urllib_urlopen

    def calls_os_popen(self, node: Any, arguments: list[Argument]) -> str | None:
        """Return the pipe of text of bytes."""
        if not 1 <= len(arguments) <= 2:
            return None
        self.decide(node, "text", "what os.popen reads and writes is text of bytes: text_pipe()")
        codec = [] if self.codec == "latin-1" else [f"encoding={self.code()}"]
        return f"{self.helper('text_pipe')}({', '.join([*map(self.text, arguments), *codec])})"

    def calls_random_seed(self, node: Any, arguments: list[Argument]) -> str | None:
        self.look(node, "random", "randint, choice and shuffle give other numbers after the same seed than in 2.x")
        return None

    def pattern(self, node: Any, name: str, arguments: list[Argument]) -> str | None:
        """Give a pattern that knows letters or blanks the flag by which it knows ASCII alone, as it did."""
        if not arguments or self.kind(arguments[0].node) != "STRING":
            return None
        text = arguments[0].node.value
        flags = arguments[RE_FLAGS[name]] if len(arguments) > RE_FLAGS[name] else None
        flag_text = code_of(flags.node) if flags else ""
        cased = "IGNORECASE" in flag_text or re.search(r"re\.I\b", flag_text)
        if (
            not (ASCII_LETTERS.search(text) or cased)
            or "ASCII" in flag_text
            or "re.A" in flag_text
            or "UNICODE" in flag_text
            or "u" in text[:2]
        ):
            return None
        texts = [self.text(argument) for argument in arguments]
        module = self.module("re")
        place = RE_FLAGS[name]
        if place > 9:
            self.decide(node, "pattern", "a pattern of a byte text knew ASCII letters and blanks alone: re.ASCII")
            return f"{module}.{name[3:]}({', '.join([*texts, f'flags={module}.ASCII'])})"
        flagged = f"{fitted(texts[place], 7)} | {module}.ASCII" if flags else f"{module}.ASCII"
        self.decide(node, "pattern", "a pattern of a byte text knew ASCII letters and blanks alone: re.ASCII")
        return f"{module}.{name[3:]}({', '.join([*texts[:place], flagged])})"

    def calls_re_compile(self, node: Any, arguments: list[Argument]) -> str | None:
        return self.pattern(node, "re.compile", arguments)

    def calls_re_search(self, node: Any, arguments: list[Argument]) -> str | None:
        return self.pattern(node, "re.search", arguments)

    def calls_re_match(self, node: Any, arguments: list[Argument]) -> str | None:
        return self.pattern(node, "re.match", arguments)

    def calls_re_findall(self, node: Any, arguments: list[Argument]) -> str | None:
        return self.pattern(node, "re.findall", arguments)

    def calls_re_sub(self, node: Any, arguments: list[Argument]) -> str | None:
        return self.pattern(node, "re.sub", arguments)

    def calls_re_split(self, node: Any, arguments: list[Argument]) -> str | None:
        return self.pattern(node, "re.split", arguments)
