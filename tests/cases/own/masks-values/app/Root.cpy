CherryClass Money:
function:
    def __init__(self, amount=0):
        self.amount = amount
    def __str__(self):
        return '%.2f EUR' % self.amount
    def __repr__(self):
        return '<Money %s>' % self.amount
    def __add__(self, other):
        return Money(self.amount + other.amount)
    def __cmp__(self, other):
        return cmp(self.amount, other.amount)
    def __nonzero__(self):
        return self.amount != 0
    def __len__(self):
        return 7
CherryClass Root:
mask:
    def index(self):
        <py-eval="0.1+0.2"> <py-eval="1/3.0"> <py-eval="1e16"> <py-eval="1e-5"> <py-eval="100.0"> <py-eval="1e100"> <py-eval="123456789.123456789"> <py-eval="-0.0">
        <py-eval="[0.1+0.2, 1/3.0]"> <py-eval="(1.0,)"> <py-eval="{1: 0.5}">
        <py-eval="7/2"> <py-eval="-7/2"> <py-eval="7%3"> <py-eval="-7%3"> <py-eval="7/2.0"> <py-eval="7//2"> <py-eval="2**10"> <py-eval="2**100"> <py-eval="2**-1">
        <py-eval="10L"> <py-eval="`10L`"> <py-eval="[10L]"> <py-eval="sys.maxint"> <py-eval="sys.maxint+1"> <py-eval="[sys.maxint+1]">
        <py-eval="0777"> <py-eval="0x1F"> <py-eval="oct(8)"> <py-eval="hex(255)"> <py-eval="hex(255L)"> <py-eval="`'it\'s'`"> <py-eval="`'q'`">
        <py-eval="1 <> 2"> <py-eval="1 == 1.0"> <py-eval="None < 1"> <py-eval="'a' > 1"> <py-eval="not 1"> <py-eval="1 and 2"> <py-eval="0 or ''">
        <py-eval="u'abc'"> <py-eval="`u'abc'`"> <py-eval="[u'x', 'y']"> <py-eval="u'%s' % 'x'"> <py-eval="'\xe9'=='\351'"> <py-eval="`'\xe9\n\t'`">
        <py-eval="1+2j"> <py-eval="abs(-3)"> <py-eval="round(2.5)"> <py-eval="round(-2.5)"> <py-eval="round(1.005, 2)"> <py-eval="divmod(7, -2)"> <py-eval="int('12')"> <py-eval="int(3.9)"> <py-eval="long(3)"> <py-eval="float('1')"> <py-eval="str(1.10)"> <py-eval="`1.1`">
        <py-eval="'%5.2f|%-5s|%05d|%x|%r|%c|%%' % (3.14159, 'ab', 42, 255, 'q', 65)">
        <py-eval="'%(a)s and %(b)d' % {'a': 'x', 'b': 3}"> <py-eval="'%s' % (1,)"> <py-eval="'%s %s' % ('a', None)"> <py-eval="'%d' % 3.99"> <py-eval="'%s' % 0.1">
        <py-eval="Money(3)"> <py-eval="[Money(4)]"> <py-eval="Money(1) + Money(2)"> <py-eval="Money(1) < Money(2)"> <py-eval="Money(0) and 'yes' or 'no'"> <py-eval="len(Money())"> <py-eval="max([Money(3), Money(9), Money(5)])">
        <py-eval="map(str, range(3))"> <py-eval="filter(None, [0, 1, 2])"> <py-eval="filter(lambda c: c != 'b', 'abc')"> <py-eval="zip('ab', [1, 2])"> <py-eval="map(None, [1, 2], [3])"> <py-eval="reduce(lambda x, y: x + y, [1, 2, 3])"> <py-eval="[x * y for x in (1, 2) for y in (3, 4) if x != y]">
        <py-eval="range(5)"> <py-eval="xrange(3)"> <py-eval="{'a': 1}.items()"> <py-eval="{'a': 1}.has_key('b')"> <py-eval="type('')"> <py-eval="type(1)"> <py-eval="type(None)"> <py-eval="type([])"> <py-eval="type(u'')"> <py-eval="type(1L)">
        <py-eval="min(3, 'a', None)"> <py-eval="max(3, 'a', None)"> <py-eval="cmp(1, 2)"> <py-eval="cmp('b', 'a')"> <py-eval="cmp((1, 'a'), (1, None))"> <py-eval="coerce(1, 2.0)"> <py-eval="apply(max, (1, 5))"> <py-eval="callable(len)"> <py-eval="bool(3)"> <py-eval="True + 1"> <py-eval="chr(65) + unichr(66)"> <py-eval="ord('a')">
        <py-eval="'abc'[1:]"> <py-eval="'a,b'.split(',')"> <py-eval="'-'.join(['a', 'b'])"> <py-eval="'Abc'.swapcase()"> <py-eval="'abc'.encode('hex')"> <py-eval="'616263'.decode('hex')"> <py-eval="'abc'.encode('base64')"> <py-eval="'uryyb'.encode('rot13')"> <py-eval="'x'.zfill(3)"> <py-eval="'aXbX'.replace('X', '.', 1)"> <py-eval="'a\tb'.expandtabs(4)"> <py-eval="'abc'.translate(string.maketrans('ab', 'xy'), 'c')"> <py-eval="'%s' % ['a']"> <py-eval="'abc'.count('')"> <py-eval="' x '.strip()+'|'"> <py-eval="'xxaxx'.strip('x')">
view:
    def number(self, a="7", b="2"):
        a, b = int(a), int(b)
        return '%s %s %s %s %s' % (a / b, a % b, float(a) / b, a * 1.0, divmod(a, b))
    def notString(self):
        return 5
    def uni(self):
        return u'ascii only'
    def uniBad(self):
        return u'caf\xe9'
    def none(self):
        pass
    def lists(self):
        return ['a', 'b']
