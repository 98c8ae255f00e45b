"""What the tests run under other WSGI hosts: HowTo 20 as it stands, and handlers that wait to be told.

A gate is opened by a second request (/open?name), so that nothing depends on time.
"""

from __future__ import annotations

import importlib.util
import threading
import types
from collections import defaultdict
from pathlib import Path

from rawwfile import expose, request, response
from rawwfile.adapters.as_wsgi import as_wsgi

PATIENCE = 20
EXAMPLES = Path(__file__).resolve().parents[2] / "legacy_examples"
gates: defaultdict[str, threading.Event] = defaultdict(threading.Event)
ends: defaultdict[str, threading.Event] = defaultdict(threading.Event)


def pass_gate(name: str) -> None:
    assert gates[name].wait(PATIENCE), f"nobody opened {name}"


def example(name):
    """A module of legacy_examples, loaded from its file."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Root:
    """Every handler that the tests ask for."""

    howto20 = None
    mistakes = example("mistakes").root

    @expose
    def open(self, name):
        gates[name].set()
        return "opened"

    @expose
    def ended(self, name):
        """Answers when the handler of this name has ended."""
        return "yes" if ends[name].wait(PATIENCE) else "no"

    @expose
    def chunked(self):
        """Chunks by hand."""
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
        response.wfile.write("3\r\none\r\n")
        pass_gate("chunked")
        response.wfile.write("3\r\ntwo\r\n0\r\n\r\n")

    @expose(stream=True, content_type="text/plain")
    def pieces(self):
        """A generator."""
        yield "one"
        pass_gate("pieces")
        yield "two"

    @expose(stream=True, content_type="text/plain")
    def endless(self):
        """Ends when the client leaves."""
        try:
            while True:
                yield "x" * 1000
        finally:
            ends["endless"].set()

    @expose
    def endless_by_hand(self):
        """Ends when a write fails."""
        response.sendResponse = 0
        try:
            response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
            while True:
                response.wfile.write(b"x" * 1000)
        finally:
            ends["endless_by_hand"].set()

    @expose(stream=True, content_type="text/plain")
    def broken(self):
        """Fails after its first piece."""
        yield "one"
        raise ValueError("broken on purpose")

    @expose
    def echo(self):
        """What was sent."""
        return request.rfile.read()


class GatedTime:
    """Stands for the module `time`: a sleep waits for its gate."""

    def __init__(self) -> None:
        self.count = 0

    def sleep(self, _seconds: float) -> None:
        self.count += 1
        pass_gate(f"line{self.count}")


howto20 = example("howto20")
howto20.time = types.SimpleNamespace(sleep=GatedTime().sleep)
Root.howto20 = howto20.root
application = as_wsgi(Root())
