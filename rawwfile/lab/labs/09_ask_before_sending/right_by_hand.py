"""Lab 9: both answers by hand."""

from rawwfile import expose, request, response

MOST = 1000


class Root:
    """Your site; index takes what is sent to /."""

    @expose
    def index(self):
        response.sendResponse = 0
        if request.content_length > MOST:
            response.wfile.write("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            return
        response.wfile.write("HTTP/1.1 100 Continue\r\n\r\n")
        request.rfile.read()
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nThanks\n")


root = Root()
