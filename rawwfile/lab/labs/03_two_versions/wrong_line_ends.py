"""Lab 3, wrong: lines end in LF alone, so the connection is closed although a length is stated."""

from rawwfile import expose, request, response


class Root:
    """The site."""

    @expose
    def index(self):
        page = b"The same page, whoever asks.\n"
        response.sendResponse = 0
        if request.version < (1, 1):
            response.wfile.write("HTTP/1.0 200 OK\r\n\r\n")
        else:
            response.wfile.write(f"HTTP/1.1 200 OK\nContent-Length: {len(page)}\n\n")
        response.wfile.write(page)


root = Root()
