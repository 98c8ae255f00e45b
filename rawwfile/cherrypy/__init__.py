"""The run time of CherryPy 0.10, and what a ported application imports from it.

    from rawwfile.cherrypy import Application, CherryClass, mask, request, response, view

Nothing is loaded before it is asked for.
"""

from __future__ import annotations

import importlib
from typing import Any

_PLACES = {
    "package": ("Application",),
    "decorators": ("CONTINUE", "CherryClass", "DepthFirst", "abstract", "expose", "hidden", "mask", "view", "xmlrpc"),
    "masks": ("render",),
    "state": ("request", "response"),
    "current": ("application_names", "configFile", "debug", "evaluate", "logMessage", "shutdown"),
    "failures": ("CherryError",),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
