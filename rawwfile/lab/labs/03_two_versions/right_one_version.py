"""Lab 3: the status line names the server's version to both; only the framing differs."""

from rawwfile import expose, request, response


class Root:
    """The site."""

    @expose
    def index(self):
        page = b"<p>Hello, whoever you are.</p>\n"
        old = request.protocol == "HTTP/1.0"
        length = b"" if old else b"content-length: %d\r\n" % len(page)
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n" + length + b"\r\n" + page)


root = Root()
