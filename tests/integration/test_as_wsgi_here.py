"""as_wsgi under this server: what a host with all the extras makes possible; and other kinds of target."""

from __future__ import annotations

import threading

import pytest

from rawwfile import WsgiApplication, expose, request, response
from rawwfile.adapters.as_wsgi import as_wsgi
from rawwfile.exchange.context import current_exchange
from tests.live import PATIENCE


class Root:
    def __init__(self):
        self.gone = threading.Event()
        self.gate = threading.Event()

    @expose
    def by_hand(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: ")
        response.wfile.write("chunked\r\nContent-Type: text/plain\r\n\r\n3\r\none\r\n")
        assert self.gate.wait(PATIENCE)
        response.wfile.write("3\r\ntwo\r\n0\r\nX-Sum: 6\r\n\r\n")

    @expose
    def blocked(self):
        inner = current_exchange.get()
        inner.on_disconnect(self.gone.set)
        self.gate.set()
        assert self.gone.wait(PATIENCE)
        return f"{inner.client_gone()}"

    @expose(stream=True)
    def whose(self):
        """The inner request is the one that handlers see."""
        yield request.path_info
        yield str(request.wsgi_environ["PATH_INFO"])


@pytest.fixture
def root():
    return Root()


def test_hints_pieces_and_trailers_pass_through(serve, root):
    client = serve(WsgiApplication(as_wsgi(root))).connect()
    client.get("/by_hand", "TE: trailers\r\n")
    hints = client.response()
    assert (hints.status, hints.get(b"Link")) == (103, b"</a>")
    client.until(b"\r\n\r\n3\r\none\r\n")
    root.gate.set()
    assert client.until(b"\r\n\r\n") == b"3\r\ntwo\r\n0\r\nX-Sum: 6\r\n\r\n"
    assert client.fetch("/whose").body == b"/whose/whose"


def test_a_blocked_handler_hears_of_a_client_that_left(serve, root):
    client = serve(WsgiApplication(as_wsgi(root))).connect()
    client.get("/blocked")
    assert root.gate.wait(PATIENCE)
    client.reset()
    assert root.gone.wait(PATIENCE)


def test_an_asgi_application_is_a_target_too(serve):
    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"%d" % number, "more_body": number < 2})

    offered = as_wsgi(app)
    try:
        answer = serve(WsgiApplication(offered)).fetch()
        assert (answer.body, answer.get(b"Content-Type")) == (b"012", b"text/plain")
    finally:
        offered.application.close()
