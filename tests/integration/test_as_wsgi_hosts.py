"""Raw handlers, by as_wsgi, under wsgiref (with its validator), waitress, cheroot and gunicorn."""

from __future__ import annotations

import socket

import pytest

from tests.integration.host_processes import HOSTS, host_process
from tests.live import PATIENCE, Client

LINES = (b"First line. Sleeping 2 seconds ...\n", b"Second line. Sleeping 2 seconds ...\n", b"Third and last line")


class Hosted:
    """One host as a test sees it; its connections end with the test."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.clients: list[Client] = []

    def connect(self) -> Client:
        client = Client(socket.create_connection(("127.0.0.1", self.port), PATIENCE))
        self.clients.append(client)
        return client

    def fetch(self, path, **how):
        return self.connect().fetch(path, **how)

    def open(self, gate):
        assert self.fetch(f"/open?name={gate}").body == b"opened"


@pytest.fixture(scope="module", params=HOSTS)
def port(request):
    with host_process(request.param) as port:
        yield port


@pytest.fixture
def host(port):
    hosted = Hosted(port)
    yield hosted
    for client in hosted.clients:
        client.close()


def shows(client, text):
    """Read until `text` is there, whatever the framing around it."""
    while text not in client.buffer:
        assert client.receive(), f"{client.ending} after {client.buffer[-300:]!r}, {text!r} wanted"


def test_howto_20_arrives_line_by_line(host):
    client = host.connect()
    client.get("/howto20/")
    for number, line in enumerate(LINES):
        shows(client, line)
        if number < 2:
            # The next one is written only after this.
            assert LINES[number + 1] not in client.buffer
            host.open(f"line{number + 1}")
    answer = client.response()
    assert answer.line.split(b" ", 1)[1] == b"200 OK"
    assert (answer.get(b"Content-Type"), answer.body) == (b"text/plain", b"".join(LINES))


def test_chunks_by_hand_are_framed_by_the_host(host):
    client = host.connect()
    client.get("/chunked")
    shows(client, b"one")
    assert b"two" not in client.buffer
    host.open("chunked")
    assert client.response().body == b"onetwo"


def test_a_generator_arrives_piece_by_piece(host):
    client = host.connect()
    client.get("/pieces")
    shows(client, b"one")
    assert b"two" not in client.buffer
    host.open("pieces")
    answer = client.response()
    assert (answer.body, answer.get(b"Content-Type")) == (b"onetwo", b"text/plain")


@pytest.mark.parametrize("page", ["endless", "endless_by_hand"])
def test_a_client_that_leaves_ends_the_handler(host, page):
    client = host.connect()
    client.get(f"/{page}")
    shows(client, b"xxx")
    client.reset()
    assert host.fetch(f"/ended?name={page}").body == b"yes"


@pytest.mark.parametrize("page", ["short", "excess", "no_http", "nothing", "halfway"])
def test_what_wsgi_has_no_words_for_is_no_ordinary_answer(host, page):
    client = host.connect()
    client.get(f"/mistakes/{page}")
    head = client.until(b"\r\n\r\n")
    status = int(head.split()[1])
    if status == 500:
        shows(client, b"cannot be handed to the WSGI host")
        return
    # Some of the content had gone out: the host cut the connection, short of the length it had stated.
    assert page in ("short", "halfway") and b"ontent-Length: 10\r\n" in head
    assert client.rest() == b"five\n"


def test_an_error_in_a_stream_is_a_cut(host):
    client = host.connect()
    client.get("/broken")
    everything = client.rest()
    assert b"one" in everything and not everything.endswith(b"0\r\n\r\n")


def test_content_goes_to_the_handler(host):
    assert host.fetch("/echo", method="POST", body=b"x" * 100_000).body == b"x" * 100_000
    assert host.fetch("/mistakes/forgot").body == b"ten bytes\n"
    assert host.fetch("/mistakes/head_body", method="HEAD").status == 200
