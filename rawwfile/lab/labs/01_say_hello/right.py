"""Lab 1: say hello by hand."""

from rawwfile import expose, response


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        greeting = "Hello, world\n".encode("utf-8")
        response.wfile.write("HTTP/1.1 200 OK\r\n")
        response.wfile.write("Content-Type: text/plain; charset=utf-8\r\n")
        response.wfile.write(f"Content-Length: {len(greeting)}\r\n")
        response.wfile.write("\r\n")
        response.wfile.write(greeting)
        return ""


root = Root()
