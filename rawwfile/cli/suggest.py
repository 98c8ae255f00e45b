"""The word that somebody probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from rawwfile.ini import shown

__all__ = ["did_you_mean", "nearest", "shown"]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that is most like `word`, case aside; None where none is like it."""
    by_lower = {known.lower(): known for known in words}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """' Did you mean X?', or '' where nothing is near; to be put behind a full stop."""
    match = nearest(word, words)
    return f" Did you mean {match}?" if match else ""
