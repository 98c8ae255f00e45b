"""Trailers by hand: a field that is known only when the content has gone.

Room: 2.2 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999; Content-Digest is RFC 9530 of 2024
Goal: a checksum behind the content, made while it is sent. Trailers go only to who said "TE:
      trailers", since many a proxy drops them (RFC 9110 section 6.5.1); others get a plain page.
Run:  python3 -m rawwfile serve legacy_examples/trailers_by_hand.py
Try:  curl -iN --raw -H "TE: trailers" -H "Connection: TE" http://127.0.0.1:8000/
Look: "0", the last chunk, then the field that Trailer announced, then an empty line: that is the
      end. Without the two -H there is no such field. In the wire view (--wire) it is a "trailer".
      At /sent trailers go the other way: what the server finds behind chunks that it was sent.
"""

import base64
import hashlib
import time

from rawwfile import expose, quickstart, request, response

SEEDS = 6
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"


class Root:
    @expose(methods="GET")
    def index(self):
        if request.version < (1, 1):
            return "Chunks, and trailers behind them, came with HTTP/1.1; this request is older.\n"
        response.sendResponse = 0
        wanted = "trailers" in request.headers.get("te", "").lower()
        response.wfile.write(HEAD + ("Trailer: Content-Digest\r\n" if wanted else "") + "\r\n")
        if request.method == "HEAD":
            return
        digest = hashlib.sha256()
        for line in self.lines():
            digest.update(line)
            response.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        response.wfile.write("0\r\n")
        if wanted:
            value = base64.b64encode(digest.digest()).decode("ascii")
            response.wfile.write(f"Content-Digest: sha-256=:{value}:\r\n")
        response.wfile.write("\r\n")

    @expose(methods=("POST", "PUT"), content_type="text/plain")
    def sent(self):
        count = len(request.rfile.read())  # the trailers come last: read all before them
        return f"{count} bytes, and behind them {request.trailers}\n"

    def lines(self):
        value = int(time.time()) % 1000
        for number in range(1, SEEDS + 1):
            yield f"measurement {number}: {value}\n".encode("ascii")
            value = value * 7 % 1009
            time.sleep(0.1)


root = Root()

if __name__ == "__main__":
    quickstart(root)
