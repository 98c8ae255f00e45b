CherryClass Root:
variable:
    site = 'Site'
mask:
    def index(self, title="T"):
        <py-include="parts/head.html">
        <p>body of <py-eval="title"></p>
        <div py-include="parts/foot.html">placeholder <div>nested</div> more</div>
        end
    def inline(self):
        a<py-include="word.txt">b<py-include="word.txt"/>c<py-include="word.txt" />d
    def loop(self):
        <py-for="row in [('a', 1), ('b', 2)]">
        <py-include="row.html">
        </py-for>
    def condition(self, x=''):
        <py-if="x"><py-include="word.txt"></py-if><py-else>-<py-include="empty.txt"></py-else>|
    def odd(self):
        <pre>
        <py-include="odd.txt">
        </pre>
    def crlf(self):
            <py-include="crlf.html">
    def search(self):
        <py-include="shared.html">
    def chtl(self, items=['x', 'y']):
        <py-include="designer.html">
CherryClass Sub(Root):
variable:
    site = 'Subsite'
mask:
    def other(self):
        <div py-include="parts/head.html"></div>
