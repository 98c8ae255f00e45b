# The shop, as one wrote it for CherryPy 0.10. It runs as it is: rawwfile serve old.cpy

CherryClass Root:
variable:
    stock = [("Apples", 12), ("Pears", 0), ("Quinces", 7)]

mask:
    def index(self):
        <html><head><title>The shop</title></head><body>
        <h1>What we have</h1>
        <py-for="name, count in self.stock">
            <p><py-eval="name">: <py-if="count"><py-eval="count"></py-if><py-else>sold out</py-else></p>
        </py-for>
        </body></html>

view:
    def price(self, name="", count="1"):
        response.headerMap['content-type'] = 'text/plain'
        pence = int(count) * 35
        if pence <> 35: name = `int(count)` + " " + name
        return "%s: \xa3%s.%02d" % (name, pence / 100, pence % 100)
