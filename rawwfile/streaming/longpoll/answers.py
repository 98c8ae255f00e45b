"""Answers of a long poll: their JSON, their status, and whether they have arrived."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rawwfile.errors import ClientDisconnected, HTTPError
from rawwfile.exchange.channel import OPEN

READY, PENDING, DONE, ERROR, EXPIRED, BUSY = "ready", "pending", "done", "error", "expired", "busy"

STATUS = {ERROR: 500, EXPIRED: 410}
"""Status codes of states that do not answer 200. A client that only reads 200, such as
jQuery's getJSON, stops there instead of polling for ever."""


@dataclass(slots=True, eq=False)
class Answer:
    """One answer: its text, and the exchange that took it, None before and where there is none.

    lost: its sending failed. retry_after: seconds, for the field of that name.
    """

    state: str
    text: str
    seq: int = 0
    status: int = 200
    retry_after: int | None = None
    lost: bool = False
    exchange: Any = None

    @property
    def is_last_word(self) -> bool:
        """Nothing will come after it."""
        return self.state in (DONE, EXPIRED)

    @property
    def has_arrived(self) -> bool:
        """As far as the server can know; what was left to the loop to send may fail later."""
        return not self.lost and (self.exchange is None or self.exchange.end == "complete")


def compose(state: str, content: str = "null", more: Mapping[str, Any] = {}) -> str:
    """The JSON text of an answer, as `json.dumps` writes it; `content` is JSON already."""
    parts = [f'"state": "{state}"', f'"content": {content}']
    parts += [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in more.items()]
    return "{" + ", ".join(parts) + "}"


def compose_error(kind: str, message: str | None, more: Mapping[str, Any] = {}) -> str:
    """The JSON text of an error answer; without its message if that is None."""
    error = {"type": kind} if message is None else {"type": kind, "message": message}
    return json.dumps({"state": ERROR, "error": error, **more})


def as_list(texts: Iterable[str]) -> str:
    """JSON texts as one JSON list."""
    return "[" + ", ".join(texts) + "]"


def is_lost(exchange: Any) -> bool:
    """Whether the response of an exchange that is over has failed to reach its client.

    Looks a few milliseconds for a reset, but only if the client has ended its sending: the kernel
    takes what is sent to a client that has just left.
    """
    if exchange.end != "complete":
        return True
    if exchange.channel.client_state() == OPEN:
        return False
    try:
        exchange.presence.probe()
    except ClientDisconnected:
        return True
    return False


def status_of(error: BaseException) -> int:
    """500, or what a generator said with HTTPError."""
    return error.status if isinstance(error, HTTPError) else STATUS[ERROR]


def message_of(error: BaseException, debug: bool) -> str | None:
    """What the client is told: the message of an HTTPError, which is meant for it, others only if debug."""
    if isinstance(error, HTTPError):
        return error.message or error.reason
    return str(error) if debug else None
