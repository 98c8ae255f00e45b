"""A WebSocket by hand: 101, and the connection is yours.

Room: 4.2 Streams that browsers know. 2011, RFC 6455
Goal: RFC 6455 without a library. After the handler has written 101 it reads frames from
      request.rfile and writes frames to response.wfile until it returns.
Run:  python3 -m rawwfile serve legacy_examples/websocket_echo.py
Try:  curl http://127.0.0.1:8000/
Look: open the same address in a browser: what you type comes back through the socket. In the wire
      view (--wire=web) each frame has a header, the client's a mask too; below 101 it is no HTTP.
      Who breaks a rule gets a close frame whose code says which: 1002, 1007 or 1009.
"""

import base64
import codecs
import hashlib
import re

from rawwfile import HTTPError, expose, quickstart, request, response

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # section 1.3
FIN, MASKED, TEXT, CLOSE, PING, PONG = 0x80, 0x80, 1, 8, 9, 10  # section 5.2
CODES = {*range(1000, 1015), *range(3000, 5000)} - {1004, 1005, 1006}  # section 7.4
LONGEST = 1 << 20

PAGE = """<!DOCTYPE html>
<title>Echo</title>
<input id="say" autofocus placeholder="say something"><pre id="log"></pre>
<script>
const socket = new WebSocket(location.href.replace(/^http/, "ws"))
const log = text => document.getElementById("log").append(text + "\\n")
socket.onmessage = event => log("echo: " + event.data)
socket.onclose = event => log("closed, code " + event.code)
document.getElementById("say").onchange = event => { socket.send(event.target.value); event.target.value = "" }
</script>
"""


def insist(rule, code=1002):
    if not rule:
        raise ValueError(code)


class Root:
    @expose(methods="GET")
    def index(self):
        get = request.headers.get
        asks = get("upgrade", "").lower() == "websocket" and "upgrade" in get("connection", "").lower()
        if not asks or request.version < (1, 1) or request.method == "HEAD":
            return PAGE
        key = get("sec-websocket-key", "")
        if get("sec-websocket-version") != "13" or not re.fullmatch("[A-Za-z0-9+/]{22}==", key):
            raise HTTPError(400, "Say version 13, and a key of 16 bytes.", headers={"Sec-WebSocket-Version": "13"})
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode("ascii")).digest()).decode("ascii")
        response.sendResponse = 0
        response.wfile.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n"
        )
        try:
            last = self.echo()
        except ValueError as fault:
            code = 1007 if isinstance(fault, UnicodeDecodeError) else fault.args[0]
            last = code.to_bytes(2, "big")
        except EOFError:
            return  # the client went without a word
        self.write_frame(FIN | CLOSE, last)

    def echo(self):
        """Send each message back, frame by frame; return what the client's close frame says."""
        message, decoder = 0, codecs.getincrementaldecoder("utf-8")()
        while True:
            first, data = self.read_frame()
            kind, final = first & 15, first & FIN > 0
            if kind == CLOSE:
                insist(not data or int.from_bytes(data[:2], "big") in CODES)
                data[2:].decode("utf-8")
                return data
            if kind == PING:
                self.write_frame(FIN | PONG, data)
            elif kind != PONG:
                insist((kind > 0) != (message > 0))  # no message in another, and no rest of none
                message = message or kind
                if message == TEXT:
                    decoder.decode(data, final)
                self.write_frame(first, data)
                message = 0 if final else message

    def read_frame(self):
        """First byte and unmasked data of the next frame."""
        first, second = self.read(2)
        kind, length = first & 15, second & 127
        insist(second & MASKED and not first & 0x70 and kind in (0, 1, 2, CLOSE, PING, PONG))
        insist(kind < CLOSE or first & FIN and length < 126)
        if length > 125:
            length = int.from_bytes(self.read(2 if length == 126 else 8), "big")
        insist(length <= LONGEST, 1009)
        mask = self.read(4) * (length // 4 + 1)
        data = int.from_bytes(self.read(length), "big") ^ int.from_bytes(mask[:length], "big")
        return first, data.to_bytes(length, "big")

    def read(self, size):
        data = request.rfile.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def write_frame(self, first, data):
        size = len(data)
        code, wide = (size, 0) if size < 126 else (126, 2) if size < 65536 else (127, 8)
        length = size.to_bytes(wide, "big") if wide else b""
        response.wfile.write(bytes([first, code]) + length + data)


root = Root()

if __name__ == "__main__":
    quickstart(root)
