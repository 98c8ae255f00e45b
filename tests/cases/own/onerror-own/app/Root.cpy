import traceback, StringIO, sys
def onError():
    f = StringIO.StringIO()
    traceback.print_exc(file=f)
    lines = f.getvalue().strip().split('\n')
    kind, value = sys.exc_info()[:2]
    errors.append(request.path)
    if request.path == 'worse': raise 'onError failed too'
    if request.path == 'nobody': return
    if request.path == 'unicode_': response.body = u'x'; return
    if request.path == 'bodyNumber': response.body = 7; return
    if request.path == 'redirect':
        response.headerMap['status'] = 302
        response.headerMap['location'] = '/sorry'
        response.body = ''
        return
    response.headerMap['status'] = '500 Internal Server Error'
    response.headerMap['x-error'] = lines[-1]
    response.simpleCookie['e'] = 'not sent'
    response.body = '<h1>Sorry</h1>%s %s %d' % (lines[-1], request.browserUrl, len(errors))
def initServer():
    global errors
    errors = []
CherryClass Root:
view:
    def index(self): return 'fine %s' % errors
    def bad(self): raise 'bad'
    def value(self): raise ValueError, 'a value'
    def worse(self): raise 'worse'
    def redirect(self): return 1 / 0
    def set(self):
        response.headerMap['content-type'] = 'text/plain'
        raise 'set'
    def none(self): pass
    def unicode_(self): return 5
    def sorry(self): return 'sorry'
