"""CherryClasses are classes as Python 2 had them before `object` (F034)."""

from __future__ import annotations

from typing import Any

CLASS_MAKER = "__cherry_class__"
"""Name under which generated code finds `cherry_class` in its namespace."""


def cherry_class(name: str, bases: tuple[Any, ...], namespace: dict[str, Any]) -> Any:
    """Make a CherryClass; generated code names this as its metaclass.

    Lookup goes depth first, left to right; orders of parents that Python 3 refuses are accepted;
    special methods may have their old names (`__nonzero__`, `__cmp__`, `__div__`, ...).
    """
    # Here, because what only compiles needs no run time.
    from rawwfile.cpy.python2.runtime.classes import make_class

    return make_class(name, bases, namespace)
