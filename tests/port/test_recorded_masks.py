"""The masks recorded from CherryPy 0.10, as masks of a ported package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.port.kit import in_request, loaded, ported

RECORDED = json.loads((Path(__file__).parents[1] / "cpy" / "template_pages.json").read_text("utf-8"))


def application(group: dict[str, Any]) -> dict[str, str]:
    """Return one class with all masks of a group, named m0, m1, ..."""
    comma = ", " if group["arguments"] else ""
    rows = ["CherryClass Root:", "mask:"]
    for number, pair in enumerate(group["pages"]):
        rows.append(f"    def m{number}(self{comma}{group['arguments']}):")
        rows += [" " * 8 + row for row in pair["mask"].split("\n")]
    return {"Root.cpy": "\n".join(rows) + "\n", **group["templates"]}


@pytest.mark.parametrize("group", RECORDED["groups"])
def test_the_pages_are_those_of_the_original(tmp_path: Path, group: dict[str, Any]) -> None:
    site = loaded(tmp_path, ported(tmp_path, application(group)))
    root = site.targets["root"].instance
    with in_request():
        for number, pair in enumerate(group["pages"]):
            assert getattr(root, f"m{number}")() == pair["page"], pair["mask"]
