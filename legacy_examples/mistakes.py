"""Mistakes: what the server makes of a response that is wrong.

Room: 6.1 What goes wrong. today
Goal: one page for each mistake that a handler can make who writes by hand.
Run:  python3 -m rawwfile serve legacy_examples/mistakes.py
Try:  curl -i http://127.0.0.1:8000/short
Look: what curl complains about, and the line that the server logs. "rawwfile help handlers" says why.
      With --wire the bytes that are wrong are marked where they stand.
"""

from rawwfile import expose, quickstart, response

HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n"


class Root:
    @expose
    def index(self):
        pages = (self.short, self.excess, self.no_http, self.head_body, self.forgot, self.nothing, self.halfway)
        items = "".join(f'<li><a href="{page.__name__}">{page.__name__}</a>: {page.__doc__}\n' for page in pages)
        return f'<!DOCTYPE html>\n<html lang="en">\n<title>Mistakes</title>\n<ul>\n{items}</ul>\n</html>\n'

    @expose
    def short(self):
        """Less than its Content-Length."""
        response.sendResponse = 0
        response.wfile.write(HEAD + "five\n")

    @expose
    def excess(self):
        """More than its Content-Length."""
        response.sendResponse = 0
        response.wfile.write(HEAD + "ten bytes\nand more\n")

    @expose
    def no_http(self):
        """No response at all."""
        response.sendResponse = 0
        response.wfile.write("Hello, I am no HTTP.\n")

    @expose
    def head_body(self):
        """Right for GET, but the answer to HEAD (curl -I) has no body."""
        response.sendResponse = 0
        response.wfile.write(HEAD + "ten bytes\n")

    @expose
    def forgot(self):
        """Written, but sendResponse is still 1."""
        response.wfile.write(HEAD + "ten bytes\n")
        return "never seen"

    @expose
    def nothing(self):
        """Said to be written, but nothing was."""
        response.sendResponse = 0

    @expose
    def halfway(self):
        """An error in the middle."""
        response.sendResponse = 0
        response.wfile.write(HEAD + "five\n")
        raise RuntimeError("the other five bytes are lost")


root = Root()

if __name__ == "__main__":
    quickstart(root)
