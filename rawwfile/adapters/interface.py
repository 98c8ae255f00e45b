"""Which kind of application an object is: pages, WSGI, ASGI, or rawwfile's own.

With `--interface auto` these rules decide, the first that fits:

1. `rawwfile_application = True` on it: it is called with the exchange, as it is.
2. A class: one with two constructor arguments without default is a WSGI application of the
   class kind (PEP 3333); any other is instantiated, without arguments, and looked at again.
3. It is a coroutine function of three arguments (scope, receive, send), or an object whose
   `__call__` is one; exposed is neither it nor an attribute of its own: ASGI.
4. It can be called with two arguments (environ, start_response), is not exposed itself, and has no
   exposed attribute of its own: WSGI.
5. Something exposed can be reached from it: pages.

Anything else is refused with what was found. `--interface pages`, `wsgi` and `asgi` skip the
search: pages that `__getattr__` makes, or a callable whose signature cannot be read, need that.
"""

from __future__ import annotations

import collections
import inspect
from collections.abc import Iterator, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from rawwfile.adapters.pages import PageTree
from rawwfile.adapters.wsgi import WsgiApplication
from rawwfile.errors import TargetError

_MOST_LOOKED_AT = 5000
"""Objects searched for an exposed one; a site has its pages among the first few hundred."""

_CHOOSE = "Choose with --interface pages, wsgi or asgi if it is one of them."

_CALLABLES = {"wsgi": "a WSGI", "asgi": "an ASGI"}
"""Interfaces of applications that are called; the others are looked into."""


def application_for(target: object, interface: str = "auto") -> Any:
    """Return the application(exchange) that `target` is, by the rules of this module.

    interface: "auto", "pages", "wsgi" or "asgi". Raises TargetError.
    """
    if interface not in ("auto", "pages", *_CALLABLES):
        raise TargetError(f'interface must be auto, pages, wsgi or asgi, not "{interface}"')
    if _is_ready(target):
        return target
    if interface in _CALLABLES:
        if not callable(target):
            name = _CALLABLES[interface]
            raise TargetError(f"{name} application can be called, and the target is {_described(target)}")
        return WsgiApplication(target) if interface == "wsgi" else _asgi_application(target)
    if interface == "auto" and _is_asgi(target):
        return _asgi_application(target)
    if interface == "auto" and _is_wsgi(target):
        return WsgiApplication(target)  # type: ignore[arg-type]
    return PageTree(_page_root(target, interface))


def applications_mounted(root: object, mounts: Mapping[str, object], interface: str) -> PageTree:
    """Return one page tree: `root`, and each of `mounts` under its name. Raises TargetError."""
    if interface in _CALLABLES:
        raise TargetError(f"several targets are mounted as pages; with --interface {interface} give one")
    roots: dict[str, object] = {}
    config: dict[str, Any] = {}
    for name, target in (("", root), *mounts.items()):
        if isinstance(target, PageTree):
            for path, entries in target.config.items():
                config[f"/{name}{path}".rstrip("/") if name else path] = entries
            target = target.root
        elif _is_ready(target) or (interface == "auto" and (_is_wsgi(target) or _is_asgi(target))):
            raise TargetError(
                f"of several targets each must be a page tree, and "
                f"{f'the one for /{name}' if name else 'the first'} is {_described(target)}; serve it alone"
            )
        roots[name] = _page_root(target, interface)
        if name and inspect.getattr_static(roots[""], name, None) is not None:
            raise TargetError(f'the first target has a page "/{name}" already: rename the other file')
    return PageTree(roots.pop(""), roots, config)


def instance_of_pages(target: object) -> object:
    """Return an instance of a class of pages, and anything else as it is.

    A WSGI application of the class kind stays a class. Raises what the constructor raises.
    """
    if isinstance(target, type) and not _takes_two(target):
        return target()
    return target


def _is_ready(target: object) -> bool:
    mark = inspect.getattr_static(target, "rawwfile_application", None)
    return mark is True and not isinstance(target, type)


def _is_wsgi(target: object) -> bool:
    if not callable(target):
        return False
    if isinstance(target, type):
        return _takes_two(target)
    if _is_marked(target) or not _takes_two(target):
        return False
    return not any(_is_marked(value) for _, value in _attributes(target))


def _asgi_application(target: Any) -> Any:
    # asyncio takes longer to import than everything else here.
    from rawwfile.adapters.asgi import AsgiApplication

    return AsgiApplication(target)


def _is_asgi(target: Any) -> bool:
    if not callable(target) or isinstance(target, type) or _is_marked(target):
        return False
    function = target if inspect.isroutine(target) else type(target).__call__
    if not inspect.iscoroutinefunction(function):
        return False
    try:
        inspect.signature(target).bind(None, None, None)
    except (TypeError, ValueError):
        return False
    return not any(_is_marked(value) for _, value in _attributes(target))


def _page_root(target: object, interface: str) -> object:
    if isinstance(target, type):
        name = target.__name__
        try:
            target = instance_of_pages(target)
        except Exception as error:
            raise TargetError(f"making an instance of {name} failed: {type(error).__name__}: {error}") from error
    if isinstance(target, type):
        raise TargetError(f"a root must be an instance, and the target is {_described(target)}")
    if interface == "auto" and not _something_is_exposed(target):
        raise TargetError(
            f"the target is {_described(target)}: no WSGI or ASGI application, and nothing on it is marked "
            f"with @expose. {_CHOOSE}"
        )
    return target


def _takes_two(target: Any) -> bool:
    """True if it can be called with exactly two positional arguments."""
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return False
    if inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(target.__call__):
        return False
    if isinstance(target, type):
        # A class of pages may have constructor arguments with defaults; WSGI's two have none.
        required = [p for p in signature.parameters.values() if p.default is p.empty]
        return len([p for p in required if p.kind is p.POSITIONAL_OR_KEYWORD]) == 2
    try:
        signature.bind(None, None)
    except TypeError:
        return False
    return True


def _something_is_exposed(root: object) -> bool:
    """Search the root and what hangs on it, without running a property of anybody's."""
    if _is_marked(root):
        return True
    waiting = collections.deque([root])
    seen = {id(root)}
    while waiting and len(seen) < _MOST_LOOKED_AT:
        for name, value in _attributes(waiting.popleft()):
            if name.startswith("_"):
                continue
            if _is_marked(value):
                return True
            if id(value) not in seen and _may_hold_pages(value):
                seen.add(id(value))
                waiting.append(value)
    return False


def _is_marked(value: Any) -> bool:
    """As is_exposed(), but without asking the object: a proxy may not be ready to answer yet."""
    function = value.__func__ if isinstance(value, MethodType) else value
    exposed = inspect.getattr_static(function, "exposed", None)
    return type(exposed) in (bool, int) and exposed == 1 and callable(value) and not isinstance(value, type)


def _attributes(node: object) -> Iterator[tuple[str, Any]]:
    """Names and values on an instance and its classes, as stored: no descriptor is run."""
    holders = [vars(kind) for kind in type(node).__mro__[:-1]]
    try:
        # Not vars(node): that would ask a proxy, which may not be ready to answer yet.
        holders.insert(0, object.__getattribute__(node, "__dict__"))
    except AttributeError:
        pass
    for held in holders:
        for name, value in list(held.items()):
            if isinstance(value, (staticmethod, classmethod)):
                value = value.__func__
            if isinstance(name, str):
                yield name, value


def _may_hold_pages(value: object) -> bool:
    if isinstance(value, (type, FunctionType, BuiltinFunctionType, property)):
        return False
    # A module on the tree is walked too, but not into the modules it imports: that is all of Python.
    return not isinstance(value, ModuleType) and (
        hasattr(type(value), "__dict__") and type(value).__module__ != "builtins"
    )


def _described(target: object) -> str:
    """What was found, for a message."""
    if isinstance(target, type):
        return f"the class {target.__name__}"
    if isinstance(target, ModuleType):
        return f"the module {target.__name__}"
    if not isinstance(target, FunctionType):
        kind = type(target).__qualname__
        return f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind} object"
    names = ", ".join(inspect.signature(target).parameters)
    text = f"the function {target.__qualname__}({names})"
    if names == "scope, receive, send":
        return text + ", which looks like ASGI without async"
    if inspect.iscoroutinefunction(target):
        return text + ", which is async; an ASGI application takes (scope, receive, send)"
    return text + (", perhaps a factory: call it in the module" if not names else "")
