"""Lab 17, right: the handler says status, field and bytes; the server writes them."""

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
            return self.write("200 OK", FILE)
        first = int(asked[1])
        last = min(int(asked[2]), len(FILE) - 1) if asked[2] else len(FILE) - 1
        if first >= len(FILE):
            return self.write("416 Range Not Satisfiable", b"", f"Content-Range: bytes */{len(FILE)}\r\n")
        where = f"Content-Range: bytes {first}-{last}/{len(FILE)}\r\n"
        return self.write("206 Partial Content", FILE[first : last + 1], where)

    def write(self, status, content, fields=""):
        response.status = status
        response.headers["Content-Type"] = "text/plain"
        if fields:
            response.headers["Content-Range"] = fields.partition(":")[2].strip()
        return content


root = Root()
