"""Lab 19, right: the server parses both forms, and keeps the cookie."""

import hashlib
import html
from urllib.parse import quote, unquote

from rawwfile import expose, request, response

PAGE = """<!DOCTYPE html><title>Hello</title><h1>Hello %s</h1>
<form action="name" method="post"><input name="name"> <button>That is me</button></form>
<form action="upload" method="post" enctype="multipart/form-data"><input type="file" name="file"> <button>Send</button>
</form>"""


class Root:
    """Your site: the forms, what takes the name, what takes the file."""

    @expose
    def index(self):
        known = request.cookie.get("name")
        return PAGE % html.escape(unquote(known.value) if known else "stranger")

    @expose
    def name(self, name):
        response.cookie["name"] = quote(name)
        response.cookie["name"]["httponly"] = True
        response.cookie["name"]["samesite"] = "Lax"
        return "I shall remember that.\n"

    @expose
    def upload(self, file):
        return hashlib.sha256(file.read()).hexdigest() + "\n"


root = Root()
