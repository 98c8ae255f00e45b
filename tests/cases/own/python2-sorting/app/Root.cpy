CherryClass Item abstract:
function:
    def __init__(self, name, price):
        self.name, self.price = name, price
    def __cmp__(self, other):
        return cmp(self.price, other.price) or cmp(self.name, other.name)
    def __repr__(self):
        return '%s@%s' % (self.name, self.price)
CherryClass Root:
function:
    def byLength(self, a, b):
        return cmp(len(a), len(b)) or cmp(a, b)
view:
    def mixed(self):
        l = [3, 'b', None, 2.5, 'a', (1, 2), [1], {}, 1L, u'c', -1, '', (), [], True]
        l.sort()
        return repr(l)
    def nested(self):
        l = [('b', None), ('a', 2), ('a', None), ('b', 1), (None, 1), (1, 'x'), ('a', 'z')]
        l.sort()
        return repr(l)
    def cmpFunc(self):
        l = ['ccc', 'a', 'bb', 'aa', 'b']
        l.sort(self.byLength)
        m = l[:]
        m.sort(lambda x, y: cmp(y, x))
        n = l[:]
        n.sort()
        n.reverse()
        return '%s %s %s' % (l, m, n)
    def keys(self):
        d = {'b': 2, 'a': 1, 3: 'c', None: 0}
        k = d.keys()
        k.sort()
        v = d.values()
        v.sort()
        i = d.items()
        i.sort()
        return '%s %s %s' % (k, v, i)
    def items(self):
        l = [Item('pen', 2), Item('book', 10), Item('ink', 2)]
        l.sort()
        return '%s %s %s %s' % (l, max(l), min(l), Item('a', 1) == Item('a', 1))
    def comparisons(self):
        pairs = [(1, 'a'), (None, 0), ('a', u'a'), ((), []), ({}, []), (1, 1L), (1, 1.0), ('10', 9), ([1, 'a'], [1, 2]), (None, None), ('', None), (len, 1), ({'a': 1}, {'a': 2}), ({'a': 1}, {})]
        return '\n'.join(['%s %s %s %s' % (a < b, a > b, a == b, cmp(a, b)) for a, b in pairs])
    def sortedKeysIdiom(self, **kw):
        r = ''
        ks = kw.keys(); ks.sort()
        for k in ks: r = r + k + '=' + kw[k] + ' '
        return r
    def decorate(self):
        words = 'the quick Brown fox jumps Over the lazy dog'.split()
        d = [(w.lower(), i, w) for i, w in zip(range(len(words)), words)]
        d.sort()
        return ' '.join([w for x, i, w in d])
    def stable(self):
        l = [(i % 3, chr(65 + i)) for i in range(12)]
        l.sort(lambda a, b: cmp(a[0], b[0]))
        return repr(l)
    def odd(self):
        l = range(40)
        l.sort(lambda a, b: (a % 7 < b % 7) and 1 or -1)
        return repr(l)
    def minmax(self):
        return '%s %s %s %s' % (max('abc'), min([3, 'x', None]), max(1, 2.5, 'a'), max([(1, 'b'), (1, 'a')]))
    def index_(self):
        l = [1, 'a', None, 1.0]
        return '%s %s %s %s' % (l.index('a'), l.count(1), None in l, 'x' in l)
    def bisected(self):
        import bisect
        l = [1, 3, 5]
        bisect.insort(l, 4)
        return '%s %s' % (l, bisect.bisect(l, 'a'))
