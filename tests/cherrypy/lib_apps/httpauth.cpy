use HttpAuthenticate
CherryClass Root:
mask:
    def index(self):
        open
CherryClass P(HttpAuthenticate):
view:
    def index(self):
        return 'hi ' + self.login
    def again(self):
        return self.index()
mask:
    def m(self, a):
        m <py-eval="a"> <py-eval="self.login">
CherryClass Q(HttpAuthenticate):
variable:
    domain = 'A "quoted" Domain'
function:
    def getPasswordListForLogin(self, login):
        if login == 'eve': return 1
        if login == 'col': return ['a:b', '']
        if login == 'tup': return ('x',)
        return []
view:
    def index(self):
        return 'q ' + `self.login` + `self.getPath()`
CherryClass R(P):
view:
    def index(self):
        return 'r ' + self.login
    def unauthorized(self):
        return 'no: ' + `self.login` + `response.headerMap['status']`
CherryClass S(HttpAuthenticate) hidden:
view:
    def index(self):
        return 's'
