def initRequest():
    if request.isXmlRpc and request.paramMap.has_key('extra'):
        request.paramTuple = request.paramTuple + (request.paramMap['extra'],)
def initNonStaticResponse():
    if request.isXmlRpc and type(response.body) == type({}):
        response.body['hook'] = 'seen'
CherryClass Root:
view:
    def echo(self, x) xmlrpc:
        return x
    def kind(self, x) xmlrpc:
        return '%s %s' % (x.__class__.__name__, repr(x))
    def count(self, *args) xmlrpc:
        return len(args)
    def struct(self) xmlrpc:
        return {'a': 1, 'list': [1, 'x', 2.5], 'nested': {'k': 'v'}}
    def tuple(self) xmlrpc:
        return (1, (2, 3))
    def none(self) xmlrpc:
        return None
    def nested(self) xmlrpc:
        return [None]
    def divide(self, a, b) xmlrpc:
        return a / b
    def fault(self) xmlrpc:
        import xmlrpclib
        raise xmlrpclib.Fault(7, 'own fault')
    def string(self) xmlrpc:
        raise 'a string exception'
    def normal(self): return 'normal'
    def who(self) xmlrpc:
        return '%s|%s|%s|%s' % (request.path, request.isXmlRpc, request.paramTuple, request.method)
    def uni(self) xmlrpc:
        return u'caf\xe9'
    def markup(self) xmlrpc:
        return '<a href="x">&amp;</a>'
    def big(self) xmlrpc:
        return 2147483647
    def date(self) xmlrpc:
        import xmlrpclib
        return xmlrpclib.DateTime('20040506T07:08:09')
    def boolean(self) xmlrpc:
        import xmlrpclib
        return [xmlrpclib.True, xmlrpclib.Boolean(0)]
    def binary(self) xmlrpc:
        import xmlrpclib
        return xmlrpclib.Binary('\x00\xff')
mask:
    def mask(self, name) xmlrpc:
        Hello <py-eval="name">
CherryClass Service xmlrpc:
function:
    def inner(self): return 'inner'
view:
    def index(self): return 'service index'
    def call(self): return self.inner()
    def secret(self) hidden:
        return 'x'
CherryClass Service_child(Service):
view:
    def own(self) xmlrpc:
        return 'own'
CherryClass A_b_c xmlrpc:
view:
    def deep(self, s): return s * 2
