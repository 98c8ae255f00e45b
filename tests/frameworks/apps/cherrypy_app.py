"""A CherryPy 18 site, as its manual writes one; `application` is cherrypy.tree, a WSGI application."""

import cherrypy

from tests.frameworks import gates

cherrypy.config.update({"environment": "embedded", "log.screen": False})
STREAM = {"response.stream": True}


class Root:
    @cherrypy.expose
    def thing(self, authorized="yes"):
        """The example of the manual, "Streaming the response body"."""
        cherrypy.response.headers["Content-Type"] = "text/plain"
        if authorized != "yes":
            raise cherrypy.NotFound()

        def content():
            yield "Hello, "
            gates.wait_at("stream")
            yield "world"

        return content()

    thing._cp_config = STREAM

    @cherrypy.expose
    def stream(self):
        cherrypy.response.headers["Content-Type"] = "text/plain"
        return gates.two_pieces()

    stream._cp_config = STREAM

    @cherrypy.expose
    def endless(self):
        yield from gates.endless_pieces()

    endless._cp_config = STREAM | {"hooks.on_end_request": lambda: gates.note("endless's request")}

    @cherrypy.expose
    def early(self):
        yield from gates.failing_pieces()

    early._cp_config = STREAM

    @cherrypy.expose
    def late(self):
        yield from gates.failing_pieces("one")

    late._cp_config = STREAM

    @cherrypy.expose
    def context(self, name=""):
        yield cherrypy.request.path_info + " "
        yield cherrypy.request.params["name"]

    context._cp_config = STREAM

    @cherrypy.expose
    def buffered(self):
        yield "one"
        yield "two"

    @cherrypy.expose
    def left_behind(self):
        return f"{gates.leaking.get()} {cherrypy.serving.request.path_info}"

    @cherrypy.expose
    def open(self, name):
        return gates.open_gate(name)

    @cherrypy.expose
    def count(self, name):
        return str(gates.count_of(name))


cherrypy.tree.mount(Root(), "/", {"/": {"tools.encode.on": True, "tools.encode.encoding": "utf-8"}})
application = cherrypy.tree
