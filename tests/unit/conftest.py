"""What the tests without sockets share."""

from __future__ import annotations

import pytest

from rawwfile.tape.model import Stream


@pytest.fixture
def read_bytes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all reads of streams."""
    sizes: list[int] = []
    read = Stream.read

    def noted(self: Stream, start: int | None = None, stop: int | None = None) -> bytes:
        found = read(self, start, stop)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(Stream, "read", noted)
    return sizes
