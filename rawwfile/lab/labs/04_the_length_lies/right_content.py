"""Lab 4: the lengths are the same, the contents are not."""

from rawwfile import expose, response

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\n"


class Root:
    """Your site."""

    @expose
    def short(self):
        response.sendResponse = 0
        response.wfile.write(HEAD + b"too few")

    @expose
    def excess(self):
        response.sendResponse = 0
        response.wfile.write(HEAD)
        response.wfile.write(b"more than twenty bytes, ")
        response.wfile.write(b"and these are read as the next response")


root = Root()
