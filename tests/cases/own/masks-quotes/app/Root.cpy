CherryClass Root:
mask:
    def index(self, name="World", q='"'):
        <py-eval="'I \"love\" pie'">
        <py-eval="'it\'s'">
        <py-eval="'a\\b'">
        <py-eval="'tab\there'">|
        <py-if="name=="World"">world</py-if>
        <py-if='x'>not a tag</py-if>
        <py-for="c in "abc"">[<py-eval="c">]</py-for>
        <div py-if="name.find("o")>0">has o</div>
        <py-if="1 > 0 and 2 < 3">math</py-if>
        <py-if="'>' in '<>'">gt</py-if>
        <py-eval="'>'"> <py-eval="'<b>'"> <py-eval="1 > 2">
        <a py-attr="'\"quoted\"'" title="x">q</a>
        <a py-attr="name" title='x' href="y">q</a>
        <py-code="
            x = '"\>'
            y = 'a>b'
        ">
        <py-eval="y"> <py-eval="len(x)">
        "<py-eval="q">" '<py-eval="q">' "
        <py-eval="'''triple'''">
        <py-eval="  'blanks'  ">
        <py-eval="('tuple', 1)"> <py-eval="[1, 'x']"> <py-eval="{'k': 'v'}"> <py-eval="None">
        <py-eval="lambda_ and 1 or 2" /><py-exec="pass">
variable:
    pass
function:
    def __init__(self):
        global lambda_
        lambda_ = 0
