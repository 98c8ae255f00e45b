import Cookie
CherryClass Root:
view:
    def index(self):
        names = request.simpleCookie.keys()
        names.sort()
        return '\n'.join(['%s=%r' % (n, request.simpleCookie[n].value) for n in names]) + '\n%s' % request.headerMap.get('cookie')
    def set(self, n='a', v='1', **kw):
        response.simpleCookie[n] = v
        for key in kw.keys():
            response.simpleCookie[n][key.replace('_', '-')] = kw[key]
        return 'set'
    def many(self):
        c = response.simpleCookie
        c['b'] = 'two words'
        c['a'] = 5
        c['c'] = 'semi;colon,comma "quote" \\ back'
        c['d'] = ''
        c['d']['max-age'] = 0
        c['e'] = 'caf\351'
        c['f'] = [1, 2]
        c['g'] = 'x' * 100
        c['g']['domain'] = '.example.com'
        c['g']['secure'] = 1
        c['h'] = 'a=b&c=d'
        c['i'] = 1.5
        c['j'] = "it's"
        c['k'] = 'line\nbreak'
        del c['a']
        c['a'] = 'again'
        return str(c.has_key('a')) + str(len(c)) + c['b'].value + c['b'].OutputString()
    def output(self):
        c = Cookie.SimpleCookie()
        c['x'] = 'y'
        c['x']['path'] = '/p'
        c['x']['version'] = 1
        return c.output() + '|' + c['x'].output() + '|' + str(c) + '|' + c['x'].key + '|' + c['x'].coded_value + '|' + `c`
    def load(self):
        c = Cookie.SimpleCookie('a=1; b="q\\"q"; c=d')
        c.load({'z': 'last'})
        names = c.keys(); names.sort()
        return str([(n, c[n].value) for n in names]) + str(isinstance(c, Cookie.BaseCookie))
    def smart(self):
        c = Cookie.SimpleCookie()
        try:
            c['bad name'] = 1
        except Cookie.CookieError, e:
            return 'CookieError ' + str(e)
    def count(self):
        n = 1
        if request.simpleCookie.has_key('count'):
            n = int(request.simpleCookie['count'].value) + 1
        response.simpleCookie['count'] = n
        response.simpleCookie['count']['path'] = '/'
        response.simpleCookie['count']['max-age'] = 3600
        response.simpleCookie['count']['version'] = 1
        return str(n)
