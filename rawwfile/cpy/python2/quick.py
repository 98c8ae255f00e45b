"""Python 2 text that Python 3's own parser reads to the same tree: most of what people wrote.

Reading by fissix costs a hundred times as much, so a text goes there only where it may mean
something else: a token whose reading changed, or no Python 3 at all.
"""

from __future__ import annotations

import ast
import re

from rawwfile.cpy.quiet import quietly
from rawwfile.cpy.syntax import parsed

_TOKEN = re.compile(
    r"""(?P<prefix>[a-zA-Z]{0,2})
    (?P<body>'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")
    |\#[^\n]*
    |(?P<changed>(?:print|exec|async|await|nonlocal)\b|[^\x00-\x7f]|\d[\w.]*_)
    |\w+""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
# 2.x left \N, \u and \U alone in its strings, and kept eight bits of an octal escape.
_ESCAPE = re.compile(r"\\(?:\\|[NuU](?P<a>)|[4-7][0-7][0-7](?P<b>)|.)", re.DOTALL)


def read_alike(text: str, mode: str = "exec") -> ast.AST | None:
    """Return the tree of a text whose tokens mean the same to both Pythons, else None.

    mode: as for ast.parse. Syntax that only Python 3 has is still in the tree.
    """
    if not _means_the_same(text):
        return None
    return new_tree(text, mode)


def _means_the_same(text: str) -> bool:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "changed":
            return False
        if kind == "body":
            prefix = found.group("prefix")
            if prefix and prefix not in ("r", "R"):
                return False
            body = found.group("body")
            if "\\" in body and not prefix and any(each.lastgroup for each in _ESCAPE.finditer(body)):
                return False
    return True


def new_tree(text: str, mode: str = "exec") -> ast.AST | None:
    """Return the text read as Python 3, or None where it is not that."""
    try:
        with quietly():
            return parsed(text, mode)
    except (SyntaxError, ValueError):
        return None
