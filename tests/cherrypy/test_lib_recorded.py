"""Pages of the standard modules are those that CherryPy 0.10 gave, byte for byte.

lib_recorded.json holds what 0.10 answered under Python 2.7 to requests for the applications in
lib_apps/; long pages by their SHA-256, a page that does not exist as LookupError.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cherrypy.lib_kit import App

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "lib_recorded.json").read_text())


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_pages_are_the_recorded_ones(name, tmp_path):
    app = App(tmp_path, (HERE / "lib_apps" / f"{name}.cpy").read_text(encoding="latin-1"))
    wrong = []
    for row in RECORDED[name]:
        page = app.get(row["target"], headers=row.get("headers"))
        status = int(str(page.headers["status"])[:3])
        if (row["status"], row["body"]) != (status, shortened(page, row["body"])):
            wrong.append((row["target"], row["body"], page))
    assert wrong == []
    assert len(RECORDED[name]) > 1


def shortened(page, expected):
    """Return the page's text in the form in which it was recorded."""
    if expected.startswith("sha256:"):
        return "sha256:" + hashlib.sha256(page.body.encode("latin-1")).hexdigest()
    if expected == "LookupError":
        return page.error.partition(":")[0]
    return page.body if expected.endswith("\n") else page.body.removesuffix("\n")
