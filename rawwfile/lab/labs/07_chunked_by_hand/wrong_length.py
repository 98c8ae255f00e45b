"""Lab 7, wrong: a length instead of chunks."""

from rawwfile import expose, response

LINES = [b"One.\n", b"Two, and longer.\n", b"Three.\n"]


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n")
        response.wfile.write("Content-Type: text/plain\r\n")
        response.wfile.write(f"Content-Length: {sum(map(len, LINES))}\r\n")
        response.wfile.write("\r\n")
        for line in LINES:
            response.wfile.write(line)


root = Root()
