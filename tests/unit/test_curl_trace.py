"""Traces in curl's format."""

from __future__ import annotations

from rawwfile.tape.curl_trace import ascii_rows, curl_trace, hex_rows
from rawwfile.tape.model import IN, OUT
from rawwfile.tape.reading import tape_of

GET = b"GET / HTTP/1.1\r\nHost: localhost:8000\r\n\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_a_trace_as_curl_writes_it() -> None:
    # What curl 7.88.1 writes with --trace for the same bytes, its texts about the connection aside.
    tape = tape_of([(0.0, IN, GET), (0.1, OUT, HELLO)])
    found = [line for line in curl_trace(tape, times=False) if not line.startswith("== Info")]
    assert "".join(found) == (
        "=> Send header, 40 bytes (0x28)\n"
        "0000: 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a GET / HTTP/1.1..\n"
        "0010: 48 6f 73 74 3a 20 6c 6f 63 61 6c 68 6f 73 74 3a Host: localhost:\n"
        "0020: 38 30 30 30 0d 0a 0d 0a                         8000....\n"
        "<= Recv header, 17 bytes (0x11)\n"
        "0000: 48 54 54 50 2f 31 2e 31 20 32 30 30 20 4f 4b 0d HTTP/1.1 200 OK.\n"
        "0010: 0a                                              .\n"
        "<= Recv header, 19 bytes (0x13)\n"
        "0000: 43 6f 6e 74 65 6e 74 2d 4c 65 6e 67 74 68 3a 20 Content-Length: \n"
        "0010: 35 0d 0a                                        5..\n"
        "<= Recv header, 2 bytes (0x2)\n"
        "0000: 0d 0a                                           ..\n"
        "<= Recv data, 5 bytes (0x5)\n"
        "0000: 68 65 6c 6c 6f                                  hello\n"
    )


def test_a_trace_in_ascii_with_times() -> None:
    tape = tape_of([(0.0, IN, GET), (0.25, OUT, HELLO)], started=1_700_000_000.0)
    connection = tape.connections[1]
    connection.local, connection.closed = "127.0.0.1:8000", 0.5
    assert "".join(curl_trace(tape, ascii=True)) == (
        "22:13:20.000000 == Info:   Trying 127.0.0.1:8000...\n"
        "22:13:20.000000 == Info: Connected to 127.0.0.1 (127.0.0.1) port 8000 (#0)\n"
        "22:13:20.000000 => Send header, 40 bytes (0x28)\n"
        "0000: GET / HTTP/1.1\n"
        "0010: Host: localhost:8000\n"
        "0026: \n"
        "22:13:20.250000 <= Recv header, 17 bytes (0x11)\n"
        "0000: HTTP/1.1 200 OK\n"
        "22:13:20.250000 <= Recv header, 19 bytes (0x13)\n"
        "0000: Content-Length: 5\n"
        "22:13:20.250000 <= Recv header, 2 bytes (0x2)\n"
        "0000: \n"
        "22:13:20.250000 <= Recv data, 5 bytes (0x5)\n"
        "0000: hello\n"
        "22:13:20.500000 == Info: Closing connection 0\n"
    )


def test_chunks_are_data_with_their_framing() -> None:
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    tape = tape_of([(0.0, IN, GET), (0.1, OUT, data), (0.2, OUT, b"3\r\nabc\r\n"), (0.3, OUT, b"0\r\nX: y\r\n\r\n")])
    found = [line for line in curl_trace(tape, ascii=True, times=False) if "Recv data" in line]
    assert found == ["<= Recv data, 8 bytes (0x8)\n", "<= Recv data, 11 bytes (0xb)\n"]


def test_two_requests_in_one_write_are_two_headers() -> None:
    tape = tape_of([(0.0, IN, GET + GET), (0.1, OUT, HELLO + HELLO)])
    found = [line for line in curl_trace(tape, times=False) if "Send header" in line]
    assert found == ["=> Send header, 40 bytes (0x28)\n"] * 2


def test_secrets_are_hidden() -> None:
    tape = tape_of([(0.0, IN, b"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=hidden42\r\n\r\n")])
    assert "hidden42" not in "".join(curl_trace(tape, ascii=True))
    assert "hidden42" in "".join(curl_trace(tape, ascii=True, secrets=True))


def test_rows() -> None:
    assert list(ascii_rows(b"")) == list(hex_rows(b"")) == []
    assert list(ascii_rows(b"a" * 64 + b"\r\nb\rc\nd")) == ["0000: " + "a" * 64 + "\n", "0042: b.c.d\n"]
    assert list(ascii_rows(b"a" * 65 + b"\r\n")) == ["0000: " + "a" * 64 + "\n", "0040: a\n"]
    assert list(hex_rows(b"\x00\xff"))[0] == "0000: 00 ff" + " " * 43 + "..\n"
