"""Files: those that are opened, run, read and written."""

from __future__ import annotations

from typing import Any

from rawwfile.port.calls import Argument
from rawwfile.port.concrete import code_of
from rawwfile.port.functions import Functions
from rawwfile.port.kinds import is_only


class Files(Functions):
    """The part of the writer for files: text of bytes goes to and comes from what takes bytes today."""

    def call_execfile(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        """Return the call that runs the file's Python 3 in these names; the ported copy where it was ported."""
        if not self.plain(arguments, 1, 2):
            return None
        first = arguments[0].node
        name = str(first.value).strip("\"'") if self.kind(first) == "STRING" else ""
        names = self.text(arguments[1]) if len(arguments) > 1 else "globals()"
        self.look(node, "exec", "execfile() runs a file, which must be Python 3 now: import it as a module instead")
        if name.endswith(".py") and name[:-3] in self.beside:
            beside = f"{self.bring('pathlib', 'Path')}(__file__).with_name({self.text(arguments[0])})"
            return f"{self.helper('run_file')}({beside}, {names})"
        return f"{self.helper('run_file')}({self.text(arguments[0])}, {names})"

    def call___import__(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        """Return the import of a module of this package."""
        first = arguments[0].node if self.plain(arguments, 1, 1) else None
        name = str(first.value).strip("\"'") if first is not None and self.kind(first) == "STRING" else ""
        if name not in self.beside:
            return None
        self.decide(node, "import", f"{name} lies beside this module: a relative import")
        return f"{self.module('importlib')}.import_module({self.quoted('.' + name)}, __package__)"

    beside: frozenset[str] = frozenset()
    """Modules that lie in the package of this one."""

    def call_open(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        """Return open() that gives text of bytes: every mode of 2.x on Unix was so."""
        if not arguments or any(argument.name not in ("", "mode") for argument in arguments):
            return None
        mode = arguments[1] if len(arguments) > 1 else None
        if mode is not None and self.kind(mode.node) != "STRING":
            self.look(node, "file", "the mode is not known here: text needs encoding=, bytes are no str now")
            return "open" + self.generic(trailer)
        plain = mode.node.value.strip("urUR").strip("\"'") if mode is not None else "r"
        is_binary = "b" in plain
        letters = plain.replace("b", "").replace("U", "").replace("t", "") or "r"
        if self.goes_to_bytes(node):
            quote = "'" if self.mode == "expression" else '"'
            self.decide(node, "file", "a file of bytes")
            rest = [self.text(argument) for argument in arguments[2:]]
            return f"open({', '.join([self.text(arguments[0]), f'{quote}{letters}b{quote}', *rest])})"
        codec = '"latin-1"' if is_binary and self.mode != "expression" else "'latin-1'" if is_binary else self.code()
        quote = "'" if self.mode == "expression" else '"'
        texts = [self.text(arguments[0])] + ([] if letters == "r" else [f"{quote}{letters}{quote}"])
        if len(arguments) > 2:
            self.look(node, "file", "a text file cannot be unbuffered in Python 3; flush() it where that matters")
        ending = "" if "U" in plain else f", newline={quote}\\n{quote}"
        self.decide(node, "file", f"a file of text is read and written as {codec[1:-1]}, line ends as they are")
        return f"open({', '.join(texts)}, encoding={codec}{ending})"

    call_file = call_open

    def goes_to_bytes(self, node: Any) -> bool:
        """Whether a file just opened goes to a module that wants bytes (pickle, marshal, zipfile...)."""
        text = (
            code_of(node.parent.parent if self.kind(node.parent) == "arglist" else node.parent) if node.parent else ""
        )
        if self.kind(node.parent) == "expr_stmt" and self.kind(node.parent.children[0]) == "NAME":
            name = node.parent.children[0].value
            suite = code_of(self.scope.node)
            return any(f"{word}({name}" in suite or f", {name}" in suite and word in suite for word in BYTE_TAKERS)
        before = node.parent.parent.parent if self.kind(node.parent) == "arglist" else node.parent.parent
        return any(word in (code_of(before) if before is not None else text) for word in BYTE_TAKERS)

    # Methods of files

    def method_xreadlines(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if arguments:
            return None
        self.decide(trailer, "file", "a file gives its lines itself")
        return owner if self.is_iterated(node) else f"iter({owner})"

    def method_makefile(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        """Return the file of bytes of a socket: one of text has another codec."""
        if not is_only(self.owner_kinds(trailer), ["socket"]) or len(arguments) > 1:
            return None
        if arguments and self.kind(arguments[0].node) != "STRING":
            return None
        mode = str(arguments[0].node.value).strip("\"'").replace("b", "") if arguments else "r"
        self.decide(trailer, "bytes", "a file of bytes")
        return f"{owner}.makefile({self.quoted(mode + 'b')})"

    def method_seek(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        """Return a call of a helper: a text file cannot be moved from its end."""
        if len(arguments) != 2 or not is_only(self.owner_kinds(trailer), ["file", "stringio", "maybe"]):
            return None
        if code_of(arguments[1].node).strip() in ("0", "os.SEEK_SET"):
            return None
        if code_of(arguments[0].node).strip() == "0":
            return None
        self.decide(trailer, "file", "a text file is not moved from its end or where it stands: moved()")
        return f"{self.helper('moved')}({', '.join([owner, *map(self.text, arguments)])})"

    def method_readlines(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if arguments or not self.gives_bytes(owner, trailer):
            return None
        self.decide(trailer, "bytes", "bytes come in; they are made text of bytes")
        line = self.fresh("line")
        return f"[{line}.decode({self.latin()}) for {line} in {owner}]"

    def method_write(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        takes = is_only(self.owner_kinds(trailer), ["gzip", "bytesio", "page", "maybe"])
        if (takes or self.in_handler() and owner == "self.wfile") and self.plain(arguments, 1, 1):
            self.decide(trailer, "bytes", "the file takes bytes")
            return f"{owner}.write({self.to_bytes(self.text(arguments[0]))})"
        return None

    def method_recv(self, node: Any, owner: str, trailer: Any, arguments: list[Argument]) -> str | None:
        if self.followed_by(node, trailer, "decode") or not self.gives_bytes(owner, trailer):
            return None
        self.decide(trailer, "bytes", "bytes come in; they are made text of bytes")
        listed = ", ".join(map(self.text, arguments))
        return f"{owner}.{trailer.children[1].value}({listed}).decode({self.latin()})"

    method_read = method_readline = method_getvalue = method_recv

    def gives_bytes(self, owner: str, trailer: Any) -> bool:
        """Whether what is read from this is certainly bytes."""
        if is_only(self.owner_kinds(trailer), ["socket", "page", "gzip", "bytesio", "maybe"]):
            return True
        return owner == "self.rfile" and self.in_handler()

    def was_read(self, node: Any, trailer: Any) -> bool:
        """Whether what stands before a trailer was read as bytes."""
        before = node.children[: node.children.index(trailer)]
        if len(before) < 3 or code_of(before[-2]).strip(". ") not in ("read", "readline", "recv"):
            return False
        return self.gives_bytes("".join(map(code_of, before[:-2])), before[-2])

    def in_handler(self) -> bool:
        """Whether this is inside a class of the module SocketServer's kind, whose files are of bytes."""
        scope: Any = self.scope
        while scope is not None:
            if scope.kind == "class":
                return len(scope.node.children) == 7 and "RequestHandler" in code_of(scope.node.children[3])
            scope = scope.parent
        return False

    def owner_kinds(self, trailer: Any) -> Any:
        """Return what stands before a trailer can be."""
        return self.flow.known.get(id(trailer), frozenset())

    def latin(self) -> str:
        """Return the literal for the codec of text of bytes."""
        return self.quoted("latin-1")

    def followed_by(self, node: Any, trailer: Any, name: str) -> bool:
        at = node.children.index(trailer) + 2
        return at < len(node.children) and code_of(node.children[at]).replace(" ", "") == "." + name


BYTE_TAKERS = (
    "ickle.load",
    "ickle.dump",
    "ickle.Pickler",
    "ickle.Unpickler",
    "marshal.load",
    "marshal.dump",
    "ZipFile",
    "GzipFile",
)
