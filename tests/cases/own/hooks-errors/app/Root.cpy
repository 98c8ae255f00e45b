def initRequestBeforeParse():
    request.before = 1
    if request.path == 'noparse': request.parsePostData = 0
def initRequest():
    if request.path == 'inRequest': raise 'in initRequest'
    if request.path == 'zero': 1 / 0
def initNonStaticRequest():
    if request.path == 'inNonStatic': raise KeyError, 'in initNonStaticRequest'
def initResponse():
    response.headerMap['x-r'] = '1'
    if request.path == 'inResponse' or request.path == 'st/a.txt': raise 'in initResponse'
    if request.path == 'upper': response.body = response.body.upper()
    if request.path == 'number': response.body = 5
def initNonStaticResponse():
    response.headerMap['x-n'] = '1'
    if request.path == 'inNonStaticResponse': raise ValueError, 'in initNonStaticResponse'
    if request.path == 'twice': response.body = response.body * 2
    if request.path == 'none': response.body = None
CherryClass Root:
view:
    def index(self): return 'index'
    def inRequest(self): return 'never'
    def inNonStatic(self): return 'never'
    def inResponse(self):
        response.headerMap['status'] = '201 Created'
        response.simpleCookie['a'] = 'b'
        return 'sent?'
    def inNonStaticResponse(self):
        response.headerMap['content-type'] = 'text/x-own'
        response.headerMap['x-own'] = 'own'
        return 'sent?'
    def upper(self): return 'upper'
    def twice(self): return 'twice'
    def none(self): return 'none'
    def number(self): return 'x'
    def noparse(self, **kw):
        return '%s %s %s' % (kw, request.rfile.read(int(request.headerMap['content-length'])), request.before)
    def post(self, **kw): return '%s %s' % (kw, request.before)
    def lengthThenError(self):
        response.headerMap['content-length'] = 3
        raise 'x'
    def deep(self):
        def f(n):
            if n: return f(n - 1)
            raise RuntimeError, 'deep'
        return f(5)
    def multi(self):
        raise ValueError, 'line one\nline two'
    def empty(self):
        raise ValueError
    def exit(self):
        raise SystemExit, 3
    def keyboard(self):
        raise Oops('custom', 1)
    def imported(self):
        import not_there_at_all
    def attr(self): return self.nothing
    def name(self): return nothing
    def index_(self): return [][1]
    def key(self): return {}['k']
    def conv(self): return int('x') + ''
    def type(self): return 'a' + 1
    def args(self): return self.conv(1, 2)
    def sessions(self): return sessionMap['x']
    def sessions2(self): return request.sessionMap['x']
mask:
    def mask(self):
        before
        <py-eval="nothing">
    def mask2(self):
        <py-for="i in 5">x</py-for>
variable:
    pass
CherryClass Oops abstract:
function:
    def __init__(self, *a): self.a = a
    def __str__(self): return 'oops text'
