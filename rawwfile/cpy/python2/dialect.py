"""Which Python a piece of source is written in.

A file says it with a comment in its first two lines, `# rawwfile: dialect=2` or `dialect=3`, or its
caller says `"2"` or `"3"`. For `"auto"` these rules are tried in order:

1. it cannot be read as Python 2 (f-strings, annotations, `nonlocal x`, `async def`): 3;
2. it cannot be read as Python 3 (`print x`, backticks, `<>`, `0777`, `except E, e`): 2;
3. it imports from `__future__` one of `print_function`, `annotations`, `unicode_literals`, or a module
   that only Python 3 has: 3;
4. it calls `print` with `end=`, `file=`, `sep=` or `flush=`, or uses `super()` without arguments: 3;
5. otherwise 2: `.cpy` is a language of 2004, and what reads alike is then run with the meaning it
   had (`7 / 2`, `d.keys().sort()`).

A `.cpy` file is decided as a whole: one piece of it that rule 2 knows makes it 2, else one that rule
1, 3 or 4 knows makes it 3. A piece that cannot be read so is read in the other way.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence
from typing import Literal

from rawwfile.cpy.python2.quick import new_tree, read_alike
from rawwfile.cpy.python2.syntax import OldSyntaxError, parse

Dialect = Literal["2", "3", "auto"]
_MARK = re.compile(r"#\s*rawwfile:\s*dialect\s*=\s*([23])\b")
_SPLIT = frozenset({"urllib.parse", "urllib.request", "urllib.error", "email.message", "collections.abc"})
_ONLY_NEW = frozenset(
    "AnnAssign AsyncFor AsyncFunctionDef AsyncWith Await JoinedStr Match NamedExpr Nonlocal TryStar YieldFrom".split()
)
_FUTURES = frozenset({"print_function", "annotations", "unicode_literals"})
_DIVISION = re.compile(r"^from[ \t]+__future__[ \t]+import\b.*\bdivision\b", re.MULTILINE)
NEW_MODULES = frozenset(
    """
        asyncio builtins concurrent configparser contextlib dataclasses enum functools html http importlib
        pathlib queue reprlib secrets socketserver statistics typing winreg copyreg xmlrpc
    """.split()
)
# A text with none of these is no Python 3 on purpose; most with one are none either. Kept apart from
# each other because looking for all at every character takes longer than translating the file.
_HINTS = ("nonlocal", "async", "await", "super()", "yield from", ":=", "__future__")
_LINES = re.compile(
    r"""^[ \t]*(?:(?:import|from)\b[^\n]*\b(?:%s)\b
    |(?:async[ \t]+)?def\b[^\n]*\([^\n]*:[^\n]*\)
    |def\b[^\n]*\)[ \t]*->
    |(?!else\b|try\b|except\b|finally\b)\w+:[ \t]+\w[\w.\[\]]*[ \t]*=[^=])"""
    % "|".join(sorted({*NEW_MODULES, "parse", "request", "error", "message", "abc"})),
    re.VERBOSE | re.MULTILINE,
)
_TEXTS = re.compile(r"""[fF][rR]?["']""")
_F_STRING = re.compile(r"""(?:^|[\s=(\[{,:+%])(?:[rR][fF]|[fF][rR]?)(?:["'][^\n]*\{|\"{3}|'{3})""", re.MULTILINE)
_PRINT = re.compile(r"print[ \t]*\([^\n]*\b(?:end|file|sep|flush)[ \t]*=")


def _may_be_new(text: str) -> bool:
    return (
        any(hint in text for hint in _HINTS)
        or _LINES.search(text) is not None
        or (_TEXTS.search(text) is not None and _F_STRING.search(text) is not None)
        or ("print" in text and _PRINT.search(text) is not None)
    )


def decide(text: str) -> Literal["2", "3"]:
    """Apply the rules of "auto" to statements; indentation of the whole is no matter."""
    return _marked(text) or _vote(text) or "2"


def decide_file(text: str, pieces: Sequence[str]) -> Literal["2", "3"]:
    """Apply the rules to a whole `.cpy` file, whose code is `pieces`."""
    marked = _marked(text)
    if marked or not _may_be_new(text):
        return marked or "2"
    votes = {_vote(piece) for piece in pieces}
    return "3" if "3" in votes and "2" not in votes else "2"


def divides_exactly(text: str) -> bool:
    """Whether `/` divides exactly in a file of Python 2, by its own wish."""
    return _DIVISION.search(text) is not None


def _marked(text: str) -> Literal["2", "3"] | None:
    for line in text.split("\n", 2)[:2]:
        marked = _MARK.search(line)
        if marked:
            return "2" if marked.group(1) == "2" else "3"
    return None


def _vote(text: str) -> Literal["2", "3"] | None:
    """Return what a piece says of its Python; None where it reads alike."""
    text = textwrap.dedent(text) + "\n"
    tree = read_alike(text)
    if tree is None or any(map(_new_syntax, ast.walk(tree))):
        tree = new_tree(text)
        try:
            parse(text)
        except OldSyntaxError:
            return "3" if tree is not None else "2"
        if tree is None:
            return "2"
    return "3" if any(map(is_new, ast.walk(tree))) else None


def _new_syntax(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef):
        arguments = node.args
        listed = [*arguments.args, arguments.vararg, arguments.kwarg]
        notes = [node.returns, *(each.annotation for each in listed if each is not None)]
        return bool(arguments.kwonlyargs or arguments.posonlyargs) or any(note is not None for note in notes)
    if isinstance(node, ast.ClassDef):
        return bool(node.keywords)
    return type(node).__name__ in _ONLY_NEW or (isinstance(node, ast.Raise) and node.cause is not None)


def is_new(node: ast.AST) -> bool:
    """Whether a node says that its author meant Python 3 (rules 3 and 4)."""
    if isinstance(node, ast.ImportFrom):
        if node.module == "__future__":
            return any(alias.name in _FUTURES for alias in node.names)
        return (node.module or "").split(".")[0] in NEW_MODULES or node.module in _SPLIT
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in NEW_MODULES or alias.name in _SPLIT for alias in node.names)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "print":
            return any(keyword.arg in ("end", "file", "sep", "flush") for keyword in node.keywords)
        return node.func.id == "super" and not node.args and not node.keywords
    return False
