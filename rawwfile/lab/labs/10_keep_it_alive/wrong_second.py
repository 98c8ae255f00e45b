"""Lab 10, wrong: the page changes from visit to visit, and its length does not."""

from itertools import count

from rawwfile import expose, response

PAGES = (f"Visit {10 - number}.\n" for number in count())


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n")
        response.wfile.write(next(PAGES))

    @expose
    def bad(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nStay a while.\n")


root = Root()
