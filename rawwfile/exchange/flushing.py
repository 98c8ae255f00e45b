"""`response.flush`: when the pieces of a stream go out.

    "each"           every piece at once (the default)
    N (an int)       when N bytes have come together, and at the end
    S (a float)      S seconds after the first byte that waits, and at the end
    (N, S)           whichever is first

A piece that is `FLUSH` sends what waits. Source: streaming contract, section 2.2.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Flush:
    """The type of FLUSH, the mark that a handler yields to send what waits."""

    def __repr__(self) -> str:
        return "rawwfile.FLUSH"


FLUSH = Flush()
"""Yielded by a handler whose pieces are collected: send now what waits."""


class FlushPolicy(NamedTuple):
    """size: bytes that may wait, None for no bound. delay: seconds they may, None for no bound."""

    size: int | None
    delay: float | None


def flush_policy(value: Any) -> FlushPolicy | None:
    """What `response.flush` asks for; None: every piece at once. Raises ValueError."""
    if value is None or value == "each":
        return None
    size, delay = value if isinstance(value, tuple) and len(value) == 2 else (None, None)
    if type(value) is int:
        size = value
    elif type(value) is float:
        delay = value
    good_size = size is None or (type(size) is int and size > 0)
    good_delay = delay is None or (type(delay) in (int, float) and delay > 0)
    if (size is None and delay is None) or not good_size or not good_delay:
        raise ValueError(
            f'flush must be "each", bytes (an int), seconds (a float) or (bytes, seconds), not {value!r}'
        )
    return FlushPolicy(size, None if delay is None else float(delay))
