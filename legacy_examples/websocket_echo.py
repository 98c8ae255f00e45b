"""A WebSocket by hand: 101, and the connection is yours.

Room: 4.2 Streams that browsers know. 2011, RFC 6455
Goal: RFC 6455 without a library. After the handler has written 101 it reads frames from
      request.rfile and writes frames to response.wfile until it returns.
Run:  python3 -m rawwfile serve legacy_examples/websocket_echo.py
Try:  curl http://127.0.0.1:8000/
Look: open the same address in a browser: what you type comes back through the socket. In the wire
      view (--wire=web) each frame has a header, the client's a mask too; below 101 it is no HTTP.
"""

import base64
import hashlib

from rawwfile import expose, request, response

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # section 1.3
FIN, CLOSE, PING, PONG = 0x80, 8, 9, 10  # section 5.2
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


class Root:
    @expose
    def index(self):
        key = request.headers.get("sec-websocket-key")
        if key is None or request.headers.get("upgrade", "").lower() != "websocket":
            return PAGE
        accept = base64.b64encode(hashlib.sha1(key.encode("ascii") + GUID).digest()).decode("ascii")
        response.sendResponse = 0
        response.wfile.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n"
        )
        while frame := self.read_frame():
            first, data = frame
            if first & 15 == PONG:
                continue
            if first & 15 == PING:
                first = FIN | PONG
            self.write_frame(first, data)
            if first & 15 == CLOSE:
                break

    def read_frame(self):
        """First byte and unmasked data of the next frame; a close frame if it breaks the rules."""
        head = request.rfile.read(2)
        if len(head) < 2:
            return None
        length = head[1] & 127
        if length > 125:
            length = int.from_bytes(request.rfile.read(2 if length == 126 else 8), "big")
        if not head[1] & 128 or length > LONGEST:  # not masked: 1002; too big: 1009 (section 7.4.1)
            return FIN | CLOSE, (1009 if head[1] & 128 else 1002).to_bytes(2, "big")
        mask = request.rfile.read(4)
        data = request.rfile.read(length)
        return head[0], bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))

    def write_frame(self, first, data):
        size = len(data)
        if size > 65535:
            head = bytes([first, 127]) + size.to_bytes(8, "big")
        elif size > 125:
            head = bytes([first, 126]) + size.to_bytes(2, "big")
        else:
            head = bytes([first, size])
        response.wfile.write(head + data)


root = Root()
