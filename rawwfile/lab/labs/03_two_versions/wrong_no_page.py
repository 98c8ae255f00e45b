"""Lab 3, wrong: the framing is right, and there is nothing in it."""

from rawwfile import expose, request, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        if request.version < (1, 1):
            response.wfile.write("HTTP/1.0 200 OK\r\n\r\n")
        else:
            response.wfile.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


root = Root()
