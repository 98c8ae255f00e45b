"""Lab 4, wrong: /short sends too much, and /excess too little."""

from rawwfile import expose, response

CONTENT = b"hello"


class Root:
    """The site."""

    @expose
    def short(self):
        self.write_page(3)

    @expose
    def excess(self):
        self.write_page(10)

    def write_page(self, length):
        response.sendResponse = 0
        response.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n")
        response.wfile.write(CONTENT)


root = Root()
