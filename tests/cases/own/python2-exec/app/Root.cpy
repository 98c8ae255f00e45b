import sys, os
from helper import *
def initProgram():
    import sys
    sys.path.insert(0, '')
def initServer():
    global config, made
    config = {}
    execfile('settings.py', config)
    exec 'made = 40 + 2' in globals()
CherryClass Root:
variable:
    source = 'def added(self, x):\n    return x * 2 / 3\n'
function:
    def __init__(self):
        space = {}
        exec self.source in space
        Root.added = space['added']
view:
    def index(self):
        return '%s %s %s %s' % (config['name'], config['numbers'], made, self.added(4))
    def execLocal(self):
        x = 1
        exec 'x = x + 1; y = 5'
        return '%s %s' % (x, y)
    def execDict(self, code='r = 7/2'):
        d = {'a': 1}
        exec code in d
        return '%s' % d['r']
    def execTuple(self):
        d, l = {}, {}
        exec('v = 1', d, l)
        return '%s %s' % (d.has_key('v'), l)
    def evals(self, e='1+1'):
        a = 10
        return '%s %s %s' % (eval(e), eval('a * 2'), eval('b', {'b': 'given'}))
    def evalPrint(self):
        return eval("'%s' % (5/2,)") + eval('`1L`') + eval("str(1 <> 2)")
    def compiled(self):
        c = compile('z = 3\nz = z / 2\n', 'made', 'exec')
        d = {}
        exec c in d
        e = compile('4/3', 'made', 'eval')
        return '%s %s' % (d['z'], eval(e))
    def localNames(self, p='v'):
        q = 2
        names = locals().keys()
        names.sort()
        return '%s %s %s' % (names, '%(p)s-%(q)d' % locals(), vars().has_key('q'))
    def globalNames(self):
        g = globals()
        g['late'] = 'set'
        return '%s %s %s' % (late, g.has_key('Root'), g['config'] is config)
    def imported(self):
        import helper
        from helper import double, THINGS
        reload(helper)
        return '%s %s %s %s' % (helper.double(4), double('a'), THINGS, helper.__name__)
    def imported2(self):
        m = __import__('helper')
        p = __import__('os.path')
        return '%s %s %s' % (m.half(7), p.__name__, sys.modules.has_key('helper'))
    def star(self):
        return '%s %s %s' % (half(9), THINGS, globals().has_key('_private'))
    def files(self):
        f = open('data.txt')
        lines = f.readlines()
        f.close()
        g = file('data.txt', 'r')
        first = g.readline()
        rest = g.read()
        g.close()
        out = open('out.txt', 'w')
        print >>out, 'printed', 1, 2L, 0.1 + 0.2,
        print >>out, 'same line'
        print >>out
        out.write('%s\n' % os.path.exists('data.txt'))
        out.writelines(['a', 'b'])
        out.close()
        return '%s %s %s %s' % (lines, `first`, len(rest), `open('out.txt').read()`)
    def binary(self):
        f = open('bin.dat', 'wb')
        f.write('\x00\xff\r\n' + chr(200))
        f.close()
        f = open('bin.dat', 'rb')
        d = f.read()
        f.seek(1)
        x = f.read(1)
        f.close()
        return '%r %r %d' % (d, x, len(d))
    def xread(self):
        n = 0
        for line in open('data.txt').xreadlines():
            n = n + len(line)
        for line in open('data.txt'):
            n += 1
        return str(n)
    def popen(self):
        return os.popen('echo hello; echo two').read() + repr(os.popen('cat data.txt').readlines())
