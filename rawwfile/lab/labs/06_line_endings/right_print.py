"""Lab 6: with print, whose line end can be chosen."""

from rawwfile import expose, response


class Root:
    """Your site."""

    @expose
    def lf(self):
        response.sendResponse = 0
        for line in ("HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Length: 9", ""):
            print(line, file=response.wfile)
        response.wfile.write("<p>lf</p>")

    @expose
    def cr(self):
        response.sendResponse = 0
        for line in ("HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Length: 9", ""):
            print(line, end="\r", file=response.wfile)
        response.wfile.write("<p>cr</p>")


root = Root()
