"""A zip file that is never whole: sent while it is made.

Room: 4.3 Streams that browsers know. 2015, zipfile of Python 3.5
Goal: response.wfile is a file, so zipfile writes to it directly; no temporary file, no big string.
Run:  python3 -m rawwfile serve legacy_examples/streaming_zip.py
Try:  curl -s http://127.0.0.1:8000/ -o squares.zip && python3 -m zipfile -l squares.zip
Look: a download of unknown length that unpacks without complaint, and names that are not ASCII. With
      "?count=20000" behind the address it is larger, and begins as soon. In the wire view (--wire) the
      many small writes are those of zipfile, which cannot go back in what was sent.
"""

import re
import zipfile

from rawwfile import HTTPError, expose, quickstart, request, response


class Root:
    @expose(methods="GET")
    def index(self, count="5"):
        if not re.fullmatch("[0-9]{1,5}", str(count)):
            raise HTTPError(400, "count is a number of at most five digits.")
        response.sendResponse = 0
        response.wfile.write(
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: application/zip\r\n"
            'Content-Disposition: attachment; filename="squares.zip"\r\n\r\n'
        )
        if request.method == "HEAD":
            return
        with zipfile.ZipFile(response.wfile, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(1, int(count) + 1):
                archive.writestr(f"{number}\N{SUPERSCRIPT TWO}.txt", f"{number * number}\n")


root = Root()

if __name__ == "__main__":
    quickstart(root)
