"""Lab 9, wrong: it says no when everything has been read."""

from rawwfile import HTTPError, expose, request

MOST = 1000


class Root:
    """Your site; index takes what is sent to /."""

    @expose
    def index(self):
        content = request.rfile.read()
        if len(content) > MOST:
            raise HTTPError(413, f"At most {MOST} bytes, please.")
        return f"{len(content)} bytes, thank you.\n"


root = Root()
