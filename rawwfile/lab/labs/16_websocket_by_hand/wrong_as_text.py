"""Lab 16, wrong: the frames are written as text, which becomes UTF-8."""

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
        while len(head := request.rfile.read(2)) == 2:
            first, length = head[0], head[1] & 127  # up to 125 bytes; longer ones have more bytes of length
            mask, data = request.rfile.read(4), request.rfile.read(length)
            data = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
            response.wfile.write(chr(first) + chr(length) + data.decode("latin-1"))
            if first & 15 == 8:  # close
                break


root = Root()
