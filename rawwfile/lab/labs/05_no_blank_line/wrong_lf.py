"""Lab 5, wrong: the line that is put in ends in LF alone."""

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
        response.wfile.write("\n")
        response.wfile.write("Hello\n")


root = Root()
