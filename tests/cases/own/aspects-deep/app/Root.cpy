CherryClass G1 abstract:
aspect:
    (method.type == 'mask') start:
        _page.append('g1 ')
    (method.type == 'mask') end:
        _page.append(' g1e')
CherryClass G2 abstract:
aspect:
    method.type == 'mask' start:
        _page.append('g2 ')
    method.type == 'mask' end:
        _page.append(' g2e')
CherryClass N1(G1) abstract:
aspect:
    (method.type == 'mask' and method.name != 'plain') start:
        _page.append('n1a ')
    (method.type == 'mask' and method.name != 'plain') start:
        _page.append('n1b ')
    (method.type == 'mask') end:
        _page.append(' n1ae')
    (method.type == 'mask') end:
        _page.append(' n1be')
mask:
    def inherited(self):
        inherited
CherryClass N2(G2, G1) abstract:
aspect:
    (method.type in ('mask',)) start:
        # a comment

        _page.append('''n2
            over lines
            ''' and 'n2 ')
    (method.type in ('mask',)) end:
        _page.append(' n2e')
CherryClass Root(N1, N2):
aspect:
    * start:
        raise 'never: own aspects do not hit own methods'
mask:
    def index(self):
        index<py-exec="x = 1">
    def plain(self):
        plain
CherryClass Calls abstract:
variable:
    log = []
aspect:
    (1) start:
        Calls.log.append('%s' % 'start')
    (method.type == 'function' and method.name == '__init__') start:
        self.inits = getattr(self, 'inits', 0) + 1
    (method.name.startswith('do')) start:
        if kw.get('stop'):
            return 'stopped in aspect'
    (method.type == 'view') end:
        Calls.log.append('end')
    (method.isHidden) start:
        Calls.log.append('hidden')
    (method.className == 'Calls_b') start:
        Calls.log.append('in b')
    (method.isXmlrpc) start:
        Calls.log.append('xmlrpc')
    ([c for c in method.name if c == 'Z']) start:
        Calls.log.append('Z')
view:
    def show(self):
        l = Calls.log[:]
        del Calls.log[:]
        return ','.join(l) + ' ' + str(getattr(self, 'inits', None))
CherryClass Calls_a(Calls):
function:
    def __init__(self):
        self.x = 1
    def helper(self):
        return 'helped'
view:
    def index(self):
        return self.helper() + self.secret()
    def doIt(self, **kw):
        return 'did'
    def noReturn(self):
        if 1 > 2:
            return 'x'
    def secret(self) hidden:
        return 'secret'
    def remote(self) xmlrpc:
        return 'r'
    def aZ(self):
        return 'z'
    def later(self):
        result = 'later'
        if result:
            Calls.log.append('body')
        return result
mask:
    def early(self):
        before
        <py-exec="return 'early'">
        after
CherryClass Calls_b(Calls_a):
view:
    def mine(self):
        return 'mine'
CherryClass Calls_c(Calls_a) hidden:
view:
    def index(self):
        return 'c'
CherryClass Twice abstract:
aspect:
    (1) start:
        first = 1
aspect:
    (1) start:
        second = 1
CherryClass UseTwice(Twice):
view:
    def index(self):
        try:
            return str(first)
        except NameError:
            return 'only second %d' % second
CherryClass Locals abstract:
aspect:
    method.type == 'view' start:
        n = int(n) * 2
        extra = 'from aspect'
    method.type == 'mask' start:
        total = 10
    method.type == 'mask' end:
        _page.append('%d %s' % (total, n))
CherryClass UseLocals(Locals):
view:
    def index(self, n=1):
        return '%s %s' % (n, extra)
    def index2(self, n):
        return n
mask:
    def page(self, n=2):
        <py-exec="total = total + int(n)">
        <py-eval="total">
    def nothing(self, n=3):
