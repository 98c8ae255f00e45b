"""Lab 24, wrong: today's type says a charset too."""

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
        response.headers["Content-Type"] = "text/plain; charset=iso-8859-1"
        return ("%s: \xa3%s.%02d" % (name, pence // 100, pence % 100)).encode("latin-1")


root = Root()
