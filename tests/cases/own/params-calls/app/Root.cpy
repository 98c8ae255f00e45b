CherryClass Root:
view:
    def index(self, a, b='two', *args, **kw):
        keys = kw.keys(); keys.sort()
        return '%r %r %r %r' % (a, b, args, [(k, kw[k]) for k in keys])
    def exact(self, a): return repr(a)
    def none(self): return 'none'
    def lists(self, x):
        if type(x) == type([]): return 'list of %d: %s' % (len(x), ','.join(x))
        return 'one: ' + x
    def mutate(self, **kw):
        request.paramMap['new'] = '1'
        return '%s %s %s' % (request.paramMap is request.originalParamMap, request.originalParamMap.has_key('new'), kw.has_key('new'))
    def numbers(self, i='0', f='0', l='0'):
        return '%s %s %s %s' % (int(i) * 2, float(f) / 4, long(l) + 1, `long(l)`)
    def tup(self, (a, b)=(1, 2), c=3):
        return '%s %s %s' % (a, b, c)
    def keyword(self, class_='', **kw):
        return kw.get('class', 'none') + kw.get('a-b', 'none') + kw.get('1', 'none')
    def selfish(self, **kw):
        return 'never'
mask:
    def page(self, title='', items=[], **kw):
        <title><py-eval="title or 'untitled'"></title>
        <py-for="i in items"><li><py-eval="i"></py-for>
        <py-eval="len(kw)">
