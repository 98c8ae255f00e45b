"""What the code of one module knows of names that it does not bind itself."""

from __future__ import annotations

from collections.abc import Iterable

from rawwfile.cherrypy.package import PREDEFINED
from rawwfile.cpy.source import Line
from rawwfile.port.code import Name
from rawwfile.port.own import relative
from rawwfile.port.plan import RUN_TIME, Plan, Source, special_order

_SITE_HAS = ("configFileName", "_debug")


def names_for(plan: Plan, source: Source | None, without: Iterable[str] = ()) -> dict[str, Name]:
    """Return the names for code of `source`; None is the module of shared names itself.

    Later entries win as later bindings did in the one namespace of 0.10: modules that need no
    import, the run time, imports, classes, special functions, then instances and variables.
    without: local names of a template, which are left alone.
    """
    shared = (f"from . import {plan.shared}",) if source is not None else ()
    prefix = f"{plan.shared}." if source is not None else ""
    found = {name: Name(imports=(f"import {name}",)) for name in PREDEFINED}
    for name in RUN_TIME:
        found[name] = Name(imports=(f"from rawwfile.cherrypy import {name}",))
    for name in _SITE_HAS:
        found[name] = Name(text=f"{prefix}{name}", imports=shared)
    found["globals"] = Name(
        text="application_names", imports=("from rawwfile.cherrypy import application_names",)
    )
    found["eval"] = Name(text="evaluate", imports=("from rawwfile.cherrypy import evaluate",))
    own = {id(line) for line in source.module.imports} if source else set()
    for name, line in plan.imports.items():
        if id(line) not in own:
            found[name] = Name(imports=(_line_for(plan, name, line),))
    order = {each.name: index for index, each in enumerate(plan.sources)}
    for name, home in plan.home.items():
        if home is source:
            found.pop(name, None)
        elif source is not None and order[home.name] < order[source.name]:
            found[name] = Name(imports=(f"from .{home.name} import {name}",))
        else:
            # The module of that class imports this one, so it cannot be imported here.
            found[name] = Name(text=f"{prefix}{name}", imports=shared)
    for name in special_order():
        places = plan.specials(name)
        if places and plan.source_of(places[-1]) is not source:
            found[name] = Name(text=f"{prefix}{name}", imports=shared)
        elif places:
            found.pop(name, None)
    for name in [*plan.instances, *plan.variables]:
        found[name] = Name(text=f"{prefix}{name}" if prefix else "", imports=shared)
    for name in without:
        found.pop(name, None)
    return found


def template_names(plan: Plan) -> dict[str, Name]:
    """Return the names for code of templates, the same for every template.

    Classes and the run time's names are found there without an import.
    """
    found = {name: Name(imports=(f"import {name}",)) for name in PREDEFINED}
    for name in _SITE_HAS:
        found[name] = Name(text=f"{plan.shared}.{name}")
    found["globals"] = Name(text="application_names")
    found["eval"] = Name(text="evaluate")
    for name, line in plan.imports.items():
        found[name] = Name(imports=(_line_for(plan, name, line),))
    for name in plan.home:
        found.pop(name, None)
    for name in special_order():
        if plan.specials(name):
            found[name] = Name(text=f"{plan.shared}.{name}")
    for name in [*plan.instances, *plan.variables]:
        found[name] = Name(text=f"{plan.shared}.{name}")
    return found


def _line_for(plan: Plan, name: str, line: Line) -> str:
    """Return the import of one name; relative if it is of a module that moved into the package."""
    for part in relative(line.text.strip(), plan.own).split("; "):
        head, _, rest = part.partition("#")[0].partition("import ")
        for one in rest.strip("() ").split(","):
            words = one.split()
            if words and (words[-1] if "as" in words else words[0].split(".")[0]) == name:
                return f"{head}import {one.strip()}"
    return line.text.strip()
