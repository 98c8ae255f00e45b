"""Lab 1, wrong: a space before the colon."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n")
        response.wfile.write("Content-Type : text/plain\r\nContent-Length : 6\r\n")
        response.wfile.write("\r\n")
        response.wfile.write("Hello\n")


root = Root()
