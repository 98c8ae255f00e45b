"""Lab 3, wrong: to a client of today, too, only closing ends the page."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nThe same page, whoever asks.\n")


root = Root()
