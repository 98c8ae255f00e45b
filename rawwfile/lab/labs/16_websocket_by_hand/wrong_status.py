"""Lab 16, wrong: 200 instead of 101, so that it stays HTTP."""

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
        response.wfile.write("HTTP/1.1 200 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n")
        response.wfile.write(f"Sec-WebSocket-Accept: {accept}\r\n\r\n")


root = Root()
