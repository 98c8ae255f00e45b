"""Lab 9: a place for small gifts; who wants to bring a large one asks before."""

from rawwfile import expose, request

MOST = 1000


class Root:
    """Your site; index takes what is sent to /."""

    @expose
    def index(self):
        # request.content_length is what the client says; reading tells it to go on.
        content = request.rfile.read()
        return f"{len(content)} bytes, thank you; up to {MOST} are welcome.\n"


root = Root()
