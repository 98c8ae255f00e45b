"""Lab 8, wrong: the checksum is in the head, where it has to be known before."""

import base64
import hashlib

from rawwfile import expose, response

LINE = b"A line that is long enough.\n"


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        checksum = base64.b64encode(hashlib.sha256(LINE).digest()).decode("ascii")
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n")
        response.wfile.write(f"Trailer: Content-Digest\r\nContent-Digest: sha-256=:{checksum}:\r\n\r\n")
        response.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(LINE), LINE))


root = Root()
