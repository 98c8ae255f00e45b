"""Lab 1, wrong: characters are counted, and bytes are sent."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        greeting = "Grüß Gott"
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")
        response.wfile.write(f"Content-Length: {len(greeting)}\r\n\r\n{greeting}")


root = Root()
