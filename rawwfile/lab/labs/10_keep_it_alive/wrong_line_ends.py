"""Lab 10, wrong: the length is right, and lines end in LF alone, so the connection is closed."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\nContent-Length: 14\n\nStay a while.\n")

    @expose
    def bad(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nStay a while.\n")


root = Root()
