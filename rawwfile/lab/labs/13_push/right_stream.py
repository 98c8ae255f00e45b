"""Lab 13, right: a generator whose pieces are sent as they come, with the length of each picture."""

from rawwfile import expose, response, stream

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
    @stream
    def camera(self):
        response.headers["Content-Type"] = "multipart/x-mixed-replace; boundary=next"
        for colour in COLOURS:
            yield f"--next\r\nContent-Type: image/gif\r\nContent-Length: {len(picture(colour))}\r\n\r\n"
            yield picture(colour) + b"\r\n"
            stream.sleep(0.1)
        yield "--next--\r\n"


root = Root()
