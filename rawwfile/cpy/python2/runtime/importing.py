"""`import` of translated code: the application's own modules, old standard modules, then today's.

Nothing goes into the process's sys.modules. A module of the application is looked for beside the
module that imports it (implicit relative imports), then in the application's folders.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.python2.runtime.files import File

if TYPE_CHECKING:
    from rawwfile.cpy.python2.dialect import Dialect

FIRST = frozenset({"sys", "time", "thread", "cPickle", "cStringIO", "math", "errno", "marshal", "operator", "posix"})
"""Modules that were part of the interpreter: a file of the application could not hide them."""
OURS = "rawwfile"
"""The package that runs the application; a folder of that name is no module of it."""


class Importer:
    """The `__import__` of one application. paths: folders to look in. dialect: that of the modules found."""

    def __init__(self, names: dict[str, Any], paths: Sequence[str] = (), dialect: Dialect = "auto") -> None:
        self.names = names
        self.paths = list(paths)
        self.dialect = dialect
        self.modules: dict[str, ModuleType] = {}

    def __call__(
        self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        """Do what `__import__` does."""
        name = str(name)
        package = _package(globals)
        if level > 0:
            base = package.rsplit(".", level - 1)[0] if level > 1 else package
            found = self.load(f"{base}.{name}" if name else base)
            top = base + "." + name.split(".")[0] if name else base
        else:
            found = self.load(f"{package}.{name}") if package else None
            top = f"{package}.{name.split('.')[0]}" if found else name.split(".")[0]
            found = found or self.load(name)
        if found is None:
            return self.standard(name, globals, locals, fromlist, level)
        if not fromlist:
            return self.modules[top]
        for each in fromlist:
            if each != "*" and not hasattr(found, each):
                self.load(f"{found.__name__}.{each}")
        return found

    def standard(self, name: str, globals: Any, locals: Any, fromlist: Any, level: int) -> Any:
        """Return a module of the standard library, or one that is installed."""
        try:
            module = builtins.__import__(name, globals, locals, fromlist or (), level)
        except ModuleNotFoundError as error:
            if error.name == name.split(".")[0] or error.name == name:
                raise ImportError(f"No module named {name}", name=name) from None
            raise
        return module

    def load(self, name: str) -> ModuleType | None:
        """Return the application's or the old module of this dotted name, or None."""
        if name in self.modules:
            return self.modules[name]
        if name.partition(".")[0] == OURS:
            return None
        parent, _, last = name.rpartition(".")
        if parent:
            owner = self.load(parent)
            if owner is None:
                return None
            if not hasattr(owner, "__path__"):
                return None
            module = self.from_folders(name, last, owner.__path__) or self.old(name)
            if module is not None:
                setattr(owner, last, module)
            return module
        module = None if name in FIRST else self.from_folders(name, name, self.paths)
        return module or self.old(name)

    def old(self, name: str) -> ModuleType | None:
        from rawwfile.cpy.python2.modules import old_module

        module = old_module(name, self)
        if module is not None:
            self.modules[name] = module
        return module

    def from_folders(self, name: str, last: str, folders: Sequence[str]) -> ModuleType | None:
        for folder in folders:
            base = os.path.join(folder, last)
            if os.path.isfile(os.path.join(base, "__init__.py")):
                return self.execute(name, os.path.join(base, "__init__.py"), [base])
            if os.path.isfile(base + ".py"):
                return self.execute(name, base + ".py", None)
        return None

    def execute(self, name: str, file: str, path: list[str] | None, module: ModuleType | None = None) -> ModuleType:
        """Run a source file as the module `name` (once more where `module` is given)."""
        from rawwfile.cpy.python2.runtime.execution import as_syntax_error, compiled_tree
        from rawwfile.cpy.python2.translator import Translator

        module = module or ModuleType(name)
        module.__file__ = file
        names = module.__dict__
        names["__builtins__"] = self.names
        if path is not None:
            module.__path__ = path
        names["__package__"] = name if path is not None else name.rpartition(".")[0]
        self.modules[name] = module
        try:
            with File(file) as source:
                tree = Translator(self.dialect).module(source.read(), file)
            exec(compiled_tree(tree, file, "exec"), names)
        except CpyError as error:
            self.modules.pop(name, None)
            raise as_syntax_error(error) from None
        except BaseException:
            self.modules.pop(name, None)
            raise
        return module

    def reload(self, module: ModuleType) -> ModuleType:
        """reload() of 2.x."""
        if module.__name__ in self.modules and getattr(module, "__file__", None):
            path = getattr(module, "__path__", None)
            return self.execute(module.__name__, str(module.__file__), path, module)
        return module


def _package(globals: Any) -> str:
    if not globals:
        return ""
    if "__path__" in globals:
        return globals.get("__name__") or ""
    return (globals.get("__name__") or "").rpartition(".")[0] if globals.get("__package__") else ""
