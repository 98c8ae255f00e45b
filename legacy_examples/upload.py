"""Uploads: a form that is parsed, a body that is read by hand, and a file on the disk.

Room: 2.6 HTTP/1.1 by hand. 2004, by RFC 2388 of 1998
Goal: a file field of a form arrives as an object with a name and a size; at /raw nothing is parsed
      and request.rfile gives the bytes of the body, as many as there are; /disk writes them to a
      file, which is there when all of them have come, or not at all; the last one is kept.
Run:  python3 -m rawwfile serve legacy_examples/upload.py
Try:  curl -T README.txt http://127.0.0.1:8000/raw
Look: the number of bytes. Memory does not grow with them, however large the file is. Send it to /disk
      and compare what it says with sha256sum. Break a large one off: no half of it stays behind.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
import threading

from rawwfile import HTTPError, expose, quickstart, request, response

FORM = """<!DOCTYPE html>
<html lang="en">
<title>Upload</title>
<form action="form" method="post" enctype="multipart/form-data">
<label>A file: <input type="file" name="file"></label> <button>Send</button>
</form>
</html>
"""
MOST = 1 << 30


class Root:
    def __init__(self):
        self.lock, self.folder = threading.Lock(), None

    @expose
    def index(self):
        return FORM

    @expose(methods="POST", content_type="text/plain; charset=utf-8")
    def form(self, file):
        if not hasattr(file, "filename"):
            raise HTTPError(400, "One file was meant: this is text, or there are several.")
        return f"{file.filename}: {len(file)} bytes\n"

    @expose(methods=("POST", "PUT"), content_type="text/plain")
    def raw(self):
        count = 0
        while piece := request.rfile.read(65536):
            count += len(piece)
        response.headers["X-Counted"] = str(count)
        return f"{count} bytes\n"

    @expose(methods=("POST", "PUT"), content_type="text/plain")
    def disk(self):
        if (request.content_length or 0) > MOST:
            raise HTTPError(413, f"More than {MOST} bytes.")  # said before the content comes
        count, digest, folder = 0, hashlib.sha256(), self.directory()
        handle, unfinished = tempfile.mkstemp(".part", dir=folder)
        try:
            with open(handle, "wb") as file:
                while piece := request.rfile.read(65536):  # an upload that breaks off raises, and ends here
                    count += len(piece)
                    if count > MOST:
                        raise HTTPError(413, f"More than {MOST} bytes.")
                    digest.update(piece)
                    file.write(piece)
            os.replace(unfinished, os.path.join(folder, "latest"))  # whole, or as it was before
        finally:
            if os.path.exists(unfinished):
                os.remove(unfinished)
        return f"{digest.hexdigest()}  {count} bytes\n"

    def directory(self):
        with self.lock:
            if self.folder is None:
                self.folder = tempfile.mkdtemp(prefix="rawwfile-")
                atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        return self.folder


root = Root()

if __name__ == "__main__":
    quickstart(root)
