"""Uploads: a form that is parsed, and a body that is read by hand.

Goal: a file field of a form arrives as an object with a name and a size; at /raw nothing is parsed
      and request.rfile gives the bytes of the body, as many as there are.
Run:  python3 -m rawwfile serve legacy_examples/upload.py
Try:  curl -T README.txt http://127.0.0.1:8000/raw
Look: the number of bytes. Memory does not grow with them, however large the file is.
"""

from rawwfile import HTTPError, expose, request, response

FORM = """<!DOCTYPE html>
<title>Upload</title>
<form action="form" method="post" enctype="multipart/form-data">
<input type="file" name="file"> <button>Send</button>
</form>
"""


class Root:
    @expose
    def index(self):
        return FORM

    @expose(methods="POST", content_type="text/plain; charset=utf-8")
    def form(self, file):
        if isinstance(file, str):
            raise HTTPError(400, "The field is text; a file was meant.")
        return f"{file.filename}: {len(file)} bytes\n"

    @expose(methods=("POST", "PUT"), content_type="text/plain")
    def raw(self):
        count = 0
        while piece := request.rfile.read(65536):
            count += len(piece)
        response.headers["X-Counted"] = str(count)
        return f"{count} bytes\n"


root = Root()
