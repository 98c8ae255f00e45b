"""Lab 1, wrong: a text in three quotes begins with a line end, and its lines end in LF."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("""
HTTP/1.1 200 OK
Content-Type: text/plain
Content-Length: 5

hello""")


root = Root()
