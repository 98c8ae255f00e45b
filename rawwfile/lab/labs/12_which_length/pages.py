"""Lab 12: five responses that say their length wrongly, twice, or in two ways. The content is hello each time."""

from rawwfile import expose, response

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


class Root:
    """/a to /e."""

    @expose
    def a(self):
        self.write_page(b"Content-Length: 10\r\n\r\nhello")

    @expose
    def b(self):
        self.write_page(b"Content-Length: 3\r\n\r\nhello")

    @expose
    def c(self):
        self.write_page(b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello")

    @expose
    def d(self):
        self.write_page(b"Content-Length: +5\r\n\r\nhello")

    @expose
    def e(self):
        self.write_page(b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")

    def write_page(self, rest):
        response.sendResponse = 0
        response.wfile.write(HEAD + rest)


root = Root()
