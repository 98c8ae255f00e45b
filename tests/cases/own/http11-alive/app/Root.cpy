CherryClass Root:
view:
    def index(self, **kw):
        return '%s %s' % (request.method, kw)
    def empty(self): return ''
    def status(self):
        response.headerMap['status'] = 404
        return 'nf'
    def error(self): raise 'x'
