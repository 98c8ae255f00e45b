"""A visitor's session is free while one of his pages is being streamed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.cherrypy.served import serve

ROOT = """\
CherryClass Root:
view:
    def index(self):
        request.sessionMap['count'] = request.sessionMap.get('count', 0) + 1
        return str(request.sessionMap['count'])
    def stream(self):
        response.sendResponse = 0
        response.wfile.write('HTTP/1.1 200 OK\\r\\nContent-Length: 8\\r\\n\\r\\n')
        response.wfile.write('one ' + meanwhile())
        return ''
"""


@pytest.mark.parametrize("storage", ["ram", "file", "cookie"])
def test_no_lock_of_a_session_is_held_while_its_page_is_streamed(tmp_path: Path, storage: str) -> None:
    (tmp_path / "kept").mkdir()
    options = {"file": f"storageFileDir={tmp_path / 'kept'}\n", "cookie": ""}.get(storage, "")
    config = f"[server]\nthreading=1\nsiteKey=k\n[session]\nstorageType={storage}\n{options}"
    site = serve(tmp_path, ROOT, config=config)
    first = site.get("/")
    cookies = "Cookie: " + "; ".join(value.partition(";")[0] for value in first.all("set-cookie"))
    pages: list[str] = []

    def meanwhile() -> str:
        other = threading.Thread(target=lambda: pages.append(site.get("/", cookies).text))
        other.start()
        other.join(30)
        return "two " if pages == ["2"] else "???"

    site.site.namespace["meanwhile"] = meanwhile
    assert first.text == "1"
    assert site.get("/stream", cookies).text == "one two "
