use  Low ,Other
use Third
import string , re
from string import upper as up, lower
import os.path
from types import *

# a comment at column 0
    # a comment at column 4
CherryClass   Base( Low , Other )   abstract:
variable:    # comment after four blanks
    x = 1 ; y = 2
    # comment in variable
    z = (1,
         2,
        # comment in a tuple
         3)

    class Inner:
        def get(self): return 'inner'
    def method(self): return 'method in variable'
function:
# comment at column 0 in a section

    # comment at column 4
    def help ( self , a = 1 , *rest , **kw ) :
        # comment at column 8
      # comment at column 6
        if a : return 'a'   # trailing
        else :
            # only a comment before
            return 'not a'
view:
mask:
function:
    def doc(self):
        """A doc string
        over two lines"""
        return self.doc.__doc__[:12]
CherryClass Root(Base):
view:
    def index( self ) :
        """doc"""
        r = [ x for x in self.z ]
        return '%s %s %s %s %s' % (r, self.help(), self.help(0), up('u') + lower('L'), self.doc())
    def long(self, a="x:y", b='def f(self):', c={'k': [1, (2, 3)]},
             d=lambda x: x * 2,
             e=None):
        return '%s %s %s %s %s' % (a, b, c, d(3), e)
    def oneline(self): return 'one' # comment
    def two(self): x = 1; return 'two %d' % x
    def noblank(self):return'nb'
    def inner(self): return self.Inner().get() + self.method()
    def nested(self):

        def f(x):

            # comment
            return x + 1

        class C:
            y = 2
            def g(self, z):
                return self.y + z

        return '%d %d' % (f(1), C().g(3))
    def strings(self):
        a = 'it''s' "two" 'three'
        b = r'\n\t' + u'u' + ur'\u0041' + '\x41\101\0'[:2]
        c = """tri"ple"""  '''x'y'''
        d = 'line \
        continued'
        e = ("a"
             "b")
        return a + b.encode('ascii') + c + d + e
    def deep(self, n='3'):
        n = int(n)
        if n > 0:
            if n > 1:
                if n > 2:
                    for i in range(n):
                        while 1:
                            try:
                                if i:
                                    return 'deep %d' % i
                                break
                            except:
                                pass
        return 'shallow'
    def types_(self): return str(type('') is StringType) + str(type([]) == ListType) + os.path.basename('/a/b')
mask:    # comment
    def page(self, a = 'x', b="y" ) :
        <py-eval="a"><py-eval="b">
    def hiddenPage(self) hidden:
        hidden
    def show(self): 
        <py-eval="self.hiddenPage()">|
CherryClass Last:
