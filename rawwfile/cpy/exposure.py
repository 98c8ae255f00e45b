"""Which names of which class a URL or an XML-RPC call may reach (spec 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rawwfile.cpy.tree import CherryClass


@dataclass(frozen=True)
class ClassTable:
    """What the run time must know of one CherryClass.

    instance: name of its one instance, None for an abstract class. functions, views, masks: names
    defined here. hidden_methods, xmlrpc_marks: those of them so marked. exposed: each name that a
    URL may reach, with the class whose definition is run. xmlrpc_methods: names, among `exposed`,
    that only XML-RPC may call. lineage: the CherryClasses searched for a name, in that order.
    offered: what children inherit; `exposed` before abstract and hidden took their part away.
    """

    name: str
    instance: str | None
    parents: tuple[str, ...]
    abstract: bool
    hidden: bool
    xmlrpc: bool
    functions: frozenset[str]
    views: frozenset[str]
    masks: frozenset[str]
    hidden_methods: frozenset[str]
    xmlrpc_marks: frozenset[str]
    lineage: tuple[str, ...]
    offered: Mapping[str, str]
    exposed: Mapping[str, str]
    xmlrpc_methods: frozenset[str]

    def defines(self, name: str) -> bool:
        """Whether a function, view or mask of that name stands in this class itself."""
        return name in self.functions or self.shows(name)

    def shows(self, name: str) -> bool:
        """Whether a view or mask of that name stands here; it wins over a function (F032)."""
        return name in self.views or name in self.masks


def unhidden(table: ClassTable, before: Mapping[str, ClassTable]) -> list[tuple[str, str]]:
    """Return pairs of exposed name and class where a URL runs what that class hides.

    It takes two parents: the first hides the name, the second shows a view of that name.
    """
    return [
        (name, by)
        for name, by in table.exposed.items()
        if by != table.name and (before[by].hidden or name in before[by].hidden_methods)
    ]


def table_of(cherry_class: CherryClass, before: Mapping[str, ClassTable]) -> ClassTable:
    """Work out the table of a class from those of the classes defined before it, by name."""
    own = {
        kind: frozenset(method.name for method in cherry_class.of_kind(kind))
        for kind in ("function", "view", "mask")
    }
    hidden_methods = frozenset(one.name for one in cherry_class.methods if one.hidden)
    marks = frozenset(one.name for one in cherry_class.methods if one.xmlrpc)
    parents = [before[name] for name in cherry_class.parent_names if name in before]
    lineage = dict.fromkeys([cherry_class.name])
    for parent in parents:
        lineage.update(dict.fromkeys(parent.lineage))
    offered = dict.fromkeys(sorted(own["view"] | own["mask"]), cherry_class.name)
    for parent in parents:
        for name in () if parent.hidden else parent.offered:
            if name not in parent.hidden_methods and name not in offered:
                reached = _reached(name, cherry_class.name, own["function"], lineage, before)
                if reached:
                    offered[name] = reached
    shut = cherry_class.abstract or cherry_class.hidden
    exposed = {} if shut else {n: by for n, by in offered.items() if n not in hidden_methods}
    return ClassTable(
        name=cherry_class.name,
        instance=None if cherry_class.abstract else cherry_class.instance,
        parents=cherry_class.parent_names,
        abstract=cherry_class.abstract,
        hidden=cherry_class.hidden,
        xmlrpc=cherry_class.xmlrpc,
        functions=own["function"],
        views=own["view"],
        masks=own["mask"],
        hidden_methods=hidden_methods,
        xmlrpc_marks=marks,
        lineage=tuple(lineage),
        offered=offered,
        exposed=exposed,
        xmlrpc_methods=frozenset(exposed if cherry_class.xmlrpc else marks & exposed.keys()),
    )


def _reached(
    name: str,
    own_name: str,
    own_functions: frozenset[str],
    lineage: Mapping[str, None],
    before: Mapping[str, ClassTable],
) -> str | None:
    """Return the class whose view or mask a call of an inherited name runs.

    None when a function stands in front of it: 0.10 left that function open to every URL (H20).
    """
    if name in own_functions:
        return None
    for each in lineage:
        table = before[each] if each != own_name else None
        if table is not None and table.defines(name):
            return each if table.shows(name) else None
    return None
