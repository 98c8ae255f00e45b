"""json_yield under `rawwfile serve`: the end of the process, and the example of the article."""

from __future__ import annotations

import http.client
import json

import pytest

from tests.commands import CHECKOUT, PATIENCE, running

SITE = """
import pathlib
from rawwfile import stream
from rawwfile.streaming.longpoll import json_yield

def said(text):
    with open("said.txt", "a") as file:
        file.write(text + "\\n")

class Root:
    @json_yield
    def idle(self):
        try:
            yield "a"
            yield "b"
        finally:
            said("idle closed")

    @json_yield(producer="thread")
    def pumped(self):
        try:
            yield "a"
            stream.sleep(1000)
        finally:
            said("pumped closed")

root = Root()
"""


def polled(address, target):
    """The answer to one poll, text and status."""
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
    try:
        connection.request("GET", target)
        found = connection.getresponse()
        return found.status, found.read().decode("ascii")
    finally:
        connection.close()


@pytest.mark.parametrize("options", [[], ["--workers", "2"]], ids=["one process", "two workers"])
def test_a_signal_closes_every_generator_once(tmp_path, options):
    (tmp_path / "site.py").write_text(SITE)
    with running("serve", "site.py", "--port", "0", *options, cwd=tmp_path) as server:
        address = server.address()
        for name in ("idle", "pumped"):
            assert json.loads(polled(address, f"/{name}")[1])["content"] == "a"
        assert server.stop() == 0
    assert sorted((tmp_path / "said.txt").read_text().split("\n")) == ["", "idle closed", "pumped closed"]


@pytest.mark.parametrize("name", ["long_poll", "long_poll_jquery"])
def test_the_example_answers_as_the_article_says(name):
    with running("serve", f"legacy_examples/{name}.py", "--port", "0", cwd=CHECKOUT) as server:
        address = server.address()
        for number in (3, 5, 7, 11, 13):
            assert polled(address, "/prime?key=1") == (200, f'{{"state": "ready", "content": {number}}}')
        assert "script" in polled(address, "/")[1]
        if name == "long_poll":
            assert "jsonYield" in polled(address, "/client.js")[1]
        else:
            assert polled(address, "/jquery.js")[0] == 404  # it is for the user to put there
