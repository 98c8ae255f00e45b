"""Server push: one response, and each of its parts takes the place of the one before.

Room: 3.1 Push and wait. 2004, by Netscape's multipart/x-mixed-replace of 1995
Goal: a picture that moves without a line of script, as the first web cameras did it. The pictures
      are PNGs, made here by zlib, one a second; the browser shows each until the next has come.
Run:  python3 -m rawwfile serve legacy_examples/server_push.py
Try:  curl -sN "http://127.0.0.1:8000/camera?frames=3" | grep -a -e "^--next" -e "^Content"
Look: open the page in a browser. In the wire view (--wire=web) there is one response with a gap
      of a second before each part. "--next" parts them, "--next--" is the end; no length is
      known beforehand, so the connection ends with it. Browsers do this for pictures alone.
"""

import re
import struct
import zlib

from rawwfile import HTTPError, expose, quickstart, request, response, stream

SIDE, STEPS = 120, 12
PAGE = """<!DOCTYPE html>
<html lang="en">
<title>Server push</title>
<h1>A camera</h1>
<img src="camera" width="240" height="240" alt="A bar that moves to the right, a step each second">
</html>
"""


def png(pixels):
    """The file of a square grey picture; pixels: a row of bytes for each line."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)  # 8 bits a pixel, grey
    packed = zlib.compress(b"".join(b"\0" + row for row in pixels))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def frame(number):
    """A white picture with a dark bar, `number` steps from the left."""
    left = number % STEPS * (SIDE // STEPS)
    row = bytes(32 if left <= x < left + SIDE // STEPS else 240 for x in range(SIDE))
    return png([row] * SIDE)


class Root:
    @expose
    def index(self):
        return PAGE

    @expose(methods="GET")
    def camera(self, frames="60"):
        if not re.fullmatch("[0-9]{1,4}", str(frames)):
            raise HTTPError(400, "frames is a number of at most four digits.")
        response.sendResponse = 0
        response.wfile.write(
            "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n"
            "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        if request.method == "HEAD":
            return
        count = max(1, int(frames))
        response.wfile.write("--next\r\n")
        for number in range(count):
            picture = frame(number)
            response.wfile.write(f"Content-Type: image/png\r\nContent-Length: {len(picture)}\r\n\r\n")
            # The line that parts it from the next one goes along: until it is there, the part has not ended.
            response.wfile.write(picture + (b"\r\n--next\r\n" if number < count - 1 else b"\r\n--next--\r\n"))
            if number < count - 1:
                stream.sleep(1)  # ends at once when the browser leaves


root = Root()

if __name__ == "__main__":
    quickstart(root)
