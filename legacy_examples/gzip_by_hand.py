"""Compressed by hand, and still line by line.

Room: 2.4 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999
Goal: GzipFile writes to response.wfile; a flush after each line lets the browser show it at once.
Run:  python3 -m rawwfile serve legacy_examples/gzip_by_hand.py
Try:  curl -N --compressed http://127.0.0.1:8000/
Look: five lines, one every 0.2 s. Without --compressed the page is not compressed. In the wire view
      (--wire -v) there is gzip where curl shows text: its head, a write for each line, its end.
"""

import gzip
import re
import time

from rawwfile import expose, quickstart, request, response

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
        if packs:
            with gzip.GzipFile(fileobj=response.wfile, mode="wb") as packed:
                self.write_lines(packed)
        else:
            self.write_lines(response.wfile)

    def write_lines(self, file):
        for number in range(1, 6):
            file.write(b"line %d of 5\n" % number)
            file.flush()
            time.sleep(0.2)


root = Root()

if __name__ == "__main__":
    quickstart(root)
