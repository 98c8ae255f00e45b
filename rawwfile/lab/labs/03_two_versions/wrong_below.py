"""Lab 3, wrong: the length stands below the empty line, and is content there."""

from rawwfile import expose, request, response


class Root:
    """The site."""

    @expose
    def index(self):
        page = b"The same page, whoever asks.\n"
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n\r\n")
        if request.version >= (1, 1):
            response.wfile.write(f"Content-Length: {len(page)}\r\n")
        response.wfile.write(page)


root = Root()
