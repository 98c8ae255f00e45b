"""Lab 5, wrong: the empty line is in its place, and the length was changed with it."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def broken(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n")
        response.wfile.write("Content-Type: text/plain\r\n")
        response.wfile.write("Content-Length: 6\r\n")
        response.wfile.write("Hello\n")

    @expose
    def fixed(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n")
        response.wfile.write("Content-Type: text/plain\r\n")
        response.wfile.write("Content-Length: 8\r\n")
        response.wfile.write("\r\n")
        response.wfile.write("Hello\n")


root = Root()
