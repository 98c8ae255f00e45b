"""Lab 23: a site that is quick, and waits for a request head no longer than two seconds."""

from rawwfile import expose, request


class Root:
    """/quick is there at once; /take takes content."""

    @expose
    def index(self):
        return "Take your time, but not too much of it.\n"

    @expose
    def quick(self):
        return "quick\n"

    @expose
    def take(self):
        return f"{len(request.rfile.read())} bytes\n"


root = Root()
