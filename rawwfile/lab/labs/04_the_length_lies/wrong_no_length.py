"""Lab 4, wrong: without a length nothing can be short."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def short(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello")

    excess = short


root = Root()
