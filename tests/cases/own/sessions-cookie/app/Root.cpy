CherryClass Root:
view:
    def index(self):
        n = request.sessionMap.get('n', 0) + 1
        request.sessionMap['n'] = n
        return str(n)
    def big(self):
        request.sessionMap['list'] = range(20)
        request.sessionMap['t'] = ('x', 1.5, None, u'u')
        return 'big'
    def show(self):
        return '%r %r' % (request.sessionMap.get('list'), request.sessionMap.get('t'))
