"""Lab 1, wrong: the lines end in LF alone."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\n\nHello")


root = Root()
