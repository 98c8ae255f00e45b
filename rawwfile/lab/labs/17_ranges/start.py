"""Lab 17: a file, whole and in parts."""

import re

from rawwfile import expose, request, response

FILE = b"".join(b"line %4d\n" % number for number in range(1, 201))  # 2000 bytes
RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")  # first byte, and perhaps the last one


class Root:
    """Your site; index is the file."""

    @expose
    def index(self):
        asked = RANGE.fullmatch(request.headers.get("range", ""))
        print("asked for", asked and (asked[1], asked[2]))  # texts; None without a range
        self.write("200 OK", FILE)

    def write(self, status, content, fields=""):
        response.sendResponse = 0
        response.wfile.write(f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nAccept-Ranges: bytes\r\n")
        response.wfile.write(f"{fields}Content-Length: {len(content)}\r\n\r\n".encode() + content)


root = Root()
