"""Lab 3: one page for clients of 1996 and of today."""

from rawwfile import expose, request, response

PAGE = b"The same page, whoever asks.\n"


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        if request.version < (1, 1):
            response.wfile.write("HTTP/1.0 200 OK\r\n")
            response.wfile.write("Content-Type: text/plain\r\n")
        else:
            response.wfile.write("HTTP/1.1 200 OK\r\n")
            response.wfile.write("Content-Type: text/plain\r\n")
            response.wfile.write(f"Content-Length: {len(PAGE)}\r\n")
        response.wfile.write("\r\n")
        response.wfile.write(PAGE)


root = Root()
