"""Lab 7: capital digits, zeros before them, extensions, and a lower-case field name."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 \r\ntransfer-encoding: Chunked\r\ncontent-type: text/html\r\n\r\n")
        for number, line in enumerate((b"<p>One.", b"<p>Two, and longer than ten.", b"<p>Three.")):
            response.wfile.write(b"%04X;part=%d\r\n" % (len(line), number))
            response.wfile.write(line)
            response.wfile.write("\r\n")
        response.wfile.write("000\r\n\r\n")


root = Root()
