"""Lab 9, wrong: it says go on, and then no."""

from rawwfile import expose, request, response

MOST = 1000


class Root:
    """Your site; index takes what is sent to /."""

    @expose
    def index(self):
        response.wfile.write("HTTP/1.1 100 Continue\r\n\r\n")
        response.sendResponse = 0
        if request.content_length > MOST:
            response.wfile.write("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            return
        request.rfile.read()
        response.wfile.write("HTTP/1.1 204 No Content\r\n\r\n")


root = Root()
