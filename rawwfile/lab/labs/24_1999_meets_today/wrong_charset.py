"""Lab 24, wrong: the pound sign in UTF-8 has two bytes."""

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
        return "%s: \xa3%s.%02d" % (name, pence // 100, pence % 100)


root = Root()
