"""Fixtures of all tests: certificates, and live servers on plain TCP and on TLS."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.live import Authority, Live

# That a machine stands still for a second says nothing of what is tested.
settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority, and a certificate for localhost, ::1 and 127.0.0.1."""
    trustme = pytest.importorskip("trustme")
    directory = tmp_path_factory.mktemp("certificates")
    ca = trustme.CA()
    issued = ca.issue_cert("localhost", "127.0.0.1", "::1")
    ca.cert_pem.write_to_path(directory / "ca.pem")
    issued.private_key_and_cert_chain_pem.write_to_path(directory / "server.pem")
    return Authority(str(directory / "server.pem"), str(directory / "ca.pem"), ca)


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a server runs on plain TCP and on TLS."""
    return str(request.param)


@pytest.fixture
def serve(scheme: str, authority: Authority) -> Iterator[Callable[..., Live]]:
    """Starts servers: serve(application=None, address=..., **settings); they end with the test."""
    started: list[Live] = []

    def start(application: Any = None, *, address: Any = ("127.0.0.1", 0), **options: Any) -> Live:
        live = Live(scheme, authority, options, application, address)
        started.append(live.start())
        return live

    yield start
    for live in started:
        live.stop()


@pytest.fixture
def live(serve: Callable[..., Live]) -> Live:
    """A server with default settings and no pages yet."""
    return serve()


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A command that ran in this process has sent the log elsewhere, for the tests after it too."""
    loggers = [logging.getLogger(name) for name in ("rawwfile", "rawwfile.access")]
    before = [(logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)
