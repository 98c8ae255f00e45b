CherryClass Root:
variable:
    async = 'async'
    await = 2
    nonlocal = [3]
function:
    def match(self, as, with): return as + with
    def case(self, async=1, await=2, nonlocal=3): return async + await + nonlocal
view:
    def index(self):
        as = 'a'
        async = 1
        await = 2
        nonlocal = 3
        type = 4
        match = 5
        case = 6
        str_ = str
        return '%s %s %s %s %s %s %s %s' % (as, as, async, await, nonlocal, type, match, case)
    def attrs(self):
        self.async = self.async + '!'
        d = {'as': 1, 'with': 2}
        return '%s %s %s %s' % (self.async, self.await, self.nonlocal, self.match(1, 2)) + str(self.case(async=5, await=d['as']))
    def shadow(self, list='l', dict='d', file='f', id='i', input='in', max='m', type='t', str='s', len='n', object='o', open='p', unicode='u', print_='x'):
        return list + dict + file + id + input + max + type + str + len + object + open + unicode
    def loops(self):
        r = []
        for as in range(2): r.append(as)
        r = r + [x for x in 'ab']
        f = lambda async, as=1: async + as
        try: raise KeyError, 'k'
        except KeyError, e: r.append(e.__class__.__name__)
        global async_global
        async_global = 1
        return '%s %s' % (r, f(1))
    def true(self):
        True_ = True
        None_ = None
        return '%s %s %s %s' % (True == 1, True_ + 1, False, None_)
    def async(self, await='w'): return 'method async ' + await
mask:
    def await(self, as='x'):
        <py-for="async in [1, 2]"><py-eval="async"><py-eval="as"></py-for>
        <py-exec="twice = as * 2"><py-eval="twice">
        <py-if="async == 2">two</py-if>
