CherryClass Root:
view:
    def index(self): return 'ok'
    def status(self, s='200 OK'):
        response.headerMap['status'] = s
        return 'status'
    def intStatus(self, s='404'):
        response.headerMap['status'] = int(s)
        return 'int'
    def many(self):
        response.headerMap['x-list'] = ['a', 'b', 'c']
        response.headerMap['x-empty'] = []
        response.headerMap['x-int'] = 5
        response.headerMap['x-none'] = None
        response.headerMap['x-float'] = 0.1 + 0.2
        response.headerMap['x-tuple'] = ('t',)
        response.headerMap['x-blank'] = ''
        response.headerMap['X-Mixed-Case'] = 'yes'
        response.headerMap['set-cookie'] = ['raw=1', 'raw2=2; path=/']
        return 'many'
    def type(self, t='text/plain'):
        response.headerMap['content-type'] = t
        return 'type'
    def length(self, n='3'):
        response.headerMap['content-length'] = int(n)
        return 'abcdef'[:int(n)]
    def nolength(self):
        del response.headerMap['content-length']
        return 'no length'
    def nodate(self):
        response.headerMap['x-had'] = str(response.headerMap.has_key('date')) + str(len(response.headerMap['date']))
        return 'date'
    def newMap(self):
        response.headerMap.update({'content-type': 'text/x', 'x-new': 'n'})
        return '%s' % response.headerMap['content-type']
    def keys(self):
        k = response.headerMap.keys()
        k.sort()
        return ' '.join(k)
    def items(self):
        k = [(a, b) for a, b in response.headerMap.items() if a not in ('date', 'server')]
        k.sort()
        return str(k)
    def request(self):
        h = request.headerMap
        k = [x for x in h.keys() if x not in ('remote-addr', 'remote-host')]
        k.sort()
        return '\n'.join(['%s: %s' % (x, h[x]) for x in k])
    def remote(self):
        return request.headerMap['remote-addr'] + ' ' + request.headerMap['remote-host']
    def get(self, name='host'):
        return '%s %s' % (request.headerMap.get(name), request.headerMap.has_key(name))
    def missing(self):
        return request.headerMap['nothing']
    def cache(self):
        response.headerMap['cache-control'] = 'no-cache'
        response.headerMap['pragma'] = 'no-cache'
        response.headerMap['expires'] = 'Thu, 01 Jan 1970 00:00:00 GMT'
        response.headerMap['content-disposition'] = 'attachment; filename="a b.txt"'
        return 'cache'
    def binary(self):
        response.headerMap['content-type'] = 'image/gif'
        return ''.join([chr(i) for i in range(256)])
    def empty(self): return ''
    def unauthorized(self):
        response.headerMap['status'] = '401 Unauthorized'
        response.headerMap['WWW-Authenticate'] = 'Basic realm="x y"'
        return 'no'
