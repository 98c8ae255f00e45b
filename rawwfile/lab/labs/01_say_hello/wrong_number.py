"""Lab 1, wrong: a number is written, which is neither str nor bytes."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        greeting = b"Hello\n"
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n")
        response.wfile.write("Content-Type: text/plain\r\n")
        response.wfile.write("Content-Length: ")
        response.wfile.write(len(greeting))
        response.wfile.write("\r\n\r\n")
        response.wfile.write(greeting)


root = Root()
