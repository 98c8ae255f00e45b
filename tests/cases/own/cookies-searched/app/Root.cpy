CherryClass Root:
view:
    def index(self):
        names = request.simpleCookie.keys()
        names.sort()
        return '\n'.join(['%s=%r' % (n, request.simpleCookie[n].value) for n in names])
    def count(self):
        request.sessionMap['n'] = request.sessionMap.get('n', 0) + 1
        return str(request.sessionMap['n'])
