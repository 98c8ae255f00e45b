"""Lab 13, wrong: the pictures as Python would print them."""

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
            "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\nConnection: close\r\n\r\n"
        )
        for colour in COLOURS:
            response.wfile.write(f"--next\r\nContent-Type: image/gif\r\n\r\n{picture(colour)}\r\n")
            time.sleep(0.01)
        response.wfile.write("--next--\r\n")


root = Root()
