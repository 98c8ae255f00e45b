import cPickle, copy
CherryClass Number abstract:
function:
    def __init__(self, n=0):
        self.n = n
    def __add__(self, o):
        return Number(self.n + int(o))
    def __radd__(self, o):
        return Number(int(o) + self.n)
    def __div__(self, o):
        return Number(self.n / int(o))
    def __int__(self):
        return self.n
    def __coerce__(self, o):
        return None
    def __cmp__(self, o):
        if isinstance(o, Number): o = o.n
        return cmp(self.n, o)
    def __hash__(self):
        return hash(self.n)
    def __repr__(self):
        return 'N(%d)' % self.n
    def __nonzero__(self):
        return self.n
    def __call__(self, *args, **kw):
        return 'called %s %s' % (args, kw)
    def __getattr__(self, name):
        if name[:4] == 'auto': return 'auto ' + name[4:]
        raise AttributeError, name
    def __getitem__(self, i):
        if i >= 3: raise IndexError, i
        return self.n + i
    def __getslice__(self, i, j):
        return 'slice %d %s' % (i, j > 1000)
    def __contains__(self, x):
        return x == self.n
    def __setattr__(self, name, value):
        self.__dict__[name] = value
CherryClass Root:
view:
    def index(self):
        a, b = Number(3), Number(4)
        l = [b, a, Number(1)]
        l.sort()
        return '%s %s %s %s %s %s %s' % (a + b, a + 1, 1 + a, b / 3, l, a < b, a == 3)
    def more(self):
        a = Number(2)
        r = [a(), a(1, x=2), a.autoX, a[0], a[1:2], a[:], 2 in a, 5 in a, not a, not Number(0), list(a), hasattr(a, 'none'), getattr(a, 'none', 'default')]
        return '\n'.join(map(str, r))
    def missing(self):
        return Number(1).nothing
    def pickled(self):
        a = Number(9)
        a.list = [1, 'x', None, (2.5, u'u')]
        text = cPickle.dumps(a.list)
        back = cPickle.loads(text)
        c = copy.copy(a)
        return '%s %s %s' % (back, type(text) is type(''), c.n)
    def dictKey(self):
        d = {Number(1): 'one'}
        d[Number(1)] = 'uno'
        return '%s %s' % (d.values(), d.has_key(Number(1)))
    def unbound(self):
        try:
            Number.__repr__(None)
        except TypeError, e:
            return 'type error'
    def attrs(self):
        a = Number(5)
        setattr(a, 'extra', 1)
        keys = a.__dict__.keys()
        keys.sort()
        delattr(a, 'extra')
        return '%s %s %s' % (keys, vars(a), a.__class__.__name__)
    def doc(self):
        "a doc string"
        return str(Root.doc.__doc__) + str(self.doc.im_func.func_name) + str(self.index.im_self is self)
