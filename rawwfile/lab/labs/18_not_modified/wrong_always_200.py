"""Lab 18, wrong: the tag is there, and nobody looks whether the client has it."""

import hashlib

from rawwfile import expose, response

PAGE = b"A page that does not change often.\n" * 50


class Root:
    """Your site; index is the page."""

    @expose
    def index(self):
        tag = '"' + hashlib.sha256(PAGE).hexdigest()[:16] + '"'  # an entity tag has quotes
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")
        response.wfile.write(f"ETag: {tag}\r\nContent-Length: {len(PAGE)}\r\n\r\n".encode() + PAGE)


root = Root()
