"""A ported application, which is a Python 3 package, to a `Site` (spec 1.6, 1.7).

    application = Application(__name__, "Root", modules=["form", "root"])

stands in its __init__.py. At start the modules are imported in that order; each CherryClass that is
not abstract gets one instance, in the order of the classes. Instances, classes and special functions
become attributes of the module `site` of the package: that is where all modules find what they share.
"""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import os
import re
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

from rawwfile.cherrypy import current
from rawwfile.cherrypy.decorators import CherryClass, instance_name, marks_of, old_name
from rawwfile.cherrypy.masks import Mask, offer
from rawwfile.cherrypy.site import Plan, Site
from rawwfile.cpy.tree import SPECIALS
from rawwfile.errors import ConfigError

MARK = "Application("

PREDEFINED = (
    "string", "time", "urllib", "sys", "getopt", "cgi", "socket", "os", "ConfigParser", "cStringIO", "binascii", "md5",
    "mimetypes", "sha", "SocketServer", "threading", "Queue", "BaseHTTPServer", "Cookie", "whrandom", "cPickle",
)  # fmt: skip
"""Modules that were names of every application (spec 1.8)."""


class Application:
    """What a package serves.

    package: its `__name__`. name: of the application, 'Root' for the configuration file
    RootServer.cfg. modules: in the order in which they count. charset: None for one character a
    byte; else the codec of parameters, templates and pages. shared: the module for shared names.
    """

    def __init__(
        self, package: str, name: str, modules: Sequence[str], charset: str | None = None, shared: str = "site"
    ) -> None:
        self.package = package
        self.name = name
        self.modules = tuple(modules)
        self.charset = charset
        self.shared = shared

    def site(self, debug: bool = False) -> Site:
        """Import the modules and return the Site, whose instances are still to be made.

        Raises CpyError for a template that is wrong; what the modules raise passes through.
        """
        shared = self._shared_module()
        modules = [importlib.import_module(f"{self.package}.{name}") for name in self.modules]
        namespace = vars(shared)
        classes = {each.__name__: each for module in modules for each in _classes_of(module)}
        namespace.update(classes)
        namespace.update(_specials_of(modules))
        namespace["debug"] = current.debug
        namespace["_debug"] = int(debug)
        lookup = _Lookup(namespace, modules, shared.__name__.rpartition(".")[2], shared)
        offer(self.package, lookup.find, self.charset, debug)
        site = Site(
            name=self.name,
            namespace=namespace,
            plan=[_plan_of(each) for each in classes.values() if not marks_of(each).abstract],
            charset=self.charset,
            debug=debug,
            files=[os.path.abspath(path) for path in map(_file_of, (shared, *modules)) if path],
        )
        current.serve(site, lookup.all)
        for each in classes.values():
            for found in _masks_of(each):
                found.current()
        return site

    def _shared_module(self) -> types.ModuleType:
        name = f"{self.package}.{self.shared}"
        if importlib.util.find_spec(name) is not None:
            module = importlib.import_module(name)
            module.__class__ = _Shared
            return module
        module = _Shared(name, "What the modules of this application share.")
        sys.modules[name] = module
        setattr(sys.modules[self.package], self.shared, module)
        return module


class _Shared(types.ModuleType):
    """The module of shared names: one that was never set is no attribute, but an undefined name, as in 2004."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        raise NameError(f"name {name!r} is not defined")


class _Lookup:
    """Global names of the application beside those of one module."""

    def __init__(
        self, namespace: dict[str, Any], modules: Sequence[types.ModuleType], shared: str, module: types.ModuleType
    ) -> None:
        self._spaces = [namespace, {shared: module}, *(vars(each) for each in modules)]

    def find(self, name: str) -> Any:
        """Return the value of a name. Raises KeyError."""
        for space in self._spaces:
            if name in space:
                return space[name]
        for place in ("rawwfile.cherrypy", "rawwfile.cherrypy.meanings"):
            value = getattr(importlib.import_module(place), name, self)
            if value is not self:
                return value
        raise KeyError(name)

    def all(self) -> dict[str, Any]:
        """Return all of them; those of the site win. A module that nobody imported is None."""
        found = {name: sys.modules.get(name) for name in PREDEFINED}
        for space in reversed(self._spaces):
            found.update(space)
        return found


def is_package(path: str) -> bool:
    """Whether a directory holds a ported application."""
    try:
        with open(os.path.join(path, "__init__.py"), encoding="utf-8") as file:
            return MARK in file.read()
    except (OSError, UnicodeDecodeError):
        return False


def load_package(path: str) -> Application:
    """Import the package in a directory and return its `application`. Raises ConfigError if it has none."""
    path = os.path.abspath(path)
    start = os.path.join(path, "__init__.py")
    if not os.path.isfile(start):
        raise ConfigError(f"{path} has no __init__.py: it is no ported application. Make one with rawwfile port.")
    name = re.sub(r"\W", "_", os.path.basename(path), flags=re.ASCII) or "application"
    if name in sys.modules or name in sys.stdlib_module_names or name[0].isdigit() or keyword.iskeyword(name):
        name = f"application_{name}"
    spec = importlib.util.spec_from_file_location(name, start, submodule_search_locations=[path])
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)
    found = getattr(package, "application", None)
    if not isinstance(found, Application):
        raise ConfigError(f'{start} binds no application: write application = Application(__name__, "Root", [...]).')
    return found


def _file_of(module: types.ModuleType) -> str:
    return getattr(module, "__file__", None) or ""


def _classes_of(module: types.ModuleType) -> Iterator[type]:
    for each in list(vars(module).values()):
        if isinstance(each, type) and issubclass(each, CherryClass) and each.__module__ == module.__name__:
            yield each


def _specials_of(modules: Sequence[types.ModuleType]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in modules:
        for name in SPECIALS:
            function = vars(module).get(name)
            if isinstance(function, types.FunctionType) and function.__module__ == module.__name__:
                if name in found:
                    first = found[name].__module__
                    raise ConfigError(f"{name} is defined in {first} and in {module.__name__}: put them together.")
                found[name] = function
    return found


def _masks_of(cherry_class: type) -> Iterator[Mask]:
    for each in vars(cherry_class).values():
        made = getattr(each, "mask", None)
        if isinstance(made, Mask):
            yield made


def _plan_of(cherry_class: type) -> Plan:
    names, xmlrpc = exposure_of(cherry_class)
    for name in names:
        if not hasattr(cherry_class, name):
            setattr(cherry_class, name, getattr(cherry_class, f"{name}_"))
    return Plan(instance_name(cherry_class.__name__), cherry_class, names, xmlrpc)


def exposure_of(cherry_class: type) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a URL may call, and which of these names only XML-RPC may call (spec 1.6)."""
    marks, own = marks_of(cherry_class), vars(cherry_class)
    names = [] if marks.abstract or marks.hidden else _offered(cherry_class)
    shown = [name for name in names if name not in own or not marks_of(own[name]).hidden]
    only = [name for name in shown if marks.xmlrpc or (name in own and marks_of(own[name]).xmlrpc)]
    return _in_urls(shown), _in_urls(only)


def _offered(cherry_class: type) -> list[str]:
    """Return the views and masks that children inherit."""
    own = vars(cherry_class)
    found = dict.fromkeys(name for name, each in own.items() if marks_of(each).kind)
    for parent in cherry_class.__bases__:
        if marks_of(parent).hidden:
            continue
        for name in _offered(parent):
            each = vars(parent).get(name)
            if name not in own and not (each is not None and marks_of(each).hidden) and _is_shown(cherry_class, name):
                found[name] = None
    return list(found)


def _is_shown(cherry_class: type, name: str) -> bool:
    """Whether what a call of that name runs is a view or a mask, and no function in front of it (H20)."""
    for each in cherry_class.__mro__:
        if name in vars(each):
            return bool(marks_of(vars(each)[name]).kind)
    return False


def _in_urls(names: Sequence[str]) -> frozenset[str]:
    """Return the names with those that URLs of 2004 had: `with` beside `with_`."""
    return frozenset(names) | frozenset(map(old_name, names))
