"""Lab 4: the same lies in HTTP/1.0; without response.sendResponse, which what is written sets by itself."""

from rawwfile import expose, response


class Root:
    """Your site."""

    @expose
    def short(self):
        response.wfile.write(b"HTTP/1.0 200 OK\r\ncontent-length: 1000\r\ncontent-type: text/html\r\n\r\n<p>hello")

    @expose
    def excess(self):
        response.wfile.write(b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\nhello")


root = Root()
