CherryClass Root:
variable:
    words = ['one', 'two', 'three']
mask:
    def index(self, n="3"):
        <py-exec="n=int(n)">
        <py-for="i in range(n)">
            <py-if="i==0">
                first <py-eval="_index">/<py-eval="_end">
                <py-for="j in range(2)"><py-if="j">[<py-eval="j">:<py-eval="_index">]</py-if><py-else>(<py-for="k in 'xy'"><py-eval="k+`_index`"></py-for>)</py-else></py-for>
            </py-if>
            <py-else>
                <py-if="i==1">second</py-if> <py-else>
                    <div py-if="i==2">third <b py-eval="i">old <i>it</i></b></div>
                    <div py-else>more <div class="in"><div>deep</div></div></div>
                </py-else>
            </py-else>
        </py-for>
        after <py-eval="_index"> <py-eval="_end"> <py-eval="i">
    def table(self, rows="2", cols="3"):
        <table>
        <div py-for="r in range(int(rows))">
            <tr py-attr="'row%d' % r" class="">
            <div py-for="c in range(int(cols))"><td py-attr="'c%d' % c" id="" py-attr="c" width='' py-eval="r*c">cell</td></div>
            </tr>
        </div>
        </table>
    def code(self, **kw):
        <py-code="
            total = 0
            for w in self.words:
                if len(w) > 3:
                    total = total + len(w)
                else:
                    total = total - 1
            keys = kw.keys()
            keys.sort()
        ">
        <div py-code="
            def inner(x, y=2):
                return x * y
            text = '''two
              lines'''
        "></div>
        total <py-eval="total"> inner <py-eval="inner(4)"> <py-eval="inner(4, y=5)"> text <py-eval="text">
        <py-for="w in self.words"><py-code="
            if w == 'two':
                _page.append('<<two>>')
                up = 'U'
            else:
                up = w.upper()
        " /><py-eval="up"> </py-for>
        <py-exec="for k in keys: _page.append(k + '=' + kw[k] + ';')">
        <py-exec="a = 1; b = 2; c = a + b"><py-eval="c">
        <py-if="total > 100">
        <py-exec="return 'never'">
        </py-if>
        <py-if="kw.has_key('stop')">
            <py-exec="return 'stopped by ' + kw['stop']">
        </py-if>
        end
    def elseIf(self, a="", b=""):
        <py-if="a">A<py-if="b">B</py-if><py-else>notB</py-else></py-if>
        
        <py-else>noA<py-if="b">B</py-if>    <py-else>notB<py-if="not a and not b"> at all</py-if></py-else></py-else>
        <div py-if="a and b">both</div>   
        <div py-else></div>
        <div py-if="a or b">any<div py-if="a">a</div><div py-else>no a</div></div>
        <div py-else>
        none
        </div>
    def tuples(self):
        <py-for="name, (x, y) in [('p', (1, 2)), ('q', (3, 4))]">
        <py-eval="name">: <py-eval="x*y"> <py-eval="'%s=%d' % (name, x)">
        </py-for>
        <py-for="k in {'only': 1}.keys()"><py-eval="k"></py-for>
        <py-for="a in []">nothing</py-for>
        <py-for="c in 'abc'"><py-if="_index == _end">last: </py-if><py-eval="c"></py-for>
        <py-for="line in 'a b c'.split()"><py-exec="if _index == 1: continue"><py-eval="line"></py-for>
        <py-for="x in (1, 2, 3)"><py-if="x == 2"><py-exec="break"></py-if><py-eval="x"></py-for>
    def attrs(self, css="red", url="/x?a=1&b=2"):
        <a py-attr="url" href="">link</a>
        <a class="k" py-attr="url + '#top'" href='old' target="_top">link</a>
        <td py-attr="css" bgColor="" py-attr="len(css)" width="" py-eval="css.upper()"></td>
        <img border=0 py-attr="css" alt="" src=plain>
        <input type=checkbox py-attr="css" value="" checked>
        <option py-eval="css">
        <br py-eval="3"/>lost
        <p py-eval="'<b>' + css + '</b>'">x</p>
        <div id="z" py-eval="css">kept</div>
        <div  py-eval="css">kept too</div>
        <div py-eval="css">gone <div>inner</div> gone</div>
        <span py-eval="css"/>tail<b>x</b>
