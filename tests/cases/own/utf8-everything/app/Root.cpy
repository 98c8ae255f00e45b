CherryClass Root:
mask:
    def index(self, name='Zoë'):
        <meta http-equiv="Content-Type" content="text/html; charset=utf-8">
        <h1>日本語 <py-eval="name"> <py-eval="len('é')"> €</h1>
        <py-if="name == 'Zoë'">diaeresis ё</py-if>
        <py-eval="'é'.upper()"> <py-eval="`'é'`">
        <py-include="inc.html">
view:
    def text(self, q=''):
        response.headerMap['content-type'] = 'text/html; charset=utf-8'
        return 'got: %s %r %d “quoted”' % (q, q, len(q))
    def decode(self, q='é€'):
        u = unicode(q, 'utf-8')
        return '%d %d %s' % (len(q), len(u), u.upper().encode('utf-8'))
    def nbsp(self):
        return 'a  b … \xa0\x85'.replace('\xc2\xa0', '_')
    def split(self):
        return repr('a\xa0b c'.split()) + repr('à b'.split()) + repr('x\x85y\nz'.splitlines())
