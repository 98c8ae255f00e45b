"""Lab 1: the same with print, in chunks, and with a reason phrase of one's own."""

from rawwfile import expose, response


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        print("HTTP/1.1 200 With pleasure", end="\r\n", file=response.wfile)
        print("Content-Type: text/html; charset=utf-8", end="\r\n", file=response.wfile)
        print("Transfer-Encoding: chunked", end="\r\n\r\n", file=response.wfile)
        for word in (b"<p>Hello ", b"there"):
            response.wfile.write(b"%x\r\n%s\r\n" % (len(word), word))
        response.wfile.write(b"0\r\n\r\n")


root = Root()
