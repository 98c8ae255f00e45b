import cPickle, copy, weakref, types, UserList, UserDict, UserString, sets
CherryClass Root:
variable:
    registry = []
view:
    def accessors(self):
        class Lazy:
            def __init__(self): self.__dict__['_d'] = {}
            def __getattr__(self, name):
                if name.startswith('__'): raise AttributeError, name
                return self._d.get(name, 'no ' + name)
            def __setattr__(self, name, value): self._d[name] = value
            def __delattr__(self, name): del self._d[name]
        l = Lazy()
        l.a = 1
        r = [l.a, l.b, hasattr(l, 'anything'), getattr(l, 'c')]
        del l.a
        r.append(l.a)
        return repr(r)
    def mixins(self):
        class A:
            name = 'A'
            def hello(self): return 'A.hello'
            def both(self): return 'A'
        class B:
            name = 'B'
            def both(self): return 'B'
            def onlyB(self): return self.both() + self.name
        class C(A, B):
            def hello(self): return 'C+' + A.hello(self)
        class D(C): pass
        d = D()
        return '%s %s %s %s %s %s %s' % (d.hello(), d.both(), d.onlyB(), isinstance(d, B), issubclass(D, A), D.__bases__[0].__name__, [c.__name__ for c in C.__bases__])
    def counting(self):
        class Counter:
            n = 0
            def __init__(self): Counter.n = Counter.n + 1
            def __del__(self): Counter.n = Counter.n - 1
        a = Counter()
        b = Counter()
        x = Counter.n
        del a
        return '%d %d' % (x, Counter.n)
    def operators(self):
        class V:
            def __init__(self, x, y): self.x, self.y = x, y
            def __add__(self, o): return V(self.x + o.x, self.y + o.y)
            def __sub__(self, o): return V(self.x - o.x, self.y - o.y)
            def __mul__(self, k): return V(self.x * k, self.y * k)
            __rmul__ = __mul__
            def __neg__(self): return V(-self.x, -self.y)
            def __div__(self, k): return V(self.x / k, self.y / k)
            def __idiv__(self, k): return V(self.x / k, 0)
            def __mod__(self, k): return V(self.x % k, self.y % k)
            def __eq__(self, o): return isinstance(o, V) and self.x == o.x and self.y == o.y
            def __ne__(self, o): return not self == o
            def __lt__(self, o): return self.x < o.x
            def __repr__(self): return 'V(%s, %s)' % (self.x, self.y)
            def __abs__(self): return self.x + self.y
            def __getitem__(self, i): return (self.x, self.y)[i]
            def __len__(self): return 2
            def __contains__(self, v): return v in (self.x, self.y)
            def __int__(self): return self.x
            def __float__(self): return self.x * 1.0
            def __hex__(self): return 'hexV'
            def __oct__(self): return 'octV'
            def __long__(self): return 7L
            def __invert__(self): return 'inv'
            def __lshift__(self, k): return 'shift%d' % k
            def __pow__(self, k): return 'pow%d' % k
            def __divmod__(self, k): return ('dm', k)
            def __cmp__(self, o): return 0
        a, b = V(7, 2), V(1, 2)
        c = V(9, 9)
        c /= 2
        return ' '.join(map(str, [a + b, a - b, a * 2, 3 * a, -a, a / 2, c, a % 2, a == V(7, 2), a != b, b < a, abs(a), a[0], len(a), 7 in a, int(a), float(a), hex(a), oct(a), long(a), ~a, a << 3, a ** 2, divmod(a, 3), [x for x in a], a and 1]))
    def containers(self):
        class Stack(UserList.UserList):
            def push(self, x): self.append(x)
            def top(self): return self[-1]
        s = Stack([1])
        s.push(2)
        class Cfg(UserDict.UserDict):
            def __getattr__(self, n):
                try: return self.data[n]
                except KeyError: raise AttributeError, n
        c = Cfg({'a': 1})
        u = UserString.UserString('abc')
        m = sets.Set([1, 2]) | sets.Set([3])
        l = list(m)
        l.sort()
        return '%s %s %s %s %s %s %s' % (s, s.top(), s + [3], c.a, c.has_key('b'), u.upper() + 'd', l)
    def iterators(self):
        class Countdown:
            def __init__(self, n): self.n = n
            def __iter__(self): return self
            def next(self):
                if self.n <= 0: raise StopIteration
                self.n = self.n - 1
                return self.n + 1
        class Old:
            def __getitem__(self, i):
                if i > 2: raise IndexError
                return i * i
        c = Countdown(3)
        first = c.next()
        return '%s %s %s %s %s' % (first, list(c), [x for x in Old()], map(None, Old()), 4 in Old())
    def newStyle(self):
        class P(object):
            __slots__ = ('a', 'b')
            def getX(self): return self.a
            def setX(self, v): self.a = v
            x = property(getX, setX)
            def make(cls, v):
                p = cls()
                p.x = v
                return p
            make = classmethod(make)
            def __div__(self, k): return 'div%s' % k
            def __nonzero__(self): return False
            def __unicode__(self): return u'uni'
            def __getslice__(self, i, j): return 'sl%d%d' % (i, j)
            def __cmp__(self, o): return cmp(self.a, o.a)
        class Meta(type):
            def __new__(m, name, bases, d):
                d['tag'] = name.lower()
                return type.__new__(m, name, bases, d)
        class T:
            __metaclass__ = Meta
        p = P.make(5)
        l = [P.make(3), P.make(1)]
        l.sort()
        try: p.c = 1
        except AttributeError: slot = 'slots'
        return '%s %s %s %s %s %s %s %s %s' % (p.x, p / 2, p and 1 or 0, str(unicode(p)), p[1:2], [q.x for q in l], T.tag, slot, P.make(1) == P.make(1))
    def pickling(self):
        n = Node(5)
        n.child = Node(6)
        n.child.child = n
        m = cPickle.loads(cPickle.dumps(n))
        c = copy.deepcopy(n)
        return '%s %s %s %s' % (m.v, m.child.child is m, c.child.v, m.__class__ is Node)
    def methods(self):
        f = self.helper
        g = Root.helper
        return '%s %s %s %s %s' % (f(1), g(self, 2), f.im_class.__name__, f.im_func is g.im_func, g.im_self)
    def refs(self):
        n = Node(1)
        r = weakref.ref(n)
        a = r() is n
        del n
        return '%s %s' % (a, r())
    def repr_(self):
        n = Node(1)
        return '%s %s' % (str(n)[:1], repr(n).split(' at ')[0].replace('__main__.', ''))
function:
    def helper(self, x): return 'helper %s' % x
CherryClass Node abstract:
function:
    def __init__(self, v=0):
        self.v = v
        self.child = None
