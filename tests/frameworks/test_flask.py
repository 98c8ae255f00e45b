"""The real Flask 3.1: Response(generate()), templates with enable_buffering(5), stream_with_context."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.frameworks import gates
from tests.frameworks.apps import flask_app
from tests.frameworks.contract import StreamContract
from tests.integration.wsgi_bodies import CHUNKED_END
from tests.live import PATIENCE

ROWS = "<ul>\n" + "".join(f"<li>{number}\n" for number in range(12)) + "</ul>"


class TestFlask(StreamContract):
    application = flask_app.application
    file = "flask_app.py"

    def test_it_is_version_3_1(self):
        assert version("flask").startswith("3.1.")

    def test_the_csv_of_the_manual(self, serve):
        client = self.live(serve).connect()
        client.get("/large.csv")
        assert b"text/csv" in client.until(b"\r\n\r\n4\r\n1,a\n\r\n")
        assert gates.reached["row 1"].wait(PATIENCE) and not client.buffer
        gates.open_gate("row 1")
        client.until(b"2,b\n\r\n")
        gates.open_gate("row 2")
        assert client.until(CHUNKED_END) == CHUNKED_END

    @pytest.mark.parametrize("page", ["/template", "/stream_template"])
    def test_a_template_in_pieces(self, serve, page):
        """Five items at a time, as enable_buffering(5) decides: what was made is out before the next row."""
        client = self.live(serve).connect()
        client.get(page)
        head = client.until(b"\r\n\r\n")
        assert b"Transfer-Encoding: chunked" in head
        for number in (4, 9):
            assert gates.reached[f"row {number}"].wait(PATIENCE)
            gates.open_gate(f"row {number}")
        chunks = []
        while (line := client.until(b"\r\n")) != b"0\r\n":
            chunks.append(client.take(int(line, 16) + 2)[:-2])
        assert b"".join(chunks).decode() == ROWS
        assert len(chunks) > 3 if page == "/template" else len(chunks) >= 1

    def test_stream_with_context_keeps_the_request_and_takes_it_down(self, serve):
        live = self.live(serve, threads=2)
        with live.connect() as client:
            assert client.fetch("/context?name=me").body == b"/context me"
        live.book.wait_entries(1)
        assert gates.ended["context"] == 1 and gates.ended["no context"] == 0

    def test_closing_hooks_run_once_when_the_client_leaves(self, serve):
        live = self.live(serve)
        client = live.connect()
        client.get("/endless")
        client.until(b"xxx")
        client.reset()
        live.book.wait_entries(1)
        assert gates.ended["endless"] == gates.ended["close of endless"] == gates.ended["teardown of /endless"] == 1

    def test_abort_is_a_page(self, serve):
        with self.live(serve).connect() as client:
            assert client.fetch("/forbidden").status == 403
            gates.open_gate("stream")
            assert client.fetch("/stream").body == b"onetwo"
