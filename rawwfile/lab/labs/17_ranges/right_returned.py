"""Lab 17, right: the part is returned, the server writes the head; the last so many bytes may be asked for, too."""

import re

from rawwfile import expose, request, response

FILE = b"".join(b"line %4d\n" % number for number in range(1, 201))  # 2000 bytes
RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")


class Root:
    """Your site; index is the file."""

    @expose(content_type="text/plain")
    def index(self):
        response.headers["Accept-Ranges"] = "bytes"
        asked = RANGE.fullmatch(request.headers.get("range", ""))
        if asked is None or asked[0] == "bytes=-" or (asked[1] and asked[2] and int(asked[2]) < int(asked[1])):
            return FILE
        size = len(FILE)
        first = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
        stop = min(size, int(asked[2]) + 1) if asked[1] and asked[2] else size
        if first >= size:
            response.status = 416
            response.headers["Content-Range"] = f"bytes */{size}"
            return "There is no such part.\n"
        response.status = 206
        response.headers["Content-Range"] = f"bytes {first}-{stop - 1}/{size}"
        return FILE[first:stop]


root = Root()
