"""Lab 16: a WebSocket that echoes what it is told."""

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
        response.headers["Content-Type"] = "text/plain"
        key = request.headers.get("sec-websocket-key", "")
        return f"Your key is {key}. Write 101, then read frames from request.rfile.\n"


root = Root()
