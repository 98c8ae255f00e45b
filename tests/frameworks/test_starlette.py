"""A real Starlette application that streams, by the ASGI bridge."""

from __future__ import annotations

import pytest

from rawwfile.adapters.asgi import AsgiApplication
from tests.frameworks import gates
from tests.frameworks.apps import starlette_app
from tests.frameworks.contract import StreamContract


class TestStarlette(StreamContract):
    application = starlette_app.application
    file = "starlette_app.py"
    adapter = "AsgiApplication"

    @pytest.fixture(autouse=True)
    def closing(self):
        """The bridge's loop ends with the test."""
        self.bridges = []
        yield
        for bridge in self.bridges:
            bridge.close()

    def live(self, serve, **options):
        live = super().live(serve, **options)
        self.bridges.append(live.application)
        return live

    def test_the_background_task_runs_after_the_stream(self, serve):
        gates.open_gate("stream")
        assert self.live(serve).fetch("/stream").body == b"onetwo"
        assert gates.count_of("background") == 1

    def test_a_sync_generator_streams_too(self, serve):
        client = self.live(serve).connect()
        client.get("/sync_stream")
        client.until(b"3\r\none\r\n")
        gates.open_gate("stream")
        client.until(b"3\r\ntwo\r\n0\r\n\r\n")

    def test_a_blocked_stream_ends_at_once_when_the_client_leaves(self, serve):
        client = self.live(serve).connect()
        client.get("/blocked")
        client.until(b"one\r\n")
        client.close()
        assert gates.count_of("blocked") == 1

    def test_content(self, serve):
        assert self.live(serve).fetch("/echo", method="POST", body=b"x" * 200_000).body == b"x" * 200_000

    def test_the_lifespan_runs_once(self, serve):
        live = self.live(serve)
        for _ in range(2):
            assert live.fetch("/left_behind").body == b"clean started"
        assert isinstance(live.application, AsgiApplication)
        live.application.close()
        assert gates.ended == {"startup": 1, "shutdown": 1}
