"""Break it: one small change to a message that makes it wrong, as pure functions over bytes.

`break_it(name, data)` answers with the pieces to send, a sentence on what was done, and the ids of
the notes that the change is meant to provoke. `offers(data)` says which mutations there are and
whether each applies to these bytes. Nothing but the named change is made, whatever shape the
message has: bare LF stays bare LF, other faults stay where they are.
"""

from __future__ import annotations

from typing import Any

from rawwfile.glass.breaking import contents as _contents
from rawwfile.glass.breaking import heads as _heads
from rawwfile.glass.breaking.base import MUTATIONS, Broken, CannotBreak, Difference, Mutation, break_it, difference
from rawwfile.glass.breaking.shape import Shape, kind_of, shape_of

__all__ = [
    "MUTATIONS", "Broken", "CannotBreak", "Difference", "Mutation", "Shape",
    "break_it", "difference", "kind_of", "offers", "shape_of",
]  # fmt: skip

assert _contents and _heads  # imported for the mutations that they register


def offers(data: bytes | None = None, kind: str | None = None) -> list[dict[str, Any]]:
    """Every mutation with name, title, applies, rule, and n where it takes a number.

    With `data`, also "not": why it does not apply to these bytes, or None where it does.
    """
    found = []
    for each in MUTATIONS.values():
        offer: dict[str, Any] = {"name": each.name, "title": each.title, "applies": each.applies, "rule": each.rule}
        if each.number:
            offer["n"] = {"label": each.number[0], "value": each.number[1]}
        if data is not None:
            offer["not"] = None
            try:
                break_it(each.name, data, None, kind)
            except CannotBreak as why:
                offer["not"] = str(why)
        found.append(offer)
    return found
