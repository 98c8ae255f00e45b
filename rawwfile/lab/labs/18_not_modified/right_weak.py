"""Lab 18, right: a weak tag, a length that is that of the page, and fields that caches want."""

from rawwfile import expose, request, response

PAGE = b"A page that does not change often.\n" * 50


class Root:
    """Your site; index is the page."""

    @expose
    def index(self):
        tag = 'W/"second-edition"'  # W/ says: the same for a reader, perhaps not byte for byte
        known = request.headers.get("if-none-match")  # the tag that the client has, or None
        response.sendResponse = 0
        if known == tag:
            response.wfile.write(f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nCache-Control: no-cache\r\n")
            response.wfile.write(f"Content-Length: {len(PAGE)}\r\n\r\n")
            return
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")
        response.wfile.write(f"ETag: {tag}\r\nContent-Length: {len(PAGE)}\r\n\r\n".encode() + PAGE)


root = Root()
