"""Lab 10: in chunks, and the bad page lacks the last one."""

from rawwfile import expose, response

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"


class Root:
    """Your site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write(HEAD + b"5\r\nhello\r\n0\r\n\r\n")

    @expose
    def bad(self):
        response.sendResponse = 0
        response.wfile.write(HEAD + b"5\r\nhello\r\n")


root = Root()
