"""Compressed by hand, and still line by line.

Room: 2.4 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999
Goal: zlib packs, response.wfile takes what it gives; a flush after each line lets the browser show it at once.
Run:  python3 -m rawwfile serve legacy_examples/gzip_by_hand.py
Try:  curl -N --compressed http://127.0.0.1:8000/
Look: five lines, one every 0.2 s. Without --compressed the page is not compressed. In the wire view
      (--wire -v) there is gzip where curl shows text: its head and the first line, a write for each
      line more, its end.
"""

import re
import time
import zlib

from rawwfile import expose, quickstart, request, response

GZIP = 31  # the window of 2^15 bytes, and 16 for gzip's own head and end (RFC 1952)
ACCEPTS = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?:1|0\.[0-9]*[1-9])[0.]*\s*)?(?:,|$)", re.IGNORECASE)


class Root:
    @expose
    def index(self):
        response.sendResponse = 0
        packs = ACCEPTS.search(request.headers.get("accept-encoding", "")) is not None
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nVary: Accept-Encoding\r\n")
        response.wfile.write("Content-Encoding: gzip\r\n\r\n" if packs else "\r\n")
        if request.method == "HEAD":
            return
        packer = zlib.compressobj(wbits=GZIP)
        for number in range(1, 6):
            line = b"line %d of 5\n" % number
            if packs:
                line = packer.compress(line) + packer.flush(zlib.Z_SYNC_FLUSH)
            response.wfile.write(line)
            time.sleep(0.2)
        if packs:
            response.wfile.write(packer.flush())


root = Root()

if __name__ == "__main__":
    quickstart(root)
