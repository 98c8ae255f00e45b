"""Lab 3, wrong: to a client of today it says close, though a length is there."""

from rawwfile import expose, request, response

PAGE = b"The same page, whoever asks.\n"


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        if request.version >= (1, 1):
            response.wfile.write(f"Content-Length: {len(PAGE)}\r\nConnection: close\r\n")
        response.wfile.write(b"\r\n" + PAGE)


root = Root()
