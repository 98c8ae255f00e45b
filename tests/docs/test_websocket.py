"""legacy_examples/websocket_echo.py against RFC 6455: bytes from a bare socket, and the client of a library."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct

import pytest
import websocket

from tests.commands import PATIENCE
from tests.docs.museum import Museum

PATH = "/websocket_echo/"
KEY = base64.b64encode(b"sixteen bytes ok").decode("ascii")
ACCEPT = base64.b64encode(hashlib.sha1(f"{KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode("ascii")).digest())
ASKS = {
    "Host": "x",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}


@pytest.fixture(scope="module")
def museum():
    """A museum that is open for all tests of this file."""
    with Museum() as museum:
        yield museum


def request_bytes(method="GET", version="1.1", **changed):
    """A request for a WebSocket; changed: fields, with _ for -; None for one that is not there."""
    fields = {**ASKS, **{name.replace("_", "-"): value for name, value in changed.items()}}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([f"{method} {PATH} HTTP/{version}", *lines, "", ""]).encode("latin-1")


# -- the handshake -------------------------------------------------------------------------------


def test_the_handshake(museum):
    head, _, rest = museum.say(request_bytes() + frame(0x88, b"")).partition(b"\r\n\r\n")

    assert head.split(b"\r\n") == [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + ACCEPT,
    ]
    assert rest == b"\x88\x00"


@pytest.mark.parametrize(
    "changed",
    [
        {"Sec_WebSocket_Version": None},
        {"Sec_WebSocket_Version": "8"},
        {"Sec_WebSocket_Key": None},
        {"Sec_WebSocket_Key": ""},
        {"Sec_WebSocket_Key": KEY[:-4]},
        {"Sec_WebSocket_Key": "AAAA" + KEY},
        {"Sec_WebSocket_Key": "\xe9" + KEY[1:]},
    ],
    ids=str,
)
def test_a_handshake_that_is_wrong_is_refused_and_told_the_version(museum, changed):
    answer = museum.say(request_bytes(**changed, Connection="close, Upgrade"))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nSec-WebSocket-Version: 13\r\n" in answer


@pytest.mark.parametrize(
    "changed",
    [{"Upgrade": None}, {"Upgrade": "h2c"}, {"Connection": "close"}, {"version": "1.0"}],
    ids=str,
)
def test_who_asks_for_no_websocket_gets_the_page(museum, changed):
    answer = museum.say(request_bytes(**{"Connection": "close, Upgrade", **changed}))

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n") and b"new WebSocket(" in answer


def test_head_and_other_methods_switch_nothing(museum):
    assert museum.say(request_bytes("HEAD", Connection="close, Upgrade")).startswith(b"HTTP/1.1 200 OK\r\n")
    assert museum.say(request_bytes("POST", Connection="close, Upgrade")).startswith(b"HTTP/1.1 405 ")


# -- frames --------------------------------------------------------------------------------------

MASK = b"\x01\x02\x03\x04"


def frame(first, data, mask=MASK):
    """A frame as a client sends it: masked."""
    size = len(data)
    if size > 65535:
        length = b"\xff" + struct.pack(">Q", size)
    elif size > 125:
        length = b"\xfe" + struct.pack(">H", size)
    else:
        length = bytes([0x80 | size])
    return bytes([first]) + length + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


def closing(code):
    """The close frame that says `code`."""
    return b"\x88\x02" + code.to_bytes(2, "big")


E_ACUTE = "\xe9".encode()
FRAMES = [
    # what it is, what the client sends, what comes back
    ("text", frame(0x81, b"hello"), b"\x81\x05hello"),
    ("text that is not ASCII", frame(0x81, E_ACUTE), b"\x81\x02" + E_ACUTE),
    ("a mask of zeros", frame(0x81, b"hello", bytes(4)), b"\x81\x05hello"),
    ("empty", frame(0x81, b""), b"\x81\x00"),
    ("125 bytes", frame(0x82, b"x" * 125), b"\x82\x7d" + b"x" * 125),
    ("126 bytes", frame(0x82, b"x" * 126), b"\x82\x7e\x00\x7e" + b"x" * 126),
    ("64 KiB - 1", frame(0x82, b"x" * 65535), b"\x82\x7e\xff\xff" + b"x" * 65535),
    ("64 KiB", frame(0x82, b"x" * 65536), b"\x82\x7f" + struct.pack(">Q", 65536) + b"x" * 65536),
    ("any bytes", frame(0x82, bytes(range(256)) * 3), b"\x82\x7e\x03\x00" + bytes(range(256)) * 3),
    ("two fragments", frame(0x01, b"a") + frame(0x80, b"b"), b"\x01\x01a\x80\x01b"),
    ("a character in two fragments", frame(0x01, E_ACUTE[:1]) + frame(0x80, E_ACUTE[1:]),
     b"\x01\x01" + E_ACUTE[:1] + b"\x80\x01" + E_ACUTE[1:]),
    ("a ping between fragments", frame(0x01, b"a") + frame(0x89, b"?") + frame(0x80, b"b"),
     b"\x01\x01a\x8a\x01?\x80\x01b"),
    ("ping", frame(0x89, b"are you there"), b"\x8a\x0dare you there"),
    ("pong is no question", frame(0x8A, b"") + frame(0x81, b"x"), b"\x81\x01x"),
    ("two messages", frame(0x81, b"a") + frame(0x82, b"b"), b"\x81\x01a\x82\x01b"),
    ("the client goes", frame(0x81, b"a")[:-1], b""),
    ("the client goes in a head", b"\x81\xfe\x00", b""),
]  # fmt: skip
ENDS = [
    # what it is, what the client sends, the close frame that comes back
    ("close", frame(0x88, b"\x03\xe8bye"), b"\x88\x05\x03\xe8bye"),
    ("close without a code", frame(0x88, b""), b"\x88\x00"),
    ("a code of one's own", frame(0x88, b"\x0f\xa0"), closing(4000)),
    ("half a code", frame(0x88, b"\x03"), closing(1002)),
    ("a code that no frame may say", frame(0x88, (1005).to_bytes(2, "big")), closing(1002)),
    ("a reason that is not UTF-8", frame(0x88, b"\x03\xe8\xff"), closing(1007)),
    ("unmasked", b"\x81\x05hello", closing(1002)),
    ("a reserved bit", frame(0xC1, b"x"), closing(1002)),
    ("a reserved opcode", frame(0x83, b"x"), closing(1002)),
    ("a ping in fragments", frame(0x09, b"x"), closing(1002)),
    ("a ping that is too long", frame(0x89, b"x" * 126), closing(1002)),
    ("the rest of no message", frame(0x80, b"x"), closing(1002)),
    ("a message in a message", frame(0x01, b"a") + frame(0x81, b"b"), b"\x01\x01a" + closing(1002)),
    ("not UTF-8", frame(0x81, b"\xff"), closing(1007)),
    ("half a character", frame(0x81, E_ACUTE[:1]), closing(1007)),
    ("too big", b"\x82\xff" + struct.pack(">Q", 1 << 40), closing(1009)),
    ("a length beyond all lengths", b"\x82\xff" + b"\xff" * 8, closing(1009)),
]


@pytest.mark.parametrize(("sent", "back"), [row[1:] for row in FRAMES + ENDS], ids=[row[0] for row in FRAMES + ENDS])
def test_frames(museum, sent, back):
    with museum.connect() as client, client.makefile("rb") as received:
        client.sendall(request_bytes() + sent)
        while received.readline() != b"\r\n":
            pass
        assert received.read(len(back)) == back
        client.shutdown(socket.SHUT_WR)
        assert received.read() == b""


@pytest.mark.parametrize(("sent", "back"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_after_a_close_frame_the_server_ends_the_connection(museum, sent, back):
    with museum.connect() as client, client.makefile("rb") as received:
        client.sendall(request_bytes() + sent)
        while received.readline() != b"\r\n":
            pass
        assert received.read() == back


def test_the_client_of_a_library(museum):
    host, port = museum.server.server_address[:2]
    client = websocket.create_connection(f"ws://{host}:{port}{PATH}", timeout=PATIENCE)
    for text in ("", "Gr\xfc\xdfe", "x" * 125, "x" * 126, "x" * 65536, "x" * (1 << 20)):
        client.send(text)
        assert client.recv() == text
    client.send_binary(b"\xff" * 70000)
    assert client.recv() == b"\xff" * 70000
    client.ping("here?")
    assert client.recv_frame().data == b"here?"
    client.send_close(1000, b"that was all")
    assert client.recv_frame().data == b"\x03\xe8that was all"
    assert client.sock.recv(1) == b""
    client.shutdown()
