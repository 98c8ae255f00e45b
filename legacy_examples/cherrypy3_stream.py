"""CherryPy 3's manual: a generator that is separate from setting headers.

Room: 3.2 Push and wait. 2006, CherryPy 3.0
Goal: the program of its page on streaming, with one line changed: import rawwfile as cherrypy.
Run:  python3 -m rawwfile serve legacy_examples/cherrypy3_stream.py
Try:  curl -iN "http://127.0.0.1:8000/thing?name=you"
Look: "Transfer-Encoding: chunked": the two words are two chunks. Without a name it is a 404, since
      NotFound is raised before the first byte; /collected is the same without response.stream, and
      has a Content-Length. cherrypy.quickstart serves it without the command, as it did then.
"""

import rawwfile as cherrypy


def authorized():
    return "name" in cherrypy.request.params


class Root:
    def thing(self, name=None):
        cherrypy.response.headers["Content-Type"] = "text/plain"
        if not authorized():
            raise cherrypy.NotFound()

        def content():
            yield "Hello, "
            yield "world"

        return content()

    thing.exposed = True
    thing._cp_config = {"response.stream": True}

    @cherrypy.expose
    def collected(self):
        cherrypy.response.headers["Content-Type"] = "text/plain"
        yield "Hello, "
        yield "world"

    @cherrypy.expose
    def index(self):
        return '<a href="thing?name=you">streamed</a>, <a href="thing">not found</a>, <a href="collected">collected</a>'


root = Root()

if __name__ == "__main__":
    cherrypy.quickstart(root)
