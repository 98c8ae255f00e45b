"""Every recorded case: the application answers as it did under CherryPy 0.10."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.cases.candidate import run_command
from tests.cases.case import Case, find_cases
from tests.cases.replay import Prepare, replay

CASES = {case.name: case for case in find_cases()}
PACKAGE = "ported_site"
Key = tuple[str, str]
SHOWN = 10


def from_source(case: Case, directory: Path) -> list[str]:
    """`rawwfile serve Root.cpy --config Root.cfg`."""
    return ["-m", "rawwfile", "serve", *case.arguments(), *case.configuration()]


def compiled(case: Case, directory: Path) -> list[str]:
    """`rawwfile compile Root.cpy`, then `python RootServer.py`."""
    run_command(["compile", *case.arguments()], directory)
    return [str(Path(case.spec["files"][0]).with_suffix("")) + "Server.py", *case.configuration()]


def ported(case: Case, directory: Path) -> list[str]:
    """`rawwfile port Root.cpy -o DIR`, then `rawwfile serve DIR`."""
    run_command(["port", *case.arguments(), "-o", PACKAGE], directory)
    return ["-m", "rawwfile", "serve", PACKAGE, *case.configuration()]


WAYS: dict[str, Prepare] = {"source": from_source, "compiled": compiled, "ported": ported}
REPLAYS = [(way, name) for name, case in CASES.items() for way in case.ways]


def is_replay(item: pytest.Item) -> TypeGuard[pytest.Function]:
    """Whether this is one of the tests below."""
    return isinstance(item, pytest.Function) and item.originalname == "test_replay"


@pytest.fixture(scope="module")
def replays(request: pytest.FixtureRequest) -> Iterator[dict[Key, Future[list[str]]]]:
    """The replays of all tests that were selected, as many at a time as there are processors."""
    wanted = [
        (str(item.callspec.params["way"]), str(item.callspec.params["name"]))
        for item in request.session.items
        if is_replay(item)
    ]
    with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        running = {(way, name): pool.submit(replay, CASES[name], WAYS[way]) for way, name in wanted}
        yield running
        for future in running.values():
            future.cancel()


@pytest.mark.parametrize(("way", "name"), REPLAYS, ids=[f"{way}-{name}" for way, name in REPLAYS])
def test_replay(replays: dict[Key, Future[list[str]]], way: str, name: str) -> None:
    found = replays[way, name].result()
    if found:
        pytest.fail(f"{name}: {CASES[name].spec['title']}\n" + "\n".join(found[:SHOWN]), pytrace=False)
