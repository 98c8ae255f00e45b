"""Lab 9, wrong: everything is too large."""

from rawwfile import HTTPError, expose

MOST = 1000


class Root:
    """Your site; index takes what is sent to /."""

    @expose
    def index(self):
        raise HTTPError(413, f"At most {MOST} bytes, please.")


root = Root()
