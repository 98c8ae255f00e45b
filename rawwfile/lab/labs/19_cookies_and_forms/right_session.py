"""Lab 19, right: the cookie is a number, and the server keeps the name; the file ends at the last boundary."""

import hashlib
import html
from http.cookies import SimpleCookie
from secrets import token_urlsafe
from urllib.parse import parse_qs

from rawwfile import expose, request, response

PAGE = """<!DOCTYPE html><title>Hello</title><h1>Hello %s</h1>
<form action="name" method="post"><input name="name"> <button>That is me</button></form>
<form action="upload" method="post" enctype="multipart/form-data"><input type="file" name="file"> <button>Send</button>
</form>"""


class Root:
    """Your site: the forms, what takes the name, what takes the file."""

    names = {}

    @expose
    def index(self):
        known = SimpleCookie(request.headers.get("cookie", "")).get("session")
        return PAGE % html.escape(self.names.get(known.value, "stranger") if known else "stranger")

    @expose
    def name(self):
        form = parse_qs(request.rfile.read().decode())
        session = token_urlsafe()
        self.names[session] = form["name"][0]
        response.headers["Set-Cookie"] = f"session={session}; HttpOnly; SameSite=Lax"
        return "I shall remember that.\n"

    @expose
    def upload(self):
        boundary = request.headers["content-type"].partition("boundary=")[2].encode()
        _, _, file = request.rfile.read().partition(b"\r\n\r\n")
        file = file[: file.rindex(b"\r\n--" + boundary)]
        return hashlib.sha256(file).hexdigest() + "\n"


root = Root()
