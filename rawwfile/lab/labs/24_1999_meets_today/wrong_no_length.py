"""Lab 24, wrong: by hand, with all but the length."""

from rawwfile import expose, response

PAGE = """<html><head><title>The shop</title></head><body>
<h1>What we have</h1>
%s
</body></html>
"""


class Root:
    """The shop."""

    stock = [("Apples", 12), ("Pears", 0), ("Quinces", 7)]

    @expose
    def index(self):
        response.headers["Content-Type"] = "text/html"
        return PAGE % "".join(f"\n    <p>{name}: {count or 'sold out'}</p>\n" for name, count in self.stock)

    @expose
    def price(self, name="", count="1"):
        response.sendResponse = 0
        pence = int(count) * 35
        if pence != 35:
            name = f"{int(count)} {name}"
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        response.wfile.write(("%s: \xa3%s.%02d" % (name, pence // 100, pence % 100)).encode("latin-1"))


root = Root()
