CherryClass Root:
function:
    def show(self, kw):
        keys = kw.keys()
        keys.sort()
        return 'path=%r base=%s url=%s orig=%r params=%s tuple=%s static=%s xmlrpc=%s method=%s' % (request.path, request.base, request.browserUrl, request.originalPath, [(k, kw[k]) for k in keys], request.paramTuple, request.isStaticFile, request.isXmlRpc, request.method)
view:
    def index(self, **kw): return 'root.index ' + self.show(kw)
    def a_b(self, **kw): return 'root.a_b ' + self.show(kw)
    def sub(self, **kw): return 'root.sub ' + self.show(kw)
CherryClass Sub:
view:
    def index(self, **kw): return 'sub.index ' + root.show(kw)
    def sub(self, **kw): return 'sub.sub ' + root.show(kw)
    def with_under_score(self, **kw): return 'sub.wus ' + root.show(kw)
CherryClass Sub_sub:
view:
    def index(self, **kw): return 'sub_sub.index ' + root.show(kw)
    def x(self, **kw): return 'sub_sub.x ' + root.show(kw)
CherryClass Root_other:
view:
    def index(self, **kw): return 'root_other.index ' + root.show(kw)
    def foo(self, **kw): return 'root_other.foo ' + root.show(kw)
CherryClass A_b_c:
view:
    def index(self, **kw): return 'a_b_c.index ' + root.show(kw)
CherryClass Index:
view:
    def index(self, **kw): return 'index.index ' + root.show(kw)
