"""Lab 8: a field of one's own, in hexadecimal, and a second one."""

import hashlib

from rawwfile import expose, response


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n")
        response.wfile.write("Trailer: X-Lines\r\nTrailer: Content-SHA256\r\n\r\n")
        digest = hashlib.sha256(b"just this\n")
        response.wfile.write(b"A\r\njust this\n\r\n0\r\n")
        response.wfile.write(f"X-Lines: 1\r\nContent-SHA256: {digest.hexdigest().upper()}\r\n\r\n")


root = Root()
