"""Lab 9: a place for small gifts; who wants to bring a large one asks before."""

from rawwfile import HTTPError, expose, request

MOST = 1000


class Root:
    """Your site; index takes what is sent to /."""

    @expose
    def index(self):
        if request.content_length > MOST:
            raise HTTPError(413, f"At most {MOST} bytes, please.")
        content = request.rfile.read()
        return f"{len(content)} bytes, thank you; up to {MOST} are welcome.\n"


root = Root()
