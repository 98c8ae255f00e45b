"""Lab 5: another page, in one write."""

from rawwfile import expose, response

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\nConnection: close\r\n"
CONTENT = b"<p>Salut</p>\r\n"


class Root:
    """Your site."""

    @expose
    def broken(self):
        response.sendResponse = 0
        response.wfile.write(HEAD + CONTENT)

    @expose
    def fixed(self):
        response.sendResponse = 0
        response.wfile.write(HEAD + b"\r\n" + CONTENT)


root = Root()
