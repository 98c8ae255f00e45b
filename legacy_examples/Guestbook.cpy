use Tools
# A guest book as one wrote it for CherryPy 0.10 in 2004; see the README for three ways to run it.

def initServer():
    global entries
    entries = [("Ada", "First!")]

CherryClass Page abstract:
aspect:
    method.type == 'mask' start:
        _page.append("<html><head><title>%s</title></head><body>\n" % self.title)
    method.type == 'mask' end:
        _page.append("</body></html>\n")

CherryClass Root(Page):
variable:
    title = "The guest book"

function:
    def count(self):
        dozens = len(entries) / 12
        if dozens <> 1: return `dozens` + " dozen"
        return "a dozen"

mask:
    def index(self):
        <h1><py-eval="self.title"></h1>
        # Lines that begin so are comments, in masks too.
        <py-for="name, text in entries">
            <p><b py-eval="tools.escapeHtml(name)">Name</b>: <py-eval="tools.escapeHtml(text)"></p>
        </py-for>
        <py-if="len(entries) > 9"><p>What a crowd: <py-eval="self.count()">!</p></py-if><py-else><p>Be welcome.</p></py-else>
        <form action="<py-eval="request.base">/sign" method="post">
            <input name="name"> <input name="text"> <input type="submit" value="Sign">
        </form>

view:
    def sign(self, name="", text=""):
        if not name or not text: raise "Fill in both, please"
        entries.append((name, text))
        response.headerMap['status'] = 302
        response.headerMap['location'] = request.base + "/"
        return ""

    def raw(self):
        "The whole response by hand."
        response.wfile.write("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        for name, text in entries:
            print >>response.wfile, "%-10s %s" % (name, text)
        response.sendResponse = 0
        return ""
