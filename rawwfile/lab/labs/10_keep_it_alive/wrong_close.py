"""Lab 10, wrong: a length, and close."""

from rawwfile import expose, response

PAGE = b"Stay a while.\n"


class Root:
    """Your site."""

    @expose
    def index(self):
        self.write_page(f"Content-Length: {len(PAGE)}", "Connection: close")

    @expose
    def bad(self):
        self.write_page("Content-Length: 1")

    def write_page(self, *fields):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        for field in fields:
            response.wfile.write(field + "\r\n")
        response.wfile.write("\r\n")
        response.wfile.write(PAGE)


root = Root()
