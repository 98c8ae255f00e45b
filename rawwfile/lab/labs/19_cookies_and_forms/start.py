"""Lab 19: a name that is remembered, and a file that arrives as it was sent."""

import hashlib

from rawwfile import expose, request

PAGE = """<!DOCTYPE html><title>Hello</title><h1>Hello %s</h1>
<form action="name" method="post"><input name="name"> <button>That is me</button></form>
<form action="upload" method="post" enctype="multipart/form-data"><input type="file" name="file"><button>Go</button>"""


class Root:
    """Your site: the forms, what takes the name, what takes the file."""

    @expose
    def index(self):
        return PAGE % "stranger"  # request.headers.get("cookie") is what the client remembers

    @expose
    def name(self):
        form = request.rfile.read().decode()  # name=...
        return f"You sent {form}"  # make a cookie of the name

    @expose
    def upload(self):
        file = request.rfile.read()  # cut the file out of it
        return hashlib.sha256(file).hexdigest() + "\n"


root = Root()
