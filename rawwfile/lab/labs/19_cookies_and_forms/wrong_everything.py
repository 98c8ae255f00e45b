"""Lab 19, wrong: the checksum of everything that came, boundaries and all."""

import hashlib
import html
import re
from urllib.parse import parse_qs, quote, unquote

from rawwfile import expose, request, response

PAGE = """<!DOCTYPE html><title>Hello</title><h1>Hello %s</h1>
<form action="name" method="post"><input name="name"> <button>That is me</button></form>
<form action="upload" method="post" enctype="multipart/form-data"><input type="file" name="file"> <button>Send</button>
</form>"""


class Root:
    """Your site: the forms, what takes the name, what takes the file."""

    @expose
    def index(self):
        known = re.search(r"(?:^|; )name=([^;]*)", request.headers.get("cookie", ""))
        return PAGE % html.escape(unquote(known[1]) if known else "stranger")

    @expose
    def name(self):
        form = parse_qs(request.rfile.read().decode())
        response.headers["Set-Cookie"] = f"name={quote(form['name'][0])}; HttpOnly; SameSite=Lax"
        return "I shall remember that.\n"

    @expose
    def upload(self):
        file = request.rfile.read()
        return hashlib.sha256(file).hexdigest() + "\n"


root = Root()
