"""Lab 22: a page that sends its visitors on, to wherever the address says."""

from rawwfile import HTTPError, HTTPRedirect, expose, response  # noqa: F401 - you may want them


class Root:
    """Your site: /open?to=... and /safe?to=... lead to another page."""

    @expose
    def index(self):
        return '<!DOCTYPE html><title>Home</title><a href="open?to=/">home</a> <a href="safe?to=/">safe</a>'

    @expose
    def open(self, to="/"):
        self.redirect(to)

    @expose
    def safe(self, to="/"):
        self.redirect(to)  # mend this one; leave open() as it is

    def redirect(self, to):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 303 See Other\r\n")
        response.wfile.write(f"Location: {to}\r\n")
        response.wfile.write("Content-Length: 0\r\n\r\n")


root = Root()
