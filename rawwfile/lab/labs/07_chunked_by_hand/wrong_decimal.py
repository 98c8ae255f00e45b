"""Lab 7, wrong: the sizes are decimal."""

from rawwfile import expose, response

LINES = [b"One.\n", b"Two, and longer.\n", b"Three.\n"]


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n")
        response.wfile.write("Content-Type: text/plain\r\n")
        response.wfile.write("Transfer-Encoding: chunked\r\n")
        response.wfile.write("\r\n")
        for line in LINES:
            response.wfile.write(b"%d\r\n%s\r\n" % (len(line), line))
        response.wfile.write("0\r\n\r\n")


root = Root()
