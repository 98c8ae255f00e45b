"""Lab 1, wrong: the page is returned, so the server writes the response."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.headers["Content-Type"] = "text/plain"
        return "Hello, world\n"


root = Root()
