"""Chunks by hand: a page of unknown length that keeps its connection.

Room: 2.1 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999
Goal: the chunked coding of RFC 9112 section 7.1: a size in hex, the data, and a last chunk of
      size 0, with a field behind it (a trailer).
Run:  python3 -m rawwfile serve legacy_examples/chunked_by_hand.py
Try:  curl -iN --raw http://127.0.0.1:8000/
Look: --raw shows the sizes between the lines. Because the last chunk ends the page, the
      connection need not be closed to end it. In the wire view (--wire -vv) each piece has its name.
"""

import hashlib
import time

from rawwfile import expose, quickstart, request, response


class Root:
    @expose
    def index(self):
        if request.version < (1, 1):
            return "Chunks came with HTTP/1.1; this request is older.\n"
        response.sendResponse = 0
        response.wfile.write(
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: text/plain\r\n"
            "Transfer-Encoding: chunked\r\n"
            "Trailer: Content-SHA256\r\n\r\n"
        )
        if request.method == "HEAD":
            return
        digest = hashlib.sha256()
        for number in range(1, 6):
            line = b"line %d of 5\n" % number
            digest.update(line)
            response.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            time.sleep(0.2)
        response.wfile.write(f"0\r\nContent-SHA256: {digest.hexdigest()}\r\n\r\n")


root = Root()

if __name__ == "__main__":
    quickstart(root)
