CherryClass Basket abstract:
function:
    def __init__(self): self.items = []
    def add(self, x): self.items.append(x); return self
    def __len__(self): return len(self.items)
def initNonStaticRequest():
    request.sessionMap['hits'] = request.sessionMap.get('hits', 0) + 1
def initNonStaticResponse():
    request.sessionMap['last'] = request.path
CherryClass Root:
view:
    def index(self):
        s = request.sessionMap
        k = s.keys(); k.sort()
        return '%s %s %s %s' % (k, s['hits'], s.get('last'), len(s['_sessionId']))
    def add(self, item):
        s = request.sessionMap
        if not s.has_key('basket'): s['basket'] = Basket()
        s['basket'].add(item)
        return '%d %s' % (len(s['basket']), s['basket'].items)
    def values(self):
        request.sessionMap.update({'l': [1, [2]], 't': (1, 'a'), 'd': {'x': None}, 'f': 0.1, 'L': 5L, 'u': u'\xe9', 's': '\xe9', 'c': Root, 'n': None})
        return 'set'
    def show(self):
        i = [(k, v) for k, v in request.sessionMap.items() if k not in ('_sessionId', 'c', 'basket')]
        i.sort()
        return '%s %s' % (i, request.sessionMap.get('c') is Root)
    def replace(self):
        request.sessionMap = {'only': 'this', 'hits': 100}
        return 'replaced'
    def clear(self):
        request.sessionMap.clear()
        return 'cleared'
    def drop(self, k='hits'):
        del request.sessionMap[k]
        return 'dropped'
    def broken(self):
        request.sessionMap['before'] = 'error'
        raise 'broken'
    def stream(self):
        request.sessionMap['streamed'] = 1
        response.wfile.write('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nstreamed')
        response.sendResponse = 0
        return ''
    def logout(self):
        response.simpleCookie['CherryPySession']['max-age'] = 0
        return 'out'
