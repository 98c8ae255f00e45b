"""The real CherryPy 18: cherrypy.tree as a WSGI application, streams as its manual has them."""

from __future__ import annotations

import re
from importlib.metadata import version

from tests.frameworks import gates
from tests.frameworks.apps import cherrypy_app
from tests.frameworks.contract import StreamContract
from tests.live import PATIENCE


class TestCherryPy(StreamContract):
    application = cherrypy_app.application
    file = "cherrypy_app.py"

    def test_it_is_version_18(self):
        assert version("cherrypy").startswith("18.")

    def test_the_example_of_the_manual(self, serve):
        live = self.live(serve)
        with live.connect() as client:
            client.get("/thing")
            head = client.until(b"\r\n\r\n7\r\nHello, \r\n")
            assert re.search(rb"\r\nContent-Type: text/plain", head)
            assert gates.reached["stream"].wait(PATIENCE)
            gates.open_gate("stream")
            client.until(b"5\r\nworld\r\n0\r\n\r\n")
            answer = client.fetch("/thing?authorized=no")
            assert answer.status == 404
            assert client.fetch("/thing").body == b"Hello, world"

    def test_without_the_flag_a_generator_is_collected(self, serve):
        answer = self.live(serve).fetch("/buffered")
        assert (answer.body, answer.get(b"Content-Length")) == (b"onetwo", b"6")

    def test_the_end_of_the_request_comes_after_the_stream_and_once(self, serve):
        live = self.live(serve)
        client = live.connect()
        client.get("/endless")
        client.until(b"xxx")
        assert gates.ended["endless's request"] == 0
        client.reset()
        assert gates.count_of("endless's request") == 1
        live.book.wait_entries(1)
        assert gates.ended == {"endless": 1, "endless's request": 1}

    def test_the_request_is_gone_after_it(self, serve):
        gates.open_gate("stream")
        live = self.live(serve, threads=2)
        with live.connect() as client:
            assert client.fetch("/stream").body == b"onetwo"
            # What CherryPy keeps for the thread is a new request's, not the one before.
            assert client.fetch("/left_behind").body == b"clean /left_behind"


def test_an_error_before_the_first_piece_is_the_frameworks_page(serve):
    """CherryPy calls start_response again, with exc_info: nothing has gone out, so its page takes the place."""
    live = TestCherryPy().live(serve)
    assert b"Powered by" in live.fetch("/thing?authorized=no").body
    answer = live.fetch("/early")
    assert (answer.status, answer.body) == (500, b"Unrecoverable error in the server.\n")
