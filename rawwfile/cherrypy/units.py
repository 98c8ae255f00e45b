"""Code of an application, wherever it was compiled, to a `Site`: its namespace, its code run, its plan.

Sources compiled in memory and a compiled RootServer.py both come this way; nothing here compiles.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from rawwfile.cherrypy.site import Plan, Site
from rawwfile.cherrypy.state import request, response
from rawwfile.cpy.classic import CLASS_MAKER, cherry_class
from rawwfile.cpy.python2.runtime import builtins_for
from rawwfile.cpy.template.runtime import NAMES, TEXT

MODULES = (
    "string", "time", "urllib", "sys", "getopt", "cgi", "socket", "os", "ConfigParser", "cStringIO", "binascii",
    "md5", "mimetypes", "sha", "SocketServer", "threading", "Queue", "BaseHTTPServer", "Cookie", "whrandom", "cPickle",
)  # fmt: skip
"""Modules that application code may use without importing them (spec 1.8)."""


class ClassEntry(NamedTuple):
    """One CherryClass of a program. instance: name of its instance, None for an abstract class."""

    instance: str | None
    name: str
    exposed: frozenset[str]
    xmlrpc: frozenset[str]


class Fresh(NamedTuple):
    """A program as it was compiled again. specials: its special functions. files: all it was made of."""

    codes: Sequence[types.CodeType]
    classes: Sequence[ClassEntry]
    specials: Sequence[str]
    files: Sequence[str]


def new_namespace(
    *, debug: bool = False, paths: Sequence[str] = (), dialect: str = "2", base: str = ""
) -> dict[str, Any]:
    """Return a namespace for application code: Python 2's builtins and the names of spec 1.8.

    paths: folders of the application's own modules; dialect: that of those. The names of MODULES
    come with `run_units`, which knows which are used. base: for the file that debug() writes.
    """
    builtins = builtins_for(paths, dialect)  # type: ignore[arg-type]
    return {
        "__name__": "__main__",
        "__builtins__": builtins,
        CLASS_MAKER: cherry_class,
        **NAMES,
        TEXT: _text_maker(builtins["str"]),
        "request": request,
        "response": response,
        "_debug": int(debug),
        "debug": debug_function(debug, base),
    }


def _text_maker(make: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return Python 2's `str` with the two commonest kinds of values in the fewest steps."""

    def text_of(value: Any) -> str:
        kind = type(value)
        if kind is str:
            return value  # type: ignore[no-any-return]
        return str(value) if kind is int else make(value)

    return text_of


def debug_function(debug: bool, base: str) -> Callable[[Any], None]:
    """Return `debug(text)`: with `debug` it appends to <base>.dbg in the working directory (F430)."""

    def write(text: Any) -> None:
        """Append a line to the debug file."""
        if debug:
            with open(f"{base}.dbg", "a", encoding="latin-1", errors="backslashreplace") as file:
                file.write(f"{text}\n")

    return write


def run_units(namespace: dict[str, Any], codes: Iterable[types.CodeType]) -> None:
    """Run compiled units in their order. What the application's code raises passes through."""
    codes = list(codes)
    used = _names_used(codes)
    load = namespace["__builtins__"]["__import__"]
    for name in MODULES:
        # Twenty modules take long to load; code that looks a name up at run time may want any.
        if name not in namespace and (name in used or not used.isdisjoint(("@exec", "@exec_here", "eval", "globals"))):
            namespace[name] = load(name)
    for code in codes:
        exec(code, namespace)  # noqa: S102 - this is what a run time does


def _names_used(codes: Iterable[types.CodeType]) -> set[str]:
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        found.update(code.co_names)
        waiting += [each for each in code.co_consts if isinstance(each, types.CodeType)]
    return found


def plan_of(namespace: dict[str, Any], classes: Iterable[ClassEntry]) -> list[Plan]:
    """Return the instances to make. A class is looked up when its instance is made."""

    def maker(name: str) -> Callable[[], Any]:
        return lambda: namespace[name]()

    return [
        Plan(each.instance, maker(each.name), frozenset(each.exposed), frozenset(each.xmlrpc))
        for each in classes
        if each.instance
    ]


def site_of_units(
    name: str,
    codes: Iterable[types.CodeType],
    classes: Iterable[ClassEntry],
    *,
    charset: str | None = None,
    debug: bool = False,
    base: str = "",
    files: Sequence[str] = (),
    paths: Sequence[str] = (),
    dialect: str = "2",
) -> Site:
    """Return the Site of a program, after its code was run. What that raises passes through."""
    namespace = new_namespace(debug=debug, paths=paths, dialect=dialect, base=base or f"{name}Server")
    run_units(namespace, codes)
    return Site(
        name=name,
        namespace=namespace,
        plan=plan_of(namespace, classes),
        charset=charset,
        debug=debug,
        files=list(files),
        base=base,
        text_of=namespace["__builtins__"]["str"],
    )
