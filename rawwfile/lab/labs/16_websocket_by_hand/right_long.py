"""Lab 16, right: long frames, pings and fragments as well."""

import base64
import hashlib

from rawwfile import expose, request, response

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
PAGE = """<!DOCTYPE html><title>Echo</title><input id="say"><ol id="log"></ol><script>
const socket = new WebSocket("ws://" + location.host + "/echo")
say.onchange = () => socket.send(say.value)
socket.onmessage = event => log.append(document.createElement("li"), event.data)
socket.onclose = event => log.append(document.createElement("li"), "closed, code " + event.code)
</script>"""


class Root:
    """Your site; the page at / opens a WebSocket to /echo."""

    @expose
    def index(self):
        return PAGE

    @expose
    def echo(self):
        key = request.headers.get("sec-websocket-key", "")
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode("ascii")).digest()).decode("ascii")
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        response.wfile.write(f"Sec-WebSocket-Accept: {accept}\r\n\r\n")
        kind, message = 1, b""
        while frame := self.frame():
            final, opcode, data = frame
            if opcode == 9:
                self.send(10, data)
            elif opcode == 8:
                self.send(8, data)
                return
            elif opcode in (0, 1, 2):
                kind, message = opcode or kind, message + data
                if final:
                    self.send(kind, message)
                    message = b""

    def frame(self):
        head = request.rfile.read(2)
        if len(head) < 2:
            return None
        length = head[1] & 127
        if length > 125:
            length = int.from_bytes(request.rfile.read(2 if length == 126 else 8), "big")
        mask = request.rfile.read(4)
        data = request.rfile.read(length)
        return head[0] & 128, head[0] & 15, bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))

    def send(self, opcode, data):
        size = len(data)
        length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
        response.wfile.write(bytes([128 | opcode]) + length + data)


root = Root()
