"""What one poll says in its query or form: key, ack, close, restart and wait.

Everything else is an argument of the generator function, and so is any of these but `key` if the
function has a parameter of that name.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass
from typing import Any

from rawwfile.streaming.sse import QUERY_NAMES

CONTROLS = ("ack", "close", "restart", "wait")
"""Fields that are the decorator's own unless the function below it has them, `key` apart."""

PASSED_OVER = ("_", *QUERY_NAMES)
"""Fields that mean nothing here: what jQuery adds against caches, and what stands for Last-Event-ID."""

LONGEST_KEY = 64
KEY_BYTES = 16
"""Random bytes of a key that the server makes: 128 bit, as of a session."""

MOST_DIGITS = 15
"""Digits of an ack: no stream has more answers, and JavaScript counts no further exactly."""


class BadPoll(ValueError):
    """A field of the poll cannot be what it is; the message is for the client."""


@dataclass(slots=True)
class Wishes:
    """key: "" if the server shall make one. ack: the last seq that has arrived, None if not said."""

    key: str = ""
    ack: int | None = None
    close: bool = False
    restart: bool = False
    wait: float | None = None


def make_key() -> str:
    """A key that nobody guesses: 22 letters, digits, "-" and "_"."""
    return secrets.token_urlsafe(KEY_BYTES)


def take_wishes(fields: MutableMapping[str, Any], own: Collection[str]) -> Wishes:
    """Take the decorator's fields out of `fields`; `own` are those of the function. Raises BadPoll."""
    wishes = Wishes()
    if (key := fields.pop("key", None)) is not None:
        wishes.key = check_key(key)
    mine = {name: fields.pop(name) for name in CONTROLS if name in fields and name not in own}
    for name in PASSED_OVER:
        if name not in own:
            fields.pop(name, None)
    if (ack := mine.get("ack")) is not None and ack != "":
        wishes.ack = read_ack(ack)
    wishes.close = _flag("close", mine)
    wishes.restart = _flag("restart", mine)
    if (wait := mine.get("wait")) is not None:
        wishes.wait = _seconds(wait)
    return wishes


def check_key(key: Any) -> str:
    """The key as text. Raises BadPoll unless it is "" or 1 to 64 printable characters."""
    text = _one("key", key)
    if len(text) > LONGEST_KEY or not text.isprintable():
        raise BadPoll(f"key must be {LONGEST_KEY} printable characters at most")
    return text


def read_ack(value: Any) -> int:
    """The number of the last answer that has arrived, 0 for none. Raises BadPoll."""
    text = _one("ack", value)
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise BadPoll("ack must be the seq of an answer, a whole number")
    return int(text)


def _flag(name: str, fields: dict[str, Any]) -> bool:
    text = _one(name, fields.get(name, "")).lower()
    if text not in ("", "0", "1", "false", "true"):
        raise BadPoll(f"{name} must be 0 or 1")
    return text in ("1", "true")


def _seconds(value: Any) -> float:
    text = _one("wait", value)
    whole, _, part = text.partition(".")
    if not (text.isascii() and whole.isdigit() and len(text) <= MOST_DIGITS and (not part or part.isdigit())):
        raise BadPoll("wait must be seconds, such as 0 or 2.5")
    return float(text)


def _one(name: str, value: Any) -> str:
    # Numbers come from Python code that calls the handler itself, as the seed's users may.
    if isinstance(value, (str, int, float)):
        return str(value)
    raise BadPoll(f"{name} must be given once, as text")
