"""What the statements of a mask call: put `NAMES` into the namespace they run in.

Nobody else writes such names, so no variable of a mask can hide them.
"""

from __future__ import annotations

TEXT = "__cpy_text__"
LAST_INDEX = "__cpy_last_index__"


def text_of(value: object) -> str:
    """Return `value` as py-eval and py-attr write it: plain `str`.

    Sources with Python 2's meaning need Python 2's `str` (floats of 12 digits): bind that to `TEXT`.
    """
    return str(value)


def last_index(items: object) -> int:
    """Return `_end` of a loop over `items`: the index of the last one, -1 if they have no length."""
    try:
        return len(items) - 1  # type: ignore[arg-type]
    except (TypeError, AttributeError):  # a class of 2004 without __len__ raised the latter
        return -1


NAMES = {TEXT: text_of, LAST_INDEX: last_index}
