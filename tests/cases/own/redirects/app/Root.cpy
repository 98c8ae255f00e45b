def initRequest():
    if request.path == 'old':
        request.path = 'new'
    if request.path == 'admin':
        request.path = 'moved'
        request.paramMap = {'to': 'login'}
def initNonStaticResponse():
    if request.path == 'fromHook':
        response.headerMap['status'] = '302 Found'
        response.headerMap['location'] = request.base + '/hook'
        response.body = ''
CherryClass Guard abstract:
aspect:
    method.type == 'view' and method.name != 'login' start:
        if not request.simpleCookie.has_key('in'):
            response.headerMap['status'] = 302
            response.headerMap['location'] = self.getPath() + '/login?from=' + urllib.quote(request.browserUrl)
            return ''
CherryClass Root:
view:
    def moved(self, to='/x', status='302', body=''):
        response.headerMap['status'] = int(status)
        response.headerMap['location'] = to
        return body
    def text(self):
        response.headerMap['status'] = '302 Moved Temporarily'
        response.headerMap['location'] = request.base + '/new'
        return ""
    def new(self): return 'new ' + request.originalPath
    def fromHook(self): return 'replaced'
    def upper(self):
        response.headerMap['status'] = 301
        response.headerMap['Location'] = 'http://elsewhere.example/?a=b&c=d'
        return '<a href="http://elsewhere.example/">moved</a>'
    def refresh(self):
        response.headerMap['refresh'] = '0; URL=/new'
        return 'r'
    def afterPost(self, **kw):
        response.headerMap['status'] = 303
        response.headerMap['location'] = self.getPath() + '/new?n=%d' % len(kw)
        return ''
    def broken(self):
        response.headerMap['status'] = 302
        response.headerMap['location'] = '/x'
        response.simpleCookie['c'] = '1'
        raise 'after redirect'
CherryClass Inner(Guard):
view:
    def index(self, **kw):
        return 'inside'
    def login(self, **kw):
        response.simpleCookie['in'] = '1'
        return 'login ' + kw['from']
