"""Holes of 0.10 that must not come back (spec 21.1): those that only a server with sockets can show."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cherrypy.test_serving import PATIENCE, Site
from tests.cherrypy.test_serving import site as serving

VISITS = """
CherryClass Root:
view:
    def index(self, name=''):
        session = request.sessionMap
        session.setdefault('name', name)
        session['visits'] = session.get('visits', 0) + 1
        response.headerMap['x-name'] = name
        return '%s %s %s' % (session['name'], name, session['visits'])
    def upload(self, name, file):
        return '%s %s %s' % (name, request.filenameMap['file'], len(file))
    def fail(self, name):
        raise ValueError(name)
    def raw(self, name):
        response.wfile.write('HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n' + name)
        response.sendResponse = 0
        return ''
"""


def connect(running: Site) -> tuple[str, int]:
    """The address of a server."""
    parts = urlsplit(running.url)
    assert parts.hostname and parts.port
    return parts.hostname, parts.port


def test_h18_silent_clients_stop_nobody(tmp_path: Path) -> None:
    config = "[session]\nstorageType=ram\n"
    with serving(tmp_path, "--port", "0", config=config, source=VISITS) as running, ExitStack() as silent:
        begun = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\na="
        for said in (b"", b"GET / HT", b"GET / HTTP/1.1\nHost", begun):
            client = silent.enter_context(socket.create_connection(connect(running), PATIENCE))
            client.sendall(said)
        assert running.get("?name=anna") == "anna anna 1"


def visit(address: tuple[str, int], name: str, wrong: list[object]) -> None:
    """Ask for all sorts of pages as one visitor; what is somebody else's goes to `wrong`."""
    head = f'Content-Disposition: form-data; name="file"; filename="{name}.txt"'
    form = f"--B\r\n{head}\r\n\r\n{name * 9000}\r\n--B--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=B"}
    cookie: dict[str, str] = {}
    for count in range(1, 9):
        connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
        pages = [
            ("GET", f"/?name={name}", None, cookie, f"{name} {name} {count}"),
            ("POST", f"/upload?name={name}", form, kind, f"{name} {name}.txt {len(name) * 9000}"),
            ("GET", f"/fail?name={name}", None, {}, f"ValueError: {name}\n"),
            ("GET", f"/raw?name={name}", None, {}, name),
        ]
        for method, path, body, headers, expected in pages:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("latin-1")
            if text != expected or answer.headers.get("x-name", name) != name:
                wrong.append((path, text))
            if path.startswith("/?"):
                cookie = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
        connection.close()
        with socket.create_connection(address, PATIENCE) as left:
            left.sendall(b"POST /upload?name=lost HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n--B")


@pytest.mark.parametrize("model", ["", "threading=1", "threadPool=4"])
def test_h04_visitors_at_the_same_time_see_their_own_pages(tmp_path: Path, model: str) -> None:
    config = f"[server]\nprotocolVersion=HTTP/1.1\n{model}\n[session]\nstorageType=ram\n"
    wrong: list[object] = []
    with serving(tmp_path, "--port", "0", config=config, source=VISITS) as running:
        names = ["anna", "bert", "clara"]
        visitors = [threading.Thread(target=visit, args=(connect(running), name, wrong)) for name in names]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
        assert not wrong
        assert running.end(signal.SIGTERM) == 0
        assert not [line for line in running.out if re.search(r"\b(Traceback|Error)\b", line)]
