from UserDict import UserDict
import plain
CherryClass Base abstract:
variable:
    title = 'base'
    colours = {
        'a': 1,
        'b': [2,
              3],
    }
function:
    def __init__(self):
        self.made = ['base']
        self.register()
    def register(self):
        pass
    def helper(self, x=title):
        return 'helper ' + x
view:
    def index(self):
        return '%s index of %s %s' % (self.title, self.__class__.__name__, self.made)
    def path(self):
        return '%s %s %s' % (self.getPath(), self.getPath(0), self.getPath(includeRequestBase=1))
    def secret(self) hidden:
        return 'secret'
    def who(self):
        return 'Base.who'
mask:
    def page(self):
        <py-eval="self.title"> <py-eval="self.helper()"> <py-eval="self.secret()">
CherryClass Left(Base) abstract:
view:
    def onlyLeft(self):
        return 'left'
CherryClass Right(Base):
view:
    def who(self):
        return 'Right.who'
    def page(self) hidden:
        return 'hidden page'
CherryClass Both(Left, Right):
variable:
    title = 'both'
view:
    def callWho(self):
        return self.who() + ' ' + Right.who(self)
CherryClass Child_of_both( Both ):
function:
    def __init__(self):
        Both.__init__(self)
        self.made.append('child')
    def register(self):
        self.registered = 1
view:
    def secret(self):
        return 'no longer secret ' + str(self.registered)
    def index(self):
        return 'child ' + Both.index(self)
CherryClass Grand(Child_of_both):
variable:
    title = Child_of_both.title + '!'
CherryClass Tools_hidden(Base) hidden:
view:
    def public(self):
        return 'public of hidden'
CherryClass AfterHidden(Tools_hidden):
view:
    def mine(self):
        return self.public() + ' mine'
CherryClass Dict(UserDict, Base):
function:
    def __init__(self):
        UserDict.__init__(self)
        self['k'] = 'v'
        self.made = self.keys()
view:
    def get_k(self):
        return self['k'] + str(len(self)) + str(self.has_key('k')) + str(self.data)
CherryClass FromPlain(plain.Plain, plain.New):
view:
    def index(self):
        return self.old() + ' ' + self.new() + ' ' + str(isinstance(self, plain.New)) + ' ' + FromPlain.__name__
CherryClass Kinds:
function:
    def same(self):
        return 'function'
    def two(self):
        return 'function'
    def getPath(self, x=1):
        return 'own path'
view:
    def same(self):
        return 'view'
    def two(self):
        return 'view'
    def path(self):
        return self.getPath()
mask:
    def same(self):
        mask
variable:
    same = 'variable'
    count = len(same)
view:
    def default(self, n=count, m=['x']):
        m.append('y')
        return '%s %s' % (n, m)
CherryClass Empty:
CherryClass Root(Base):
variable:
    x = 5
    y = x * 2
    squares = [i * i for i in range(3)]
    for n in squares:
        last = n
    if y > 5:
        big = 1
    f = lambda self, a: a + self.x
view:
    def vars(self):
        return '%s %s %s %s %s %s' % (self.y, self.squares, self.last, self.big, self.f(1), i_know())
    def instances(self):
        names = ['base', 'left', 'right', 'both', 'child_of_both', 'tools_hidden', 'empty', 'kinds', 'dict', 'root', 'fromPlain']
        space = globals()
        return ' '.join([n + ':' + str(space.has_key(n)) for n in names])
    def calls(self):
        return tools_hidden.public() + '|' + both.who() + '|' + grand.secret() + '|' + root.path() + '|' + kinds.same()
    def create(self):
        made = Right()
        made.title = 'temporary'
        return made.index() + ' ' + right.index()
    def types(self):
        import types
        return '%s %s %s %s' % (type(self) is types.InstanceType, type(Root) is types.ClassType, type(self.vars) is types.MethodType, isinstance(self, Base))
    def identity(self):
        return '%s %s %s' % (self is root, self.__class__ is Root, Root.__bases__ == (Base,))
def initProgram():
    import sys
    sys.path.insert(0, '')
    def i_know(): return 'known'
