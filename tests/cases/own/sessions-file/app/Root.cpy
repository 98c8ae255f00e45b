CherryClass Root:
view:
    def index(self, **kw):
        s = request.sessionMap
        for k, v in kw.items(): s[k] = v
        i = [(k, v) for k, v in s.items() if k != '_sessionId']
        i.sort()
        return repr(i)
    def values(self):
        request.sessionMap.update({'l': [1, [2, 'x']], 't': (1, 'a'), 'd': {'x': None, 3: 4}, 'f': 0.1, 'L': 5L, 'u': u'\xe9\u20ac', 's': '\xe9\x00\xff', 'n': None, 'b': True, 'nested': {'a': [({'k': (1,)},)]}})
        return 'set'
    def bad(self):
        request.sessionMap['x'] = 'not saved'
        return 5
    def files(self):
        l = os.listdir('sessions')
        return '%d %s' % (len(l), len(l) > 0 and len(l[0]) >= 40)
    def redirect(self):
        request.sessionMap['from'] = 'redirect'
        response.headerMap['status'] = 302
        response.headerMap['location'] = '/'
        return ''
