from rawwfile.cherrypy.lib import logins as libraryLogins
from rawwfile.cherrypy.lib.perrequest import PerRequest
CherryClass HttpAuthenticate abstract:
variable:
    domain = 'Domain'
    login = PerRequest('')
function:
    def getPasswordListForLogin(self, login):
        if login == 'login':
            return ['password']
        return []
mask:
    def unauthorized(self):
        <html><body>Unauthorized</body></html>
aspect:
    (method.type in ('view', 'mask') and not method.isHidden and method.name != 'unauthorized') start:
        if self.getPasswordListForLogin("") != 1:
            _login = libraryLogins.basic_login(request.headerMap.get('authorization', ''), self.getPasswordListForLogin)
            if _login is None:
                self.login = ''
                response.headerMap['status'] = 401
                response.headerMap['WWW-Authenticate'] = 'Basic realm="%s"' % self.domain
                return self.unauthorized()
            self.login = _login
