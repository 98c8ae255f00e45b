"""Lab 7, wrong: a last chunk behind every chunk."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
        for line in (b"One.\n", b"Two, and longer.\n", b"Three.\n"):
            response.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(line), line))


root = Root()
