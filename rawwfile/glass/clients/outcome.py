"""What a client made of a response, and what all clients have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rawwfile.glass.one_shot import OneShot

MAX_QUOTED = 40
"""Most characters of content in a reading."""
MAX_SAMPLE = 120
"""Most characters of content in a detail."""
MAX_CONTENT = 1 << 24
"""Most bytes of content that are kept: more than is ever sent."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a client made of a response.

    detail: one line: status, content, and in the client's own words what was wrong.
    status: that it took for the answer's. content: what it hands on to the user, None for nothing.
    fault: its complaint in a word or two ("IncompleteRead", "exit 18", "refused"); empty without one.
    noticed: whether it told its user that something was wrong; None where that cannot be seen, as on a blank page.
    """

    detail: str
    status: int | None = None
    content: bytes | None = None
    fault: str = ""
    noticed: bool | None = None

    def reading(self, meanings: Mapping[bytes, str] = {}) -> str:
        """One short phrase. meanings: what to say of contents, such as "ok" of the one that was meant."""
        content = self.content
        if self.fault:
            return f"shows it, {self.fault}" if content else self.fault
        if self.status is not None and 100 <= self.status < 200 and self.status != 101:
            return f"takes {self.status} as final"
        if content in meanings:
            return meanings[content or b""]
        return quoted(content, MAX_QUOTED) if content else f"{self.status}, empty"


class Client:
    """A client that reads one response at a time; the base of all."""

    name: str

    def version(self) -> str | None:
        """The version of the program or library; None where it is not installed."""
        raise NotImplementedError

    def open(self) -> None:
        """Start what is needed for reading, where that takes time. Called before each reading; raises nothing."""

    def read(self, server: OneShot, method: str) -> Outcome:
        """Ask `server` and say what came of it; ends when the server's time is over. Raises nothing but bugs."""
        raise NotImplementedError

    def close(self) -> None:
        """End what was started."""


def quoted(content: bytes, limit: int) -> str:
    """Content for people, in quotation marks, on one line and of at most about `limit` characters."""
    text = content[:4 * limit + 4].decode("utf-8", "backslashreplace")
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:limit + 1])
    if len(shown) > limit:
        return f'"{shown[:limit]}…" ({len(content):,} bytes)'
    return f'"{shown}"'


def sample(content: bytes | None) -> str:
    """The content of a detail."""
    if content is None:
        return "no content"
    return quoted(content, MAX_SAMPLE) if content else "empty content"
