"""Names that a ported application imports and that mean the site being served (spec 1.8)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from rawwfile.cherrypy.site import Site


class _Served:
    """The site of this process; there is one, and the last one made counts."""

    site: Site | None = None
    names: Callable[[], dict[str, Any]] = staticmethod(lambda: {})


def serve(site: Site, names: Callable[[], dict[str, Any]]) -> None:
    """Make `site` the one that the names of this module mean. names: all its global names."""
    _Served.site, _Served.names = site, staticmethod(names)


def served() -> Site:
    """Return the site. Raises RuntimeError before there is one."""
    if _Served.site is None:
        raise RuntimeError("no application is being served yet: use this inside a method or a special function")
    return _Served.site


class ConfigFile:
    """The configuration of the site: its file as 0.10's configFile (spec 9)."""

    def __getattr__(self, name: str) -> Any:
        """Return the attribute of the configuration that was read at start."""
        return getattr(served().namespace["configFile"], name)


configFile = ConfigFile()  # noqa: N816 - 0.10's name


def logMessage(message: Any, level: int = 0) -> Any:  # noqa: N802
    """Log a message as the site does (F435)."""
    return served().namespace["logMessage"](message, level)


def debug(text: Any) -> None:
    """Append a line to the debug file, in a site started for debugging (F430)."""
    site = served()
    if site.debug:
        with open(f"{site.base}.dbg", "a", encoding="latin-1", errors="backslashreplace") as file:
            file.write(f"{text}\n")


def shutdown() -> Any:
    """Stop the server, gracefully."""
    return served().namespace["shutdown"]()


class _ApplicationNames(dict[str, Any]):
    """All global names; what is put in becomes one."""

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        served().namespace[name] = value

    def has_key(self, name: str) -> bool:
        """Whether there is such a name, as Python 2 asked."""
        return name in self

    def __iter__(self) -> Iterator[str]:
        return iter(list(super().keys()))


def evaluate(code: Any, *spaces: Any) -> Any:
    """Return eval(code), which sees all global names of the application, as it did in one namespace.

    spaces: as of eval(). For a name alone, getattr(site, name) says the same and does less.
    """
    if spaces:
        return eval(code, *spaces)  # noqa: S307 - the application asks for it
    frame = sys._getframe(1)
    return eval(code, {**_Served.names(), **frame.f_globals}, frame.f_locals)  # noqa: S307


def application_names() -> dict[str, Any]:
    """Return what `globals()` was in one namespace for all modules: classes, instances, variables."""
    return _ApplicationNames(_Served.names())
