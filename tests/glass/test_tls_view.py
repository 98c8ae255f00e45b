"""TLS in the inspector: the records of the cipher side, with spans and words, beside the plain side."""

from __future__ import annotations

import threading

from rawwfile import RawHTTPServer, Settings
from rawwfile.glass.inspector import Inspector
from rawwfile.glass.web.records import Records
from rawwfile.server.tls import make_context
from rawwfile.tape.model import CIPHER, ConnectionTape, Entry, Stream, Tape
from tests.glass.inspecting import Page, encoded, hello
from tests.live import PATIENCE, Authority, Pages


def test_records_have_spans_and_words(authority: Authority) -> None:
    pages, tape = Pages(), Tape()
    pages.pages["hello"] = hello
    server = RawHTTPServer(
        ("127.0.0.1", 0), pages, tls=make_context(Settings(tls_cert=authority.cert_file)), tape=tape
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with Inspector(tape, server_address=server.server_address, scheme="https") as inspector:
            page = Page(inspector.url)
            page.enter()
            asked = {"pieces": encoded(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"), "read": PATIENCE}
            answer = page.post("send", asked)
            assert answer["ended"] == "complete" and answer["connection"] == 1
            found = page.get("connection/1")
            assert found["tls"]["version"].startswith("TLSv1.") and found["tls"]["alpn"] == "http/1.1"
            records = found["tls"]["records"]
            assert records[0].keys() == {"direction", "start", "end", "type", "version", "length", "text"}
            assert records[0]["direction"] == "in" and "ClientHello" in records[0]["text"]
            assert "http/1.1" in found["tls"]["client_hello"]["alpn"] and found["tls"]["client_hello"]["whole"] is True
            assert found["tls"]["server_hello"]["cipher"] and found["tls"]["server_hello"]["text"]
            for direction in ("in", "out"):
                size = next(each["end"] for each in found["streams"]
                            if (each["direction"], each["side"]) == (direction, CIPHER))  # fmt: skip
                spans = page.get(f"spans/1/{direction}?side=cipher&to={size}")
                assert [span[0] for span in spans] == [0, *(span[1] for span in spans[:-1])] and spans[-1][1] == size
                assert {span[2] for span in spans} == {"tls-record-header", "tls-record"}
                assert [each["start"] for each in records if each["direction"] == direction] == [
                    span[0] for span in spans if span[2] == "tls-record-header"]  # fmt: skip
            cipher = page.ask("GET", "/wire/api/bytes/1/in?side=cipher").body
            assert cipher[:1] == b"\x16" and b"/hello" not in cipher
            assert b"GET /hello " in page.ask("GET", "/wire/api/bytes/1/in?side=plain").body
            assert page.get("exchange/1")["curl"].startswith("curl -v --http1.1 --insecure ")
    finally:
        server.shutdown(3.0)
        thread.join(PATIENCE)
        server.server_close()


def cipher_tape(*sizes: int) -> ConnectionTape:
    """A connection whose client has sent application data records of these sizes."""
    stream = Stream("in", CIPHER)
    for sequence, size in enumerate(sizes, 1):
        data = b"\x17\x03\x03" + size.to_bytes(2, "big") + bytes(size)
        stream.entries.append(Entry(1, sequence, "in", CIPHER, stream.end, 0.0, data))
        stream.end += len(data)
    return ConnectionTape(1, streams={("in", CIPHER): stream})


def test_only_what_is_new_is_read() -> None:
    records = Records()
    connection = cipher_tape(10, 20)
    first = records.of(connection)
    assert first is not None and len(first.client.records) == 2
    connection.streams["in", CIPHER] = cipher_tape(10, 20, 30).streams["in", CIPHER]
    again = records.of(connection)
    assert again is first and [record.length for record in again.client.records] == [10, 20, 30]


def test_without_its_beginning_a_stream_cannot_be_read() -> None:
    connection = cipher_tape(10, 20)
    connection.streams["in", CIPHER].first = 15
    assert Records().of(connection) is None and Records().trail(connection, "in") is None


def test_without_tls_there_is_nothing_to_read() -> None:
    assert Records().of(ConnectionTape(1)) is None


def test_few_readings_are_kept() -> None:
    records = Records()
    for number in range(1, 40):
        connection = cipher_tape(10)
        connection.number = number
        records.of(connection)
    assert len(records._readings) == 16
