"""Lab 10: a page that keeps its connection, and one that cannot."""

from rawwfile import expose, response

PAGE = b"Stay a while.\n"


class Root:
    """Your site."""

    @expose
    def index(self):
        self.write_page(f"Content-Length: {len(PAGE)}")

    @expose
    def bad(self):
        self.write_page(f"Content-Length: {len(PAGE) - 1}")

    def write_page(self, *fields):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        for field in fields:
            response.wfile.write(field + "\r\n")
        response.wfile.write("\r\n")
        response.wfile.write(PAGE)


root = Root()
