CherryClass Root:
variable:
    tree = ('root', [('a', []), ('b', [('c', []), ('d', [('e', [])])])])
mask:
    def index(self):
        <ul><py-eval="self.node(self.tree, 0)"></ul>
    def node(self, (name, children), depth=0):
        <li class="d<py-eval="depth">"><py-eval="name"><py-if="children"> (<py-eval="len(children)">)
        <ul><py-for="child in children"><py-eval="self.node(child, depth + 1)"></py-for></ul></py-if></li>
    def pages(self):
        one
        <py-exec="saved = _page[:]; del _page[:]">
        two
        <py-exec="_page.insert(0, 'zero ')">
        <py-exec="_page[0:0] = saved[:1]">
        <py-exec="n = len(_page)"><py-eval="n > 2">
        <py-exec="_page.append(`n > 1`); _page.extend(['x', 'y'])">
        <py-eval="''.join(_page).count('o')">
    def functions(self, q="2"):
        <py-code="
            def square(x): return x * x
            class Acc:
                total = 0
                def add(self, n): self.total = self.total + n; return self
            acc = Acc()
            global lastSquare
            lastSquare = square(int(q))
            def rec(n):
                if n <= 1: return 1
                return n * rec_(n - 1)
            global rec_
            rec_ = rec
        ">
        <py-eval="square(int(q))"> <py-eval="acc.add(1).add(2).total"> <py-eval="lastSquare"> <py-eval="rec(5)">
        <py-eval="(lambda a, b=2: a * b)(4)"> <py-eval="[i for i in range(5) if i % 2]"> <py-eval="map(lambda x: x + 1, [1, 2])"> <py-eval="{'a': 1}['a']">
        <py-eval="int(q) and 'true' or 'false'"> <py-eval="'%s-%s' % (q, q)"> <py-eval="q[0]"> <py-eval="q * 3"> <py-eval="self.tree[1][1][0]">
    def tryit(self, q=""):
        <py-code="
            try:
                n = int(q)
            except ValueError, e:
                n = -1
                error = str(e)
            else:
                error = ''
        ">
        <py-eval="n"> <py-if="error"><i py-eval="error.split(' ')[0]">e</i></py-if><py-else>fine</py-else>
        <py-exec="if n > 5: return 'big'">
        <py-exec="while n > 0: _page.append(str(n)); n = n - 1">
        <py-exec="assert n <= 0"><py-exec="del n">
        <py-eval="locals().has_key('n')">
    def comments(self):
        <!-- <py-if="1">in comment</py-if> -->
        <script language="JavaScript">
        <!--
        var a = "<py-eval="'x'">", b = '<py-eval="'y'">';
        for (i=0; i<3; i++) { a += '<py-eval="1">' + "\n"; }
        // -->
        </script>
        <style>
        body { color: #fff }
        .x { background: url(<py-eval="'u'">) }
        </style>
        <textarea>
          keep
            this <py-eval="'v'">
        </textarea>
    def cases(self):
        <TD PY-EVAL="1">upper is text</TD>
        <Py-Eval="2">
