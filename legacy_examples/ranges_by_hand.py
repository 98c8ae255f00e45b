"""Ranges by hand: any part of a page, so that a download can go on.

Room: 2.5 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999
Goal: 206 with Content-Range for one range of bytes, 416 for one that is not there, and the whole
      for all that is not understood (RFC 9110 section 14). If-Range keeps parts of two versions apart.
Run:  python3 -m rawwfile serve legacy_examples/ranges_by_hand.py
Try:  curl -i -r 12-23 http://127.0.0.1:8000/
Look: "206" and "Content-Range: bytes 12-23/1200": the second of a hundred lines. -r -12 is the last,
      -r 1200- gives 416 and the length there is. Get a beginning with -r 0-99 -o lines.txt, and the
      rest with -C - -o lines.txt: curl looks how much it has, and asks for what follows.
"""

import hashlib
import re

from rawwfile import expose, quickstart, request, response

PAGE = b"".join(b"line %6d\n" % number for number in range(1, 101))
ETAG = f'"{hashlib.sha256(PAGE).hexdigest()[:16]}"'  # another page, another tag
ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


class Root:
    @expose(methods="GET")
    def index(self):
        response.sendResponse = 0
        size = len(PAGE)
        wanted = self.wanted(size)
        if wanted is None:
            self.write("200 OK", PAGE)
            return
        start, stop = wanted
        if start >= stop:
            self.write("416 Range Not Satisfiable", b"There is no such part.\n", f"Content-Range: bytes */{size}\r\n")
        else:
            place = f"Content-Range: bytes {start}-{stop - 1}/{size}\r\n"
            self.write("206 Partial Content", PAGE[start:stop], place)

    def wanted(self, size):
        """Start and end of the part that is asked for; None for the whole."""
        found = ONE_RANGE.fullmatch(request.headers.get("range", "").strip())
        version = request.headers.get("if-range", ETAG)
        # Several ranges, other units, another version of the page, HEAD: to send the whole is always right.
        if found is None or version != ETAG or request.method != "GET":
            return None
        first, last, suffix = found.groups()
        if suffix is not None:
            return max(0, size - int(suffix)), size if int(suffix) else 0
        if last and int(last) < int(first):
            return None  # not a range at all
        return int(first), min(size, int(last) + 1 if last else size)

    def write(self, status, content, fields=""):
        response.wfile.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(content)}\r\n"
            f"Accept-Ranges: bytes\r\nETag: {ETAG}\r\n{fields}\r\n"
        )
        if request.method != "HEAD":
            response.wfile.write(content)


root = Root()

if __name__ == "__main__":
    quickstart(root)
