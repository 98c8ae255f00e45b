"""Lab 1, wrong: nothing says where the greeting ends."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nHello, world\n")


root = Root()
