"""From a target on the command line to the object it names.

    module:attribute       path/to/file.py:attribute       path/to/file.py

Without an attribute it is `root`, `app` or `application`, the first that is there; an attribute may
be dotted. The current directory is the first place modules come from. A file is loaded under its
own name without ".py" (with "_" added if that is taken: site.py), and its folder, which need be
no package, is the second place, so that it can import its neighbours. Nothing is called, except
that a class of pages is instantiated.

Every failure is a TargetError of one line that says where to look. How the object becomes an
application is in `interface`.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import sys
import traceback
from types import ModuleType
from typing import Any

from rawwfile.adapters.interface import (
    application_for,
    applications_mounted,
    instance_of_pages,
)
from rawwfile.errors import TargetError

__all__ = ["application_for", "application_for_targets", "load_target", "module_name"]

DEFAULT_NAMES = ("root", "app", "application")
"""What a target without an attribute means, in this order."""


def load_target(text: str) -> object:
    """Import what `text` names and return it; a class of pages is instantiated.

    Runs the application's module, and puts up to two folders on `sys.path`. Raises TargetError.
    """
    source, attribute = _split(text)
    _search_first(os.getcwd(), 0)
    importlib.invalidate_caches()
    if source.endswith(".py"):
        module = _load_file(source)
    else:
        module = _import_module(source)
    target = _default_of(module, source) if not attribute else _attribute_of(module, source, attribute)
    return _instance(target, text)


def application_for_targets(texts: list[str], interface: str = "auto") -> Any:
    """Load every target and make one application(exchange) of them.

    The first is the root. Of several, all must be page trees: each further one is mounted under
    the name of its module, `shop.py` at "/shop". Raises TargetError.
    """
    if not texts:
        raise TargetError("no target: name what to serve, like shop.py or shop:root")
    root = load_target(texts[0])
    if len(texts) == 1:
        return application_for(root, interface)
    mounts: dict[str, object] = {}
    for text in texts[1:]:
        name = module_name(text)
        if name.startswith("_"):
            raise TargetError(f'"/{name}" would never be reached: rename the file, without the "_"')
        if name in mounts:
            raise TargetError(f'two targets would be mounted at "/{name}": rename one of the files')
        mounts[name] = load_target(text)
    return applications_mounted(root, mounts, interface)


def module_name(text: str) -> str:
    """Return the last part of a target's module: "shop" for shop.py:root and for web.shop:root."""
    source, _ = _split(text)
    if source.endswith(".py"):
        return os.path.splitext(os.path.basename(source))[0]
    return source.rpartition(".")[2]


def _split(text: str) -> tuple[str, str]:
    """Take a target apart into a module or file and an attribute; both may be checked already."""
    source, colon, attribute = text.rpartition(":")
    if not colon:
        source, attribute = text, ""
    elif not attribute or not all(part.isidentifier() for part in attribute.split(".")):
        called = " (nothing is called: do that in the module)" if "(" in attribute else ""
        raise TargetError(f'target "{text}": after the ":" there must be a name, like {source}:root{called}')
    if source.endswith(".py"):
        return source, attribute
    if os.path.isdir(source) and os.sep in source:
        raise TargetError(f'target "{text}": {source} is a directory; name a file in it')
    if os.sep in source:
        perhaps = f"; perhaps {source}.py" if os.path.isfile(source + ".py") else ""
        raise TargetError(f'target "{text}": a file must end in .py, a module has dots for slashes{perhaps}')
    if not source or not all(source.split(".")):
        raise TargetError(f'target "{text}": write module:attribute, path/to/file.py:attribute or path/to/file.py')
    return source, attribute


def _search_first(folder: str, position: int) -> None:
    """Put a folder on sys.path, no later than at this position."""
    if folder in sys.path[: position + 1]:
        return
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path.insert(position, folder)


def _load_file(path: str) -> ModuleType:
    full = os.path.abspath(path)
    if not os.path.isfile(full):
        raise TargetError(_no_file(path))
    name = os.path.splitext(os.path.basename(full))[0]
    while (loaded := sys.modules.get(name)) is not None:
        place = getattr(loaded, "__file__", None)
        if place and os.path.realpath(place) == os.path.realpath(full):
            return loaded
        # Python's own site.py is always loaded, and "site.py" is a fair name for a web site.
        name += "_"
    _search_first(os.path.dirname(full), 1)
    spec = importlib.util.spec_from_file_location(name, full)
    assert spec is not None and spec.loader is not None  # the name ends in .py
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        raise TargetError(_import_failure(path, error)) from error
    return module


def _import_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if (name == missing or name.startswith(missing + ".")) and _place_of(error) is None:
            raise TargetError(_no_module(name, missing)) from error
        raise TargetError(_import_failure(name, error)) from error
    except (Exception, SystemExit) as error:
        raise TargetError(_import_failure(name, error)) from error


def _default_of(module: ModuleType, source: str) -> object:
    for name in DEFAULT_NAMES:
        if hasattr(module, name):
            found: object = getattr(module, name)
            return found
    defined = [name for name in vars(module) if not name.startswith("_")]
    names = f"it has {', '.join(defined[:6])}" if defined else "it defines no name at all"
    raise TargetError(f"{source} has none of root, app, application ({names}); say which: {source}:NAME")


def _attribute_of(module: ModuleType, source: str, attribute: str) -> object:
    found: object = module
    where = source
    for name in attribute.split("."):
        try:
            found = getattr(found, name)
        except AttributeError as error:
            known = [each for each in dir(found) if not each.startswith("_")]
            raise TargetError(f'{where} has no "{name}"{_suggestion(name, known)}') from error
        where = f"{source}:{name}" if where == source else f"{where}.{name}"
    return found


def _instance(target: object, text: str) -> object:
    try:
        return instance_of_pages(target)
    except Exception as error:
        place = _place_of(error)
        raise TargetError(
            f"{text}: making an instance of the class failed{f' at {place}' if place else ''}: "
            f"{_one_line(error)}; make the instance in the module and name that"
        ) from error


def _no_file(path: str) -> str:
    if os.path.isdir(path):
        return f"{path} is a directory; name a .py file in it"
    folder, name = os.path.split(path)
    try:
        beside = [each for each in os.listdir(folder or ".") if each.endswith(".py")]
    except OSError:
        return f"no file {path}: there is no folder {folder}"
    return f"no file {path}{_suggestion(name, beside)}"


def _no_module(name: str, missing: str) -> str:
    part = "" if missing == name else f': there is no "{missing}"'
    parent, _, last = name.rpartition(".")
    if parent and parent in sys.modules and not hasattr(sys.modules[parent], "__path__"):
        return f"module {name} not found: {parent} is no package; perhaps {parent}:{last}"
    return f"module {name} not found{part} (looked in {_near(os.getcwd())} first, then on Python's own path)"


def _import_failure(label: str, error: BaseException) -> str:
    """Say in one line why importing `label` failed, and where."""
    if isinstance(error, SyntaxError) and error.filename:
        line = f": {error.text.strip()[:60]}" if error.text else ""
        position = [str(each) for each in (error.lineno, error.offset) if each]
        return f"{':'.join([_near(error.filename), *position])}: {error.msg}{line}"
    place = _place_of(error)
    at = f" at {place}" if place else ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"{label} failed on import of {error.name}{at}: there is no such module; is it installed?"
    if isinstance(error, SystemExit):
        return f'{label} ended the program on import{at}; put what it starts under if __name__ == "__main__":'
    return f"{label} failed on import{at}: {_one_line(error)}"


def _place_of(error: BaseException) -> str | None:
    """Where an error arose, as file:line: the last line of ours to the user, else the very last."""
    frames = [
        (frame.filename, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen")
        and frame.filename not in (__file__, importlib.__file__)
        and os.path.dirname(frame.filename) != os.path.dirname(__file__)
    ]
    own = [f for f in frames if not os.path.isabs(_near(f[0])) and "site-packages" not in f[0]]
    for filename, line in reversed(own or frames):
        return f"{_near(filename)}:{line}"
    return None


def _near(path: str) -> str:
    """A path as people type it: relative if it is below the current directory."""
    folder = os.getcwd()
    if path == folder:
        return "."
    return path[len(folder) + 1 :] if path.startswith(folder + os.sep) else path


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _suggestion(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3)
    if near:
        return f"; perhaps {' or '.join(near)}"
    return f"; it has {', '.join(sorted(known)[:6])}" if known else ""
