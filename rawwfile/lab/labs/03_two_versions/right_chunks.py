"""Lab 3: to a client of today in chunks; they say where the page ends as well as a length does."""

from rawwfile import expose, request, response


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        today = request.version >= (1, 1)
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        response.wfile.write("Transfer-Encoding: chunked\r\n\r\n" if today else "Connection: close\r\n\r\n")
        for line in (b"The same page,\n", b"whoever asks.\n"):
            response.wfile.write(b"%x\r\n%s\r\n" % (len(line), line) if today else line)
        if today:
            response.wfile.write("0\r\n\r\n")


root = Root()
