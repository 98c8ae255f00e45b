"""Lab 7: a page in chunks, whose length nobody knows when it begins."""

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
            response.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        response.wfile.write("0\r\n\r\n")


root = Root()
