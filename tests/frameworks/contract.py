"""What every framework's streams keep under this server; each framework's test class inherits it.

Their applications have the same pages: stream (two pieces and a gate), endless, early and late (errors
before and after the first piece), context (two pieces from the framework's request), left_behind.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path

from rawwfile.adapters.interface import application_for
from tests.commands import CHECKOUT, running
from tests.frameworks import gates
from tests.integration.wsgi_bodies import CHUNKED_END, wait_for_error
from tests.live import PATIENCE, Client

APPS = Path(__file__).resolve().parent / "apps"


class StreamContract:
    """The tests; `application` is the framework's object, `file` where `rawwfile serve` finds it."""

    application: object
    file: str
    adapter: str = "WsgiApplication"
    log_of_errors = "ValueError"
    """Something in our log by which a late error is known."""

    def live(self, serve, **options):
        """A live server with the application, told apart as the command line does."""
        application = application_for(self.application)
        assert type(application).__name__ == self.adapter
        return serve(application, **options)

    def test_a_piece_is_at_the_client_before_the_next_is_made(self, serve):
        client = self.live(serve).connect()
        client.get("/stream")
        head = client.until(b"\r\n\r\n3\r\none\r\n")
        assert re.search(rb"(?i)\r\ncontent-type: text/plain", head)
        assert gates.reached["stream"].wait(PATIENCE) and not client.buffer
        gates.open_gate("stream")
        assert client.until(CHUNKED_END) == b"3\r\ntwo\r\n" + CHUNKED_END
        assert gates.count_of("stream") == 1

    def test_the_connection_stays_after_a_stream(self, serve):
        gates.open_gate("stream")
        live = self.live(serve)
        with live.connect() as client:
            for _ in range(3):
                assert client.fetch("/stream").body == b"onetwo"
        assert [entry.end for entry in live.book.wait_entries(3)] == ["complete"] * 3

    def test_a_client_of_http_1_0_gets_the_end_of_the_connection(self, serve):
        gates.open_gate("stream")
        client = self.live(serve).connect()
        client.send(b"GET /stream HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")
        answer = client.response()
        assert (answer.body, answer.get(b"Transfer-Encoding"), client.ending) == (b"onetwo", None, "end")

    def test_head_sends_no_content_and_ends_the_stream(self, serve):
        client = self.live(serve).connect()
        # Nobody opens the gate: who ran the stream to its end would wait for ever.
        client.send(b"HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\nHEAD /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(2):
            answer = client.response("HEAD")
            assert (answer.status, answer.get(b"Transfer-Encoding")) == (200, None)
        assert client.fetch("/left_behind").body.startswith(b"clean ")

    def test_a_client_that_leaves_ends_the_stream_once(self, serve):
        live = self.live(serve)
        client = live.connect()
        client.get("/endless")
        client.until(b"xxx")
        client.reset()
        assert live.book.wait_entries(1)[0].end == "client-gone"
        assert gates.count_of("endless") == 1

    def test_an_error_before_the_first_piece_is_a_500(self, serve):
        live = self.live(serve)
        with live.connect() as client:
            assert client.fetch("/early").status == 500

    def test_an_error_after_the_first_piece_is_a_cut(self, serve):
        live = self.live(serve)
        client = live.connect()
        client.get("/late")
        everything = client.rest()
        assert everything.startswith(b"HTTP/1.1 200 OK\r\n")
        assert everything.partition(b"\r\n\r\n")[2].startswith(b"3\r\none\r\n")
        assert not everything.endswith(CHUNKED_END) and b"Traceback" not in everything
        wait_for_error(live, self.log_of_errors)

    def test_the_request_is_there_in_the_stream(self, serve):
        live = self.live(serve)
        with live.connect() as client:
            for name in (b"me", b"you"):
                assert client.fetch(f"/context?name={name.decode()}").body == b"/context " + name

    def test_nothing_of_one_request_is_seen_by_the_next(self, serve):
        # One thread serves them all: there is no other for a leak to hide in.
        live = self.live(serve, threads=2)
        with live.connect() as client:
            for path in ("/stream", "/late", "/early", "/left_behind"):
                with live.connect() as other:
                    gates.open_gate("stream")
                    other.get(path)
                    other.until(b"\r\n\r\n")
                assert client.fetch("/left_behind").body.startswith(b"clean ")

    def test_under_rawwfile_serve(self):
        with running("serve", str(APPS / self.file), "--port", "0", cwd=CHECKOUT) as process:
            clients = [Client(socket.create_connection(process.address(), PATIENCE)) for _ in range(3)]
            try:
                streaming, leaving, other = clients
                streaming.get("/stream")
                streaming.until(b"one\r\n")
                leaving.get("/endless")
                leaving.until(b"xxx")
                leaving.reset()
                assert other.fetch("/count?name=endless").body == b"1"
                assert other.fetch("/open?name=stream").body == b"opened"
                assert streaming.until(CHUNKED_END).endswith(b"3\r\ntwo\r\n" + CHUNKED_END)
            finally:
                for client in clients:
                    client.close()
            assert process.stop() == 0
