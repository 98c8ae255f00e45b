"""Lab 1: say hello by hand. What you write on response.wfile is all that the client gets."""

from rawwfile import expose, response


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        # Here: a status line, fields, an empty line, and a greeting.
        # response.wfile.write("...")
        return ""


root = Root()
