"""Lab 6, wrong: the empty line was lost with the CR."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def lf(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nhello")

    @expose
    def cr(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\rContent-Type: text/plain\rContent-Length: 5\r\rhello")


root = Root()
