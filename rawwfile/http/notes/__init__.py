"""What can be remarked on the bytes of a conversation: one class for each remark, one registry.

    Note             the base class, and what every note has
    NOTES            every note class by its id; reading it loads all topics
    note_class(id)   the class of one id
    notes_on(view)   the notes on a whole exchange: see `examine`

A module of this package is a topic: its classes, and where the bytes alone do not show it, the
check that makes them. The readers name notes by their ids, so a server that has nothing to remark
loads no explanation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rawwfile.http.notes.base import (
    LEVELS,
    MAX_FINDINGS,
    Findings,
    ForeignNote,
    Note,
    counted,
    load_all,
    note_class,
    note_from,
    quoted,
)

if TYPE_CHECKING:
    from rawwfile.http.notes.base import NOTES
    from rawwfile.http.notes.examine import ExchangeView, TlsFacts, notes_on

__all__ = [
    "LEVELS", "MAX_FINDINGS", "NOTES", "ExchangeView", "Findings", "ForeignNote", "Note", "TlsFacts", "counted",
    "note_class", "note_from", "notes_on", "quoted",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "NOTES":
        return load_all()
    if name in ("ExchangeView", "TlsFacts", "notes_on"):
        from rawwfile.http.notes import examine

        return getattr(examine, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
