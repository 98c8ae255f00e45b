"""Lab 5: a page without the empty line, and the same page repaired."""

from rawwfile import expose, response


class Root:
    """Your site."""

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
        response.wfile.write("Content-Length: 6\r\n")
        response.wfile.write("Hello\n")


root = Root()
