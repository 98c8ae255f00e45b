"""Lab 7, wrong: hex() puts 0x before the digits."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
        for line in (b"One.\n", b"Two, and longer.\n", b"Three.\n"):
            response.wfile.write(hex(len(line)) + "\r\n")
            response.wfile.write(line + b"\r\n")
        response.wfile.write("0\r\n\r\n")


root = Root()
