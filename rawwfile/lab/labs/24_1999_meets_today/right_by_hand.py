"""Lab 24, right: the price is written by hand."""

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
        pence = int(count) * 35
        if pence != 35:
            name = f"{int(count)} {name}"
        content = b"%s: \xa3%d.%02d" % (name.encode("latin-1"), *divmod(pence, 100))
        response.sendResponse = 0
        response.wfile.write(f"HTTP/1.1 200 OK\r\ncontent-length: {len(content)}\r\nCONTENT-TYPE:text/plain\r\n\r\n")
        response.wfile.write(content)


root = Root()
