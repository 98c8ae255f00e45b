"""What only TLS has: the handshake, plain HTTP and garbage on its port, certificates, records and the end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import ssl
import threading

import pytest

from rawwfile import request, response
from tests.live import PATIENCE, Client, TlsSocket

pytestmark = pytest.mark.parametrize("scheme", ["https"])


@pytest.fixture
def site(live):
    @live.page
    def hello():
        return "hello"

    @live.page
    def about():
        tls = request.tls
        return json.dumps([tls.version, tls.cipher, tls.alpn, tls.server_name, request.peerCertificate, request.base])

    return live


# -- the handshake


def test_what_was_agreed_on(site):
    with site.connect() as client:
        version, cipher, alpn, name, certificate, base = json.loads(client.fetch("/about").body)
        assert version == "TLSv1.3" and cipher == client.sock.tls.cipher()[0]
        assert (alpn, name, certificate, base) == ("http/1.1", "localhost", None, "https://a")
    context = site.authority.client_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2", "http/1.1"])
    with site.connect(context, "127.0.0.1") as client:
        version, _, alpn, name, *_ = json.loads(client.fetch("/about").body)
        assert (version, alpn, name) == ("TLSv1.2", "http/1.1", None)
    context = ssl.create_default_context(cafile=site.authority.ca_file)
    with site.connect(context) as client:
        assert json.loads(client.fetch("/about").body)[2] is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_and_other_protocols_are_refused(site):
    old = site.authority.client_context()
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        site.connect(old)
    assert site.book.wait_for(r"^#1 TLS handshake failed: .*(VERSION|PROTOCOL)")
    assert site.fetch("/hello").body == b"hello"


def test_a_client_that_does_not_believe_us(site):
    with pytest.raises(ssl.SSLCertVerificationError):
        site.connect(ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        site.connect(name="elsewhere.example")
    assert site.fetch("/hello").body == b"hello"
    assert not any(record.exc_info for record in site.book.records)


def test_unfinished_handshakes_hold_nobody_up(site):
    silent = [site.connect_plain() for _ in range(20)]
    hello = client_hello(site)
    for number, client in enumerate(silent):
        client.send(hello[: number * 10])
    assert site.fetch("/hello").body == b"hello"
    for client in silent:
        client.reset()
    assert site.fetch("/hello").body == b"hello"
    assert not site.book.messages


def client_hello(site) -> bytes:
    """The first flight of a handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = site.authority.client_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


class Dribble:
    """Sends every byte by itself."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.shutdown, self.setsockopt, self.close, self.recv = sock.shutdown, sock.setsockopt, sock.close, sock.recv

    def sendall(self, data: bytes) -> None:
        for place in range(len(data)):
            self.sock.send(data[place : place + 1])


def test_handshake_and_requests_byte_by_byte(site):
    client = site.connect_plain()
    client.sock = TlsSocket(Dribble(client.sock), site.authority.client_context(), "localhost")
    for _ in range(3):
        assert client.fetch("/hello").body == b"hello"


def test_the_first_request_comes_with_the_end_of_the_handshake(site):
    class Late(Dribble):
        """Holds the last flight of the handshake back until there is a request to go with it."""

        held = b""

        def sendall(self, data: bytes) -> None:
            if data[0] == 0x16:
                self.sock.sendall(data)
            else:
                self.held += data

    client = site.connect_plain()
    late = Late(client.sock)
    client.sock = TlsSocket(late, site.authority.client_context(), "localhost")
    client.get("/hello")
    assert late.held
    late.sock.sendall(late.held)
    assert client.response().body == b"hello"


# -- other things on its port


@pytest.mark.parametrize(
    "wire",
    [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + b"z" * 900_000],
    ids=["GET", "a large POST"],
)
def test_plain_http_gets_a_readable_400(site, wire: bytes):
    client = site.connect_plain()
    client.send_while_it_lasts(wire)
    answer = client.response()
    assert answer.status == 400 and b"https://" in answer.body and answer.get(b"Connection") == b"close"
    assert client.rest() == b"" and client.ending == "end"
    assert site.book.wait_for(r"#1 plain HTTP on the TLS port: b'(GET|POST) /")
    assert site.fetch("/hello").body == b"hello"


def test_plain_http_is_told_by_http_client_and_is_no_traceback(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.status == 400 and b"https://" in answer.read()
    connection.close()
    assert not any(record.exc_info for record in site.book.records)


GARBAGE = {
    "zeros": bytes(1000),
    "random": os.urandom(5000),
    "another record": b"\x17\x03\x03\x00\x05hello",
    "a record of garbage": b"\x16\x03\x01\x00\x05hello",
    "a record too large": b"\x16\x03\x01\xff\xff" + b"x" * 70000,
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_garbage_costs_nothing_but_its_connection(site, garbage: bytes):
    good = site.connect()
    assert good.fetch("/hello").body == b"hello"
    client = site.connect_plain()
    client.send_while_it_lasts(garbage)
    with contextlib.suppress(OSError):
        client.finish_sending()
    client.rest()
    assert good.fetch("/hello").body == b"hello" and site.fetch("/hello").body == b"hello"
    assert not any(record.exc_info for record in site.book.records)


@pytest.mark.parametrize("when", ["idle", "in a request", "in a response"])
def test_garbage_after_the_handshake(site, when: str):
    started, go = threading.Event(), threading.Event()

    @site.page
    def stream():
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        started.set()
        assert go.wait(PATIENCE)
        response.wfile.write(b"the end")

    client = site.connect()
    if when == "in a request":
        client.send(b"GET / HT")
    elif when == "in a response":
        client.get("/stream")
        assert started.wait(PATIENCE)
    else:
        assert client.fetch("/hello").body == b"hello"
    client.sock.sock.sendall(b"\x17\x03\x03\x00\x20" + os.urandom(32))
    go.set()
    if when == "in a response":
        assert client.until(b"the end")
    else:
        with pytest.raises(ssl.SSLError):
            while client.receive():
                pass
    assert site.fetch("/hello").body == b"hello"
    assert not any(record.exc_info for record in site.book.records)


# -- client certificates


@pytest.mark.parametrize("how", ["optional", "required"])
def test_client_certificates(serve, authority, how: str):
    live = serve(tls_client_cert=how, tls_client_ca=authority.ca_file)

    @live.page
    def who():
        certificate = request.peerCertificate
        return json.dumps(certificate and dict(pair for group in certificate["subject"] for pair in group))

    known = authority.client_context()
    authority.ca.issue_cert("ada@example.org", common_name="Ada").configure_cert(known)
    assert json.loads(live.connect(known).fetch("/who").body)["commonName"] == "Ada"
    if how == "optional":
        assert json.loads(live.fetch("/who").body) is None
    else:
        refused(live, authority.client_context())
    stranger = authority.client_context()
    type(authority.ca)().issue_cert("eve@example.org").configure_cert(stranger)
    refused(live, stranger)
    assert not any(record.exc_info for record in live.book.records)


def refused(live, context: ssl.SSLContext) -> None:
    """With TLS 1.3 the client hears of it only when it reads."""
    with pytest.raises((ssl.SSLError, ConnectionError)):
        client = live.connect(context)
        client.get("/who")
        assert client.receive(), client.ending
    assert live.book.wait_for("TLS handshake failed: .*CERTIFICATE")


# -- records, and the end


def test_content_in_many_small_and_in_large_records(site):
    @site.page
    def echo():
        return request.rfile.read()

    content = bytes(range(256)) * 4000
    client = site.connect()
    head = f"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    client.send(head + content)
    assert client.response().body == content
    # Many records in one packet: what has been decrypted must not wait for the socket to be readable.
    for place in range(0, 20_000, 7):
        client.sock.tls.write(content[place : place + 7])
    assert len(client.sock._outgoing.read()) > 20_000
    client.close()
    client = site.connect()
    wire = head.replace(b"1024000", b"20000") + content[:20_000] + b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" * 3
    for place in range(0, len(wire), 7):
        client.sock.tls.write(wire[place : place + 7])
    client.sock.flush()
    assert client.response().body == content[:20_000]
    assert [client.response().body for _ in range(3)] == [b"hello"] * 3


def test_the_server_says_close_notify_and_hears_it(site):
    client = site.connect()
    assert client.fetch("/hello", "Connection: close\r\n").body == b"hello"
    assert client.rest() == b"" and client.ending == "end"
    client = site.connect()
    client.send(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
    client.sock.say_end()
    assert client.response().body == b"hello"
    assert client.rest() == b"" and client.ending == "end"


def test_a_fin_without_close_notify(site):
    client = site.connect()
    assert client.fetch("/hello").body == b"hello"
    client.sock.shutdown(socket.SHUT_WR)
    with pytest.raises(ssl.SSLError):
        while client.receive():
            pass
    assert site.fetch("/hello").body == b"hello" and not site.book.messages


def test_sessions_are_resumed(site):
    context = site.authority.client_context()
    session = None
    for resumed in (False, True):
        with context.wrap_socket(
            socket.create_connection(("127.0.0.1", site.port), PATIENCE), server_hostname="localhost", session=session
        ) as sock:
            client = Client(sock)
            assert client.fetch("/hello").body == b"hello"
            assert sock.session_reused is resumed
            session = sock.session
