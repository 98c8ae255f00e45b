"""Lab 6, wrong: LF and CR are swapped."""

from rawwfile import expose, response

LINES = ["HTTP/1.1 200 OK", "Content-Type: text/plain", "Content-Length: 5", "", "hello"]


class Root:
    """Your site."""

    @expose
    def lf(self):
        self.write_page("\r")

    @expose
    def cr(self):
        self.write_page("\n")

    def write_page(self, line_end):
        response.sendResponse = 0
        response.wfile.write(line_end.join(LINES))


root = Root()
