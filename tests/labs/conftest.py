"""What the tests of the labs share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def quiet() -> Iterator[None]:
    """No log: what a student's file breaks is part of the outcome."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
