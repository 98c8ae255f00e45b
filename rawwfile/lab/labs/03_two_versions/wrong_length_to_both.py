"""Lab 3, wrong: the length goes to both."""

from rawwfile import expose, response

PAGE = b"The same page, whoever asks.\n"


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(PAGE)}\r\n\r\n")
        response.wfile.write(PAGE)


root = Root()
