import sys, cStringIO
CherryClass Oops abstract:
variable:
    kind = 'classic exception'
function:
    def __init__(self, *args):
        self.args = args
    def __str__(self):
        return 'Oops' + str(self.args)
CherryClass Root:
function:
    def raises(self, kind):
        if kind == 'string': raise 'a string'
        if kind == 'stringValue': raise 'a string', 'with value'
        if kind == 'pair': raise ValueError, 'message'
        if kind == 'tuple': raise ValueError, ('a', 1)
        if kind == 'class': raise KeyError
        if kind == 'instance': raise IndexError('idx')
        if kind == 'classic': raise Oops, 'arg'
        if kind == 'classicInstance': raise Oops('a', 'b')
        if kind == 'assert': assert 1 == 2, 'asserted'
        if kind == 'variable': raise self.problem, 'value of variable'
variable:
    problem = 'Root.problem'
view:
    def catch(self, kind='pair'):
        try:
            self.raises(kind)
        except 'a string', value:
            return 'caught string %s' % value
        except self.problem, value:
            return 'caught variable %s' % value
        except (KeyError, IndexError), e:
            return 'caught lookup %s %s' % (e.__class__.__name__, e.args)
        except ValueError, e:
            return 'caught value %s %s' % (e, e.args)
        except Oops, e:
            return 'caught oops %s %s' % (e, e.kind)
        except AssertionError, e:
            return 'caught assertion %s' % e
        return 'nothing'
    def bare(self, kind='string'):
        try:
            try:
                self.raises(kind)
            except:
                t, v, tb = sys.exc_info()
                if type(t) == type(''): name = t
                else: name = getattr(t, '__name__', str(t))
                raise
        except:
            return 'bare %s' % (sys.exc_info()[1] is not None)
    def oldExc(self):
        try: 1 / 0
        except: return '%s %s' % (sys.exc_type.__name__, sys.exc_value)
    def finally_(self):
        log = []
        try:
            try:
                log.append(1)
                raise 'x'
            finally:
                log.append(2)
        except:
            log.append(3)
        else:
            log.append(4)
        return str(log)
    def loops(self):
        r = []
        for i in range(5):
            if i == 1: continue
            if i == 4: break
            r.append(i)
        else:
            r.append('else')
        while 1:
            r.append('w')
            if len(r) > 5: break
        i = 10
        while i: i = i - 3; r.append(i); i = i > 0 and i or 0
        [x for x in range(3)]
        r.append(x)
        for a, (b, c) in [(1, (2, 3))]: r.append(a + b + c)
        del r[0]
        r[0:1] = ['s', 't']
        return repr(r)
    def params(self):
        def f((a, b), c=(1, 2), *rest, **kw): return a + b + len(c) + len(rest) + len(kw)
        g = lambda (x, y), z=1: x * y * z
        return '%s %s %s %s' % (f((1, 2)), g((3, 4)), apply(f, ((1, 1), (), 5), {'k': 1}), f(*((1, 2), ()), **{'a1': 1}))
    def numbers(self):
        return '%s %s %s %s %s %s %s %s %s' % (010, 0777, 0xFFL, 5 / 2, 5 // 2, 5 % 3, -5 / 2, 1 / 2 * 2.0, 3 ** 2)
    def augmented(self):
        x = 7
        x /= 2
        l = [1]
        l += 'ab'
        s = 'a'
        s *= 3
        y = 7
        y %= 4
        z = 1
        z <<= 4
        z |= 1
        return '%s %s %s %s %s' % (x, l, s, y, z)
    def prints(self):
        old = sys.stdout
        sys.stdout = cStringIO.StringIO()
        try:
            print
            print 'a', 1, None, 0.1 + 0.2, [0.1 + 0.2], 'b' 'c'
            print 'no newline',
            print 'then',
            print
            print ('tuple', 1), ('x')
            print('paren')
            print 'tab\t',
            print 'after tab'
            print 'nl\n',
            print 'after nl'
            print u'uni', 10L, `10L`
            sys.stdout.write('w')
            print 'soft'
            print "%s and %s" % ('a', 'b')
            print >>sys.stdout, 'to', 'stdout'
            text = sys.stdout.getvalue()
        finally:
            sys.stdout = old
        return text
    def scopes(self, n='3'):
        n = int(n)
        def outer(a, n=n):
            def inner(b): return a + b + n
            return inner
        fs = [lambda i=i: i * 2 for i in range(3)]
        global counter
        try: counter = counter + 1
        except NameError: counter = 1
        return '%s %s %s' % (outer(1)(2), [f() for f in fs], counter)
    def operators(self):
        a, b = [1], [1]
        return '%s %s %s %s %s %s %s' % (a is b, a is not b, 1 in a, 2 not in a, 1 < 2 < 3, not (1 and 0), ~5 & 0xF ^ 3 | 8)
    def dicts(self):
        d = {'a': 1}
        d.update({'b': 2})
        r = [d.has_key('a'), d.get('z'), d.get('z', 0), d.setdefault('c', 3), len(d), d.copy() == d]
        for k, v in d.items():
            if v == 1: del d[k]
        ks = d.keys(); ks.sort()
        r.append(ks)
        r.append(d.popitem() and 'popped')
        i = {'only': 1}.iteritems()
        r.append(i.next())
        r.append(dict([('x', 1)]))
        r.append({}.fromkeys(['q'], 0))
        r.append({1: 'a'}.values()[0] + {1: 'b'}.items()[0][1])
        d.clear()
        return repr(r)
    def generators(self):
        def gen(n):
            for i in range(n): yield i
        it = iter([1, 2])
        return '%s %s %s' % (list(gen(3)), it.next(), [a for a in gen(2)])
    def builtins(self):
        return '%s %s %s %s %s %s %s %s %s %s' % (map(lambda x, y: (x, y), [1, 2], [3]), filter(lambda x: x, (0, 1, 2)), reduce(lambda a, b: a * 10 + b, [1, 2, 3], 0), zip([1, 2], 'ab', (3, 4)), range(10, 0, -3), len(xrange(5)), sum([1, 2]), enumerate(['a']).next(), int('0x10', 16), long('5'))
    def classes(self):
        class Local:
            x = []
            def __init__(self): self.x.append(1)
            def __str__(self): return 'Local%d' % len(self.x)
        class New(object):
            def get(self): return 'prop'
            p = property(get)
            def s(): return 'static'
            s = staticmethod(s)
        return '%s %s %s %s' % (Local(), Local(), New().p, New.s())
    def backslash(self):
        total = 1 + \
                2 + \
                3
        if total == 6 \
           and 1: return 'six'
        return 'not'
    def semis(self): a = 1; b = 2; return str(a + b)
    def strange(self):
        if 1: x = 1
        else: x = 2
        try: y = {}['k']
        except KeyError: y = 'none'
        for i in 1, 2, 3: pass
        z = x, y, i
        lst = [1, 2, 3,]
        (p, q), r = (1, 2), 3
        [s, t] = 4, 5
        return repr((z, lst, p, q, r, s, t))
    def isnone(self, x=None):
        if x == None: return 'none'
        if x <> 'a': return 'not a'
        return 'a'
