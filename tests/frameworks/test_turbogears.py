"""The real TurboGears2 2.5: @expose(content_type=...) that returns a generator, tg.request inside of it."""

from __future__ import annotations

from importlib.metadata import version

from tests.frameworks import gates
from tests.frameworks.apps import turbogears_app
from tests.frameworks.contract import StreamContract
from tests.live import PATIENCE


class TestTurboGears(StreamContract):
    application = turbogears_app.application
    file = "turbogears_app.py"

    def test_it_is_version_2_5(self):
        assert version("TurboGears2").startswith("2.5.")

    def test_the_example_of_the_manual_with_its_str(self, serve):
        """Its pieces are str, as in the manual, which the server takes with --lenient-str."""
        client = self.live(serve, lenient_str=True).connect()
        client.get("/stream_list")
        head = client.until(b"\r\n\r\n1\r\n[\r\n")
        assert b"application/json" in head
        for number in range(1, 10):
            client.until(b"\r\n%d, \r\n" % number)
            assert gates.reached[f"number {number}"].wait(PATIENCE) and not client.buffer
            gates.open_gate(f"number {number}")
        assert client.until(b"0\r\n\r\n") == b"3\r\n10]\r\n0\r\n\r\n"

    def test_without_it_str_is_refused_with_advice(self, serve):
        live = self.live(serve)
        assert live.fetch("/stream_list").status == 500
        assert live.book.wait_for("must give bytes, not str.*--lenient-str")

    def test_the_context_is_taken_down_whatever_the_end_was(self, serve):
        """TurboGears keeps a stack of contexts for each thread; a generator that was never started would leave one."""
        live = self.live(serve, threads=2)
        gates.open_gate("stream")
        for method, path in (("HEAD", "/stream"), ("HEAD", "/endless"), ("GET", "/late"), ("GET", "/early")):
            client = live.connect()
            client.get(path, method=method)
            client.until(b"\r\n\r\n")
            client.reset()
        live.book.wait_entries(4)
        assert live.fetch("/left_behind").body == b"clean /left_behind"
        assert live.fetch("/stack_depth").body == b"1"
