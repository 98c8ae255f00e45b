"""What one application leaves behind must not be seen by the next test."""

from __future__ import annotations

import linecache
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _source_lines_are_forgotten() -> Iterator[None]:
    """Every application here is a Root.cpy; a compiled one keeps the lines of its source for tracebacks."""
    linecache.clearcache()
    yield
    linecache.clearcache()
