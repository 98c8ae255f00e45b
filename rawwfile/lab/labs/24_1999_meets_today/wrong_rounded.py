"""Lab 24, wrong: rounds, which is right for 2.45 and not for 2.80."""

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
        response.headers["Content-Type"] = "text/plain"
        pence = int(count) * 35
        if pence != 35:
            name = f"{int(count)} {name}"
        return ("%s: \xa3%s.%02d" % (name, round(pence / 100), pence % 100)).encode("latin-1")


root = Root()
