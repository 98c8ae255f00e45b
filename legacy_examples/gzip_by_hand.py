"""Compressed by hand, and still line by line.

Goal: GzipFile writes to response.wfile; a flush after each line lets the browser show it at once.
Run:  python3 -m rawwfile serve legacy_examples/gzip_by_hand.py
Try:  curl -N --compressed http://127.0.0.1:8000/
Look: five lines, one every 0.2 s. Without --compressed the page is not compressed.
"""

import gzip
import time

from rawwfile import expose, request, response


class Root:
    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nVary: Accept-Encoding\r\n")
        if "gzip" in request.headers.get("accept-encoding", ""):
            response.wfile.write("Content-Encoding: gzip\r\n\r\n")
            with gzip.GzipFile(fileobj=response.wfile, mode="wb") as packed:
                self.write_lines(packed)
        else:
            response.wfile.write("\r\n")
            self.write_lines(response.wfile)

    def write_lines(self, file):
        for number in range(1, 6):
            file.write(b"line %d of 5\n" % number)
            file.flush()
            time.sleep(0.2)


root = Root()
