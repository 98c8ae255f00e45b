"""Lab 8, wrong: bytes in a text become their repr: b'...'."""

import base64
import hashlib

from rawwfile import expose, response

LINES = [b"One.\n", b"Two, and longer.\n", b"Three.\n"]


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        response.wfile.write("Trailer: Content-Digest\r\n")
        response.wfile.write("Transfer-Encoding: chunked\r\n\r\n")
        digest = hashlib.sha256()
        for line in LINES:
            digest.update(line)
            response.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        checksum = base64.b64encode(digest.digest())
        response.wfile.write(f"0\r\nContent-Digest: sha-256=:{checksum}:\r\n\r\n")


root = Root()
