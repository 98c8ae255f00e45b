"""`Site`: the one thing that the run time of CherryPy 0.10 knows of an application.

However it was made (from `.cpy` sources, a compiled `RootServer.py`, a ported package): it is a
namespace, a plan of the instances to make, and what a URL may reach of each.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Plan:
    """One instance to be made at the start of the server (spec 1.7).

    name: of the instance ('root', 'airline_fr'); it is bound in the namespace. make: makes it,
    without arguments. exposed, xmlrpc: as in `Target`.
    """

    name: str
    make: Callable[[], Any]
    exposed: frozenset[str] = frozenset()
    xmlrpc: frozenset[str] = frozenset()


@dataclass
class Target:
    """An instance, and what a request may reach of it.

    exposed: names that a URL may call. xmlrpc: those of them that only XML-RPC may call.
    """

    instance: Any
    exposed: frozenset[str]
    xmlrpc: frozenset[str] = frozenset()


@dataclass
class Site:
    """An application of CherryPy 0.10, ready to be served.

    name: 'Root', as in Root.cpy. namespace: THE global namespace of the application; special
    functions are looked up in it at each call, so that a hot reload takes effect. plan: the
    instances, in the order in which to make them. charset: None is one character a byte
    (latin-1); else the codec of sources, parameters and pages. debug: built with -D. files: the
    sources, for a reload. base: for RootServer.cfg and RootServer.dbg, default name + 'Server'.
    targets: by instance name; filled by `make_instances`. running: the `Application` that serves
    it, None before the start. recompile: gives the program anew for a hot reload, see `hotreload`.
    text_of: `str` as the application's code has it.
    """

    name: str
    namespace: dict[str, Any]
    plan: list[Plan] = field(default_factory=list)
    charset: str | None = None
    debug: bool = False
    files: list[str] = field(default_factory=list)
    base: str = ""
    targets: dict[str, Target] = field(default_factory=dict)
    running: Any = None
    recompile: Callable[[], Any] | None = None
    text_of: Callable[[Any], str] = str

    def __post_init__(self) -> None:
        self.base = self.base or f"{self.name}Server"

    def special(self, name: str) -> Callable[..., Any] | None:
        """Return the special function of that name (spec 8) if the application has it now."""
        found = self.namespace.get(name)
        return found if callable(found) else None

    def make_instances(self) -> None:
        """Make what is planned and bind each in the namespace, so that a later one may use it.

        To be called once the configuration is in namespace['configFile']. What a constructor
        raises passes through.
        """
        targets: dict[str, Target] = {}
        for each in self.plan:
            instance = self.namespace[each.name] = each.make()
            targets[each.name] = Target(instance, each.exposed, each.xmlrpc)
        # One assignment: requests of other threads see all of the old ones, or all of the new.
        self.targets = targets


def name_of(path: str) -> str:
    """Return the name of an application whose first file is `path`: 'Root' for 'src/Root.cpy'.

    Only the ending is cut; 0.10 cut at the first dot anywhere (H35).
    """
    name = os.path.basename(path)
    return name.removesuffix(".cpy") or name


def base_of(path: str) -> str:
    """Return the base of an application whose first file is `path`: 'src/RootServer' for 'src/Root.cpy' (spec 4.2)."""
    return f"{path.removesuffix('.cpy')}Server"


def configuration_of(base: str) -> str:
    """Return the name of the configuration file that is taken when none is named.

    It lies beside the sources, or else in the working directory.
    """
    beside, here = f"{base}.cfg", f"{os.path.basename(base)}.cfg"
    return here if not os.path.exists(beside) and os.path.exists(here) else beside
