"""Lab 7, wrong: the size counts characters, and an umlaut is two bytes."""

from rawwfile import expose, response


class Root:
    """The site."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")
        response.wfile.write("Transfer-Encoding: chunked\r\n\r\n")
        for line in ("Fünf.\n", "Sechs, und länger.\n", "Sieben.\n"):
            response.wfile.write(f"{len(line):x}\r\n{line}\r\n")
        response.wfile.write("0\r\n\r\n")


root = Root()
