"""Lab 18, right: the page is returned, and the server writes the head."""

import zlib

from rawwfile import expose, request, response

PAGE = "A page that does not change often.\n" * 50
TAG = f'W/"{zlib.crc32(PAGE.encode()):08x}"'


class Root:
    """Your site; index is the page."""

    @expose
    def index(self):
        response.headers["ETag"] = TAG
        tags = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
        if TAG in tags or "*" in tags:
            response.status = 304
            return ""
        return PAGE


root = Root()
