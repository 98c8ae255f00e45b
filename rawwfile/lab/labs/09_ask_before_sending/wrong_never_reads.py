"""Lab 9, wrong: it answers 200 and reads nothing."""

from rawwfile import HTTPError, expose, request

MOST = 1000


class Root:
    """Your site; index takes what is sent to /."""

    @expose
    def index(self):
        if request.content_length > MOST:
            raise HTTPError(413, f"At most {MOST} bytes, please.")
        return "Thank you.\n"


root = Root()
