"""Lab 13, right: in chunks, so that the connection lives on; each part has a length."""

import time

from rawwfile import expose, response

COLOURS = [b"\xd0\x20\x20", b"\xe0\xb0\x10", b"\x20\x90\x30"]  # red, yellow, green
PAGE = '<!DOCTYPE html><title>Push</title><img src="camera" width="200" height="200" alt="A light">'


def picture(colour):
    """The bytes of a GIF of one pixel."""
    return b"GIF89a\1\0\1\0\x80\0\0" + colour + b"\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


class Root:
    """Your site; camera is what the page's img shows."""

    @expose
    def index(self):
        return PAGE

    @expose
    def camera(self):
        response.sendResponse = 0
        response.wfile.write(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
            "Content-Type: multipart/x-mixed-replace; boundary=\"a b\"\r\n\r\n"
        )
        for colour in COLOURS:
            data = picture(colour)
            head = b"--a b\r\nContent-Type: image/gif\r\nContent-Length: %d\r\n\r\n" % len(data)
            self.chunk(head + data + b"\r\n")
            time.sleep(0.1)
        self.chunk(b"--a b--\r\n")
        response.wfile.write("0\r\n\r\n")

    def chunk(self, data):
        response.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


root = Root()
