"""Notes on what really crossed the socket of a taped server: the right note on the right bytes of the connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rawwfile import request, response
from rawwfile.tape.model import ConnectionTape
from tests.taped import Taped

Found = list[tuple[str, bytes]]


@pytest.fixture
def taped() -> Iterator[Taped]:
    server = Taped()

    @server.page
    def hello():
        return "hello"

    @server.page
    def short():
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")

    @server.page
    def read():
        return f"{len(request.rfile.read())}"

    yield server
    server.stop()


def found(connection: ConnectionTape, number: int = 1) -> Found:
    """Id and bytes of each note of an exchange; every one lies within its exchange."""
    exchange = connection.exchanges[number - 1]
    notes = []
    for note in exchange.notes:
        start, end = exchange.request if note.direction == "in" else exchange.response
        assert start <= note.start <= note.end <= end, note
        notes.append((note.id, connection.stream(note.direction).read(note.start, note.end)))
    return notes


def talk(taped: Taped, data: bytes) -> ConnectionTape:
    """Send these bytes, read to the end, and return the connection once it is closed."""
    with taped.connect() as client:
        client.send(data)
        client.rest()
    return taped.closed()


def test_an_exchange_without_a_fault_has_good_notes_only(taped):
    first = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    connection = talk(taped, first + first.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    assert [id for id, _ in found(connection)] == ["complete", "kept"]
    whole = connection.stream("out").read(*connection.exchanges[0].response)
    assert dict(found(connection))["complete"] == whole
    assert [id for id, _ in found(connection, 2)] == ["client-closes", "complete", "response-closes"]
    assert dict(found(connection, 2))["client-closes"] == b"Connection: close"


@pytest.mark.parametrize(("request_bytes", "id", "covered"), [
    (b"GET / HTTP/1.1\nHost: a\r\n\r\n", "request-bare-lf", b"\n"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "hosts-repeated", b"Host: b"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", "request-space-before-colon", b"X : b"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n", "expectation-unknown", b"Expect: more"),
    (b"GET /\r\n\r\n", "request-line-version", b"GET /"),
    (b"\x16\x03\x01\x00\xa5\x01\x00", "tls-on-plain-port", b"\x16"),
    (b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", "request-length-not-digits",
     b"Content-Length: 5, 5"),
])  # fmt: skip
def test_a_refused_request_has_its_note_on_the_fault(taped, request_bytes, id, covered):
    connection = talk(taped, request_bytes)

    assert (id, covered) in found(connection)


def test_a_fault_in_the_content_is_noted_behind_the_first_exchange(taped):
    first = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    connection = talk(
        taped, first + b"POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n")

    assert ("request-chunk-end", b"l") in found(connection, 2)


def test_what_a_handler_wrote_is_noted_at_its_place_in_the_connection(taped):
    connection = talk(taped, b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /short HTTP/1.1\r\nHost: a\r\n\r\n")

    notes = {note.id: note for note in connection.exchanges[1].notes}
    end = connection.stream("out").end
    assert (notes["content-short"].start, notes["content-short"].end) == (end, end)
    assert notes["content-short"].message == "4 bytes less than its Content-Length of 9"
    assert "kept" not in notes


def test_content_that_came_whole_is_good(taped):
    connection = talk(
        taped, b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")

    assert ("request-complete", b"hello") in found(connection)


def test_100_is_noted_on_its_bytes(taped):
    with taped.connect() as client:
        client.send(b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"
                    b"Connection: close\r\n\r\n")  # fmt: skip
        client.receive()
        client.send(b"hello")
        client.rest()

    assert ("continue-sent", b"HTTP/1.1 100 Continue\r\n\r\n") in found(taped.closed())
