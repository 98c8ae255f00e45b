"""Both sides of the cipher are on the tape, with what the handshake agreed on."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rawwfile import RawHTTPServer, Settings, response
from rawwfile.server.handshakes import certificates_in
from rawwfile.server.tls import make_context
from rawwfile.tape.model import Tape
from tests.live import Authority
from tests.taped import Taped, check, kinds, tiles


@pytest.fixture
def taped(authority: Authority) -> Iterator[Taped]:
    taped = Taped("https", authority)

    @taped.page
    def hello() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        response.wfile.write(b"hello")

    yield taped
    taped.stop()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_sides_and_the_handshake(taped: Taped, authority: Authority, version: ssl.TLSVersion) -> None:
    context = authority.client_context()
    context.minimum_version = context.maximum_version = version
    with taped.connect(context) as client:
        client.get("/hello", "Connection: close\r\n")
        seen = client.rest()

    connection = taped.closed()
    check(connection)
    assert connection.scheme == "https"
    assert connection.stream("out").read() == seen
    assert connection.tls is not None
    facts = connection.tls
    assert facts["version"] == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[version]
    assert (facts["alpn"], facts["server_name"], facts["resumed"]) == ("http/1.1", "localhost", False)
    assert facts["cipher"]
    [certificate] = facts["chain"]
    assert ("DNS", "localhost") in certificate["subjectAltName"]
    pem = ssl.DER_cert_to_PEM_cert(base64.b64decode(certificate["der"]))
    assert pem in Path(authority.cert_file).read_text()
    messages = [event.text.partition(",")[0] for event in connection.events if event.kind == "tls-message"]
    assert messages[0] == "client: ClientHello"
    assert {"server: ServerHello", "server: Certificate", "server: Finished", "client: Finished"} <= set(messages)
    assert kinds(connection).index("tls-message") < kinds(connection).index("tls-done")
    assert {"tls-established", "tls-server-name", "tls-alpn"} <= {note.id for note in connection.notes}
    assert [entry.by for entry in connection.stream("out").entries] == ["test_tap_tls.py:28", "test_tap_tls.py:29"]


def test_the_cipher_side_is_made_of_records(taped: Taped) -> None:
    taped.fetch("/hello")
    connection = taped.closed()
    for direction in ("in", "out"):
        stream = connection.stream(direction, "cipher")
        spans = tiles(stream)
        assert [kind for _, kind in spans] == ["tls-record-header", "tls-record"] * (len(spans) // 2)
        for (header, _), (record, _) in zip(spans[::2], spans[1::2], strict=True):
            assert header[0] in (20, 21, 22, 23)
            assert int.from_bytes(header[3:], "big") == len(record)
        assert b"hello" not in stream.read()


def test_a_client_that_speaks_no_tls(taped: Taped) -> None:
    with taped.live.connect_plain() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        seen = client.rest()

    connection = taped.closed()
    assert connection.tls is None
    assert connection.stream("in", "cipher").read() == b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    assert connection.stream("out", "cipher").read() == seen
    assert connection.stream("in").read() == b""
    assert connection.exchanges == []
    assert "tls-failed" in kinds(connection)
    assert connection.why == "the TLS handshake failed"
    assert [note.id for note in connection.notes] == ["plain-on-tls-port"]


def test_a_client_that_does_not_believe_us(taped: Taped) -> None:
    with taped.live.connect_plain() as client:
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(client.sock, server_hostname="localhost")  # type: ignore[arg-type]

    connection = taped.closed()
    assert "tls-failed" in kinds(connection)
    assert "tls-handshake-failed" in [note.id for note in connection.notes]


def test_each_certificate_of_several_is_heard(authority: Authority, tmp_path: Path) -> None:
    authority.ca.issue_cert("other.test").private_key_and_cert_chain_pem.write_to_path(tmp_path / "other.pem")
    context: Any = make_context(Settings(tls_cert=[authority.cert_file, f"other.test={tmp_path / 'other.pem'}"]))
    RawHTTPServer(("127.0.0.1", 0), lambda environ, start: [b""], tls=context, tape=Tape()).server_close()
    assert len(context.rawwfile_contexts) == 2
    assert all(each._msg_callback is not None for each in context.rawwfile_contexts)


@pytest.mark.parametrize("message", [b"", b"\x0b\0\0\0", b"\x0b\0\0\x05\0\0\0\x02\0", b"\x0b\0\0\x04\xff\xff\xff\xff"])
def test_a_certificate_message_that_is_none_has_no_certificates(message: bytes) -> None:
    assert certificates_in(message) == []
