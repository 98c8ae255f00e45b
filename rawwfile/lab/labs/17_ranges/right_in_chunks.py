"""Lab 17, right: the part comes in chunks, and a star stands for the length that Content-Range need not say."""

import re

from rawwfile import expose, request, response

FILE = b"".join(b"line %4d\n" % number for number in range(1, 201))  # 2000 bytes
RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")  # first byte, and perhaps the last one


class Root:
    """Your site; index is the file."""

    @expose
    def index(self):
        asked = RANGE.fullmatch(request.headers.get("range", ""))
        if asked is None or (asked[2] and int(asked[2]) < int(asked[1])):  # 5-3 is no range
            self.write("200 OK", FILE)
            return
        first = int(asked[1])
        last = min(int(asked[2]), len(FILE) - 1) if asked[2] else len(FILE) - 1
        if first >= len(FILE):
            self.write("416 Range Not Satisfiable", b"", f"Content-Range: bytes */{len(FILE)}\r\n")
            return
        where = f"Content-Range: bytes {first}-{last}/*\r\n"
        self.write("206 Partial Content", FILE[first : last + 1], where)

    def write(self, status, content, fields=""):
        response.sendResponse = 0
        response.wfile.write(f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nAccept-Ranges: bytes\r\n")
        response.wfile.write(f"{fields}Transfer-Encoding: chunked\r\n\r\n")
        for at in range(0, len(content), 300):
            piece = content[at : at + 300]
            response.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        response.wfile.write("0\r\n\r\n")


root = Root()
