"""Fixtures of the tests on real sockets; those of all tests are in tests/conftest.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rawwfile.adapters.asgi import AsgiApplication
from tests.live import Live


@pytest.fixture
def run(serve: Callable[..., Live]) -> Iterator[Callable[..., Live]]:
    """Serves an ASGI application: run(app, **settings); its loop ends with the test."""
    started: list[AsgiApplication] = []

    def start(app: Any, **options: Any) -> Live:
        started.append(AsgiApplication(app))
        return serve(started[-1], **options)

    yield start
    for application in started:
        application.close()
