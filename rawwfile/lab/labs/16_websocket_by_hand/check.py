"""Lab 16: 101 with the accept value that fits, two text frames echoed without a mask, a close frame answered."""

from __future__ import annotations

from rawwfile.http.notes.upgrade import accept_value
from rawwfile.lab.expectations import answered, by_hand, lines_end_in_crlf
from rawwfile.lab.finer import Frame, frames
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (
    ("/", "a page that opens the socket"),
    ("/echo", "asked by a browser, without a socket"),
)

WRONG = {
    "wrong_status.py": ("upgraded", "the status is 200"),
    "wrong_accept.py": ("websocket-accept-wrong", "does not fit the key"),
    "wrong_no_accept.py": ("websocket-accept-wrong", "there is no Sec-WebSocket-Accept"),
    "wrong_no_blank_line.py": ("head-unfinished", "no empty line ends the head"),
    "wrong_as_text.py": ("frame", "begins with the byte 0xc2"),
    "wrong_masked.py": ("masked", "says that it is masked"),
    "wrong_still_masked.py": ("echo", "no text frame with"),
    "wrong_one_frame.py": ("echo", "no text frame with b'gl\\xc3\\xbccklich'"),
    "wrong_no_close.py": ("close", "no close frame"),
}

KEY = "bGFiIHNpeHRlZW4sIGtleQ=="
TEXTS = (b"hello", "glücklich".encode())
MASK = b"\x37\xfa\x21\x3d"
NORMAL = (1000).to_bytes(2, "big")
CONTINUATION, TEXT, CLOSE = 0, 1, 8
NAMES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}


def frame(opcode: int, payload: bytes) -> bytes:
    """A client's frame, which is masked (RFC 6455 section 5.3)."""
    masked = bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + MASK + masked


def drive(visit: Visit) -> None:
    """Shake hands, send two texts and a close frame, and read to the end."""
    with visit.connect() as line:
        line.get(
            "/echo",
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n",
        )
        if b" 101 " in line.until(b"\r\n\r\n").partition(b"\r\n")[0]:
            for text in TEXTS:
                line.send(frame(TEXT, text))
            line.send(frame(CLOSE, NORMAL))
        line.finish_sending()
        line.rest()


def judge(seen: Seen) -> None:
    """The handshake, then the frames in both directions."""
    page = seen.exchange(1)
    answered(seen, page, "/echo")
    seen.expect(
        page.status == 101,
        "upgraded",
        good="status 101: from the empty line on it is no longer HTTP",
        saw=f"the status is {page.status}, so it stays HTTP",
        rule="RFC 6455 section 4.2.2",
        step="Write HTTP/1.1 101 Switching Protocols, Upgrade: websocket and Connection: Upgrade on response.wfile.",
    )
    by_hand(seen, page)
    lines_end_in_crlf(seen, page)
    seen.expect(
        page.fields.whole,
        "head-unfinished",
        good="an empty line ends the head",
        saw="no empty line ends the head, so the client still waits for more fields",
        rule="RFC 9112 section 2.1",
        step="Write one more \\r\\n behind the last field.",
    )
    seen.expect_no_note(
        page, "upgrade-unasked", "upgrade-other", "upgrade-without-option", "no-upgrade",
        good="Upgrade and Connection say the same",
        step="Write both Upgrade: websocket and Connection: Upgrade.",
    )  # fmt: skip
    value = page.fields.get("Sec-WebSocket-Accept")
    seen.expect(
        page.note("websocket-accepted"),
        "websocket-accept-wrong",
        good="Sec-WebSocket-Accept fits the key of the request",
        saw="there is no Sec-WebSocket-Accept" if value is None else
        f"Sec-WebSocket-Accept, {_short(value)}, does not fit the key; it should be {accept_value(KEY.encode())}",
        rule="RFC 6455 section 4.2.2",
        step="Write Sec-WebSocket-Accept: base64 of the 20 bytes of SHA-1 over key and GUID, as text.",
    )  # fmt: skip
    judge_frames(seen, page)


def judge_frames(seen: Seen, page: SeenExchange) -> None:
    """What the server sent behind 101."""
    found = frames(page.response)
    asked = frames(page.request)
    if len(asked) == len(TEXTS) + 1:
        seen.good.append(f"the client sent {len(asked)} frames, each masked with a key of 4 bytes")
    strange = next((each for each in found if each.header[0] & 0x70 or each.opcode not in NAMES), None)
    if strange is not None:
        saw = f"what should be a frame begins with the byte {strange.header[0]:#04x}"
        raise NotYet("frame", saw, "RFC 6455 section 5.2",
                     "Write bytes, header first: bytes([first, length]) + data. "
                     "The first is 0x81 for a text, 0x88 for close.")  # fmt: skip
    seen.expect(
        found and not any(each.masked for each in found),
        "masked",
        good="no frame of the server's is masked",
        saw="a frame of the server's says that it is masked" if found else "no frame came back at all",
        rule="RFC 6455 section 5.1",
        step="Take the mask off, and send first byte, length and data: bytes([first, length]) + data.",
    )
    texts = _texts(found)
    for text in TEXTS:
        seen.expect(
            text in texts,
            "echo",
            good=f'"{text.decode("utf-8")}" came back',
            saw=f"there is no text frame with {text!r}; there are {_listed(found)}",
            rule="RFC 6455 section 5.3",
            step="Each byte of the data is byte ^ mask[place % 4]; read frame after frame until one says close.",
        )
    closing = [each for each in found if each.whole and each.opcode == CLOSE]
    seen.expect(
        closing and closing[0].payload[:2] == NORMAL and closing[0] is found[-1],
        "close",
        good="the close frame was answered by one with the same code, 1000, and nothing came behind it",
        saw=f"there is no close frame with the code 1000 at the end; there are {_listed(found)}",
        rule="RFC 6455 section 5.5.1",
        step="Send a close frame (opcode 8) back with the same two bytes, and then return.",
    )


def _texts(found: list[Frame]) -> list[bytes]:
    """The text messages; one may come in several frames (section 5.4)."""
    texts: list[bytes] = []
    begun = False
    for each in found:
        if each.opcode == TEXT and each.whole:
            texts.append(each.payload)
            begun = not each.final
        elif each.opcode == CONTINUATION and each.whole and begun:
            texts[-1] += each.payload
            begun = not each.final
    return texts[:-1] if begun else texts


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:36]}..."


def _listed(found: list[Frame]) -> str:
    each = [f"{NAMES.get(frame.opcode, 'unknown')} {frame.payload[:20]!r}" for frame in found[:6]]
    return ", ".join(each) or "none"
