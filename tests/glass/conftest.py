"""Fixtures of the tests of the inspector."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.glass.inspecting import Watched, watching


@pytest.fixture
def watched() -> Iterator[Watched]:
    """A server with a tape and one page, /hello, and an inspector whose page has been opened."""
    with watching() as found:
        yield found
