"""Lab 3, wrong: the two clients are told different things."""

from rawwfile import expose, request, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        if request.version < (1, 1):
            response.wfile.write("\r\nYour client is old.\n")
        else:
            response.wfile.write("Content-Length: 6\r\n\r\nHello\n")


root = Root()
