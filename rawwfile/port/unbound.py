"""Names in Python 3 text that nothing binds: in 2004 they failed when their line was reached, and do so now."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator

from rawwfile.port.bindings import bound_names

NOQA = "  # noqa: F821 - nothing binds it"
_KNOWN = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__", "__builtins__", "__package__"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def unbound(text: str) -> list[tuple[int, str]]:
    """Return line and name of each use of a name that no import, definition or builtin binds."""
    return sorted({(node.lineno, node.id) for node in unbound_nodes(text)})


def unbound_nodes(text: str, hidden: Collection[str] = ()) -> list[ast.Name]:
    """Return these names. hidden: builtins that count as names which nothing binds."""
    tree = ast.parse(text)
    if any(each.name == "*" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names):
        return []
    top = set(bound_names(tree.body)) | _KNOWN - set(hidden)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            top.add(node.target.id)
    return list(_free(tree.body, top))


def _free(nodes: Iterable[ast.AST], known: set[str]) -> Iterator[ast.Name]:
    for node in nodes:
        if isinstance(node, _FUNCTIONS):
            arguments = node.args
            yield from _free([*arguments.defaults, *(one for one in arguments.kw_defaults if one)], known)
            yield from _free(getattr(node, "decorator_list", []), known)
            own = {one.arg for one in ast.walk(arguments) if isinstance(one, ast.arg)}
            body = node.body if isinstance(node.body, list) else [node.body]
            yield from _free(body, known | own | set(bound_names(body)))
        elif isinstance(node, ast.ClassDef):
            yield from _free([*node.bases, *node.decorator_list, *(each.value for each in node.keywords)], known)
            own = set(bound_names(node.body))
            for each in node.body:
                # What a class binds is seen in its body, but not inside its methods.
                is_function = isinstance(each, _FUNCTIONS)
                yield from _free([each], known if is_function else known | own)
        elif isinstance(node, ast.Name):
            if node.id not in known:
                yield node
        else:
            yield from _free(ast.iter_child_nodes(node), known)


def marked(text: str, found: Iterable[tuple[int, str]]) -> str:
    """Return the text with a mark for ruff on those lines."""
    rows = text.split("\n")
    for line in {line for line, _ in found}:
        row = rows[line - 1]
        if "# noqa" not in row and not row.endswith("\\"):
            rows[line - 1] = row + NOQA
    return "\n".join(rows)
