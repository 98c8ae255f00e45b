"""Fixtures of the tests with real frameworks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.frameworks import gates


@pytest.fixture(autouse=True)
def fresh_gates() -> Iterator[None]:
    """Every test has gates of its own."""
    gates.forget()
    yield
    for gate in list(gates.gates.values()):
        gate.set()
