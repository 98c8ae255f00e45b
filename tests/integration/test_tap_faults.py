"""What is wrong with a recording costs the recording: no response, and no memory."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rawwfile import response
from rawwfile.http import span_reader
from rawwfile.server import taped as taped_classes
from rawwfile.tape.model import TapeLimits
from rawwfile.tape.wirefile import write_wire
from rawwfile.tape.wirereader import read_wire
from tests.live import Authority
from tests.taped import Taped, kinds


@pytest.fixture
def tape(scheme: str, authority: Authority) -> Iterator[Callable[..., Taped]]:
    """Starts servers with a tape; they end with the test."""
    started: list[Taped] = []

    def start(limits: TapeLimits | None = None) -> Taped:
        started.append(Taped(scheme, authority, limits=limits))
        started[-1].page(hello)
        return started[-1]

    yield start
    for taped in started:
        taped.stop()


def hello() -> str:
    return "hello"


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (taped_classes, "why_idle"),
        (taped_classes, "why_close"),
        (taped_classes, "_what_came"),
        (span_reader, "mark_fields"),
        (span_reader, "mark_request_line"),
    ],
)
def test_a_fault_costs_no_response(
    tape: Callable[..., Taped], monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    taped = tape()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(module, name, fail)
    for _ in range(2):
        with taped.connect() as client:
            assert client.fetch("/hello").body == b"hello"
            client.get("/hello", "Connection: close\r\n")
            assert client.rest().endswith(b"hello")
        with taped.connect() as client:
            client.send(b"BAD\r\n\r\n")
            assert client.rest().startswith(b"HTTP/1.1 400 ")


class Rude(Exception):
    """A handler's own exception, whose text is its own failure."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "told"),
    [(Rude(), "raised Rude: <exception str() failed>"), (ValueError("\ud800"), "raised ValueError: \\ud800")],
    ids=["fails", "surrogate"],
)
def test_an_exception_whose_text_is_none_is_recorded(
    tape: Callable[..., Taped], error: Exception, told: str
) -> None:
    taped = tape()

    @taped.page
    def failing() -> None:
        raise error

    assert taped.fetch("/failing").status == 500
    connection = taped.closed(1)
    assert [event.text for event in connection.events if event.kind == "handler-end"] == [told]
    assert taped.fetch("/hello").body == b"hello"
    assert len(taped.closed(2).exchanges) == 1
    file = io.StringIO()
    write_wire(taped.tape, file)
    read = read_wire(io.BytesIO(file.getvalue().encode()))
    assert [event.text for event in read.connections[1].events if event.kind == "handler-end"] == [told]


def test_bytes_that_the_tape_forgot_do_not_wait_for_the_garbage_collector(tape: Callable[..., Taped]) -> None:
    taped = tape(TapeLimits(connections=1))
    mark = bytes(bytearray(b"forget me"))

    @taped.page
    def large() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        response.wfile.write(mark)

    taped.fetch("/large")
    entry = taped.closed(1).stream("out").entries[-1]
    assert entry.data == mark
    gc.disable()
    try:
        taped.fetch("/hello")
        taped.closed(2)
        assert list(taped.tape.connections) == [2]
        taped.forget()
        # This name, and the argument of the function that is called.
        assert [found for found in gc.get_referrers(entry) if isinstance(found, list)] == []
    finally:
        gc.enable()


def test_a_client_that_closes_has_closed(tape: Callable[..., Taped]) -> None:
    taped = tape()
    with taped.connect() as client:
        assert client.fetch("/hello").body == b"hello"
        client.finish_sending()
        client.rest()

    connection = taped.closed()
    assert connection.closed_by == "client"
    assert "client-ended" in kinds(connection)
