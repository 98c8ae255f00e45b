import time
from rawwfile.cherrypy.lib import logins as libraryLogins
from rawwfile.cherrypy.lib import markup as libraryMarkup
CherryClass CookieSessionAuthenticate abstract:
variable:
    timeoutMessage = "Session timed out"
    wrongLoginPasswordMessage = "Wrong login/password"
    noCookieMessage = "No cookie"
    logoutMessage = "You have been logged out"
    sessionIdCookieName = "CherrySessionId"
    timeout = 60
    # Hosts beside the own one that a login may lead to.
    loginHosts = []
function:
    def checkLoginAndPassword(self, login, password):
        if (login, password) == ('login', 'password'):
            return ''
        return self.wrongLoginPasswordMessage
    def whoIsLoggedIn(self):
        print("whoIsLoggedIn() is deprecated: use request.login instead")
        return request.login
    def setSessionIdCookie(self, value, age=31536000):
        response.simpleCookie[self.sessionIdCookieName] = value
        response.simpleCookie[self.sessionIdCookieName]['path'] = '/'
        response.simpleCookie[self.sessionIdCookieName]['max-age'] = age
        response.simpleCookie[self.sessionIdCookieName]['version'] = 1
    def sessionIdOfCookie(self):
        if self.sessionIdCookieName in request.simpleCookie:
            return request.simpleCookie[self.sessionIdCookieName].value
        return ''
view:
    def doLogin(self, login, password, fromPage):
        message = self.checkLoginAndPassword(login, password)
        if message:
            return self.loginScreen(message, fromPage, login)
        response.headerMap['location'] = libraryLogins.way_back(fromPage, request.base, self)
        response.headerMap['status'] = 302
        sessionId = libraryLogins.new_id()
        request.sessionMap[sessionId] = (login, time.time() + self.timeout * 60)
        self.setSessionIdCookie(sessionId)
        return '<html><body>Nobody should see that</body></html>'
    def doLogout(self):
        sessionId = self.sessionIdOfCookie()
        if libraryLogins.session_login(request.sessionMap, sessionId):
            del request.sessionMap[sessionId]
        self.setSessionIdCookie('', 0)
        response.headerMap['location'] = self.getPath().replace('/root', '') + '/logoutScreen'
        response.headerMap['status'] = 302
        return ''
    def logoutScreen(self):
        return self.loginScreen(self.logoutMessage, self.getPath() + '/index')
mask:
    def loginScreen(self, message, fromPage, login=''):
        <html><body>
            Message: <py-eval="libraryMarkup.shown(self, 'loginScreen', message)">
            <form method="post" action="doLogin">
                Login: <input type=text name=login value="<py-eval="libraryMarkup.quoted(login)">" length=10><br>
                Password: <input type=password name=password length=10><br>
                <input type=hidden name=fromPage value="<py-eval="libraryMarkup.quoted(fromPage)">"><br>
                <input type=submit>
            </form>
        </body></html>
aspect:
    (method.type in ('view', 'mask') and not method.isHidden and method.name in ('loginScreen', 'logoutScreen', 'doLogin')) start:
        request.login = ''
    (method.type in ('view', 'mask') and not method.isHidden and method.name not in ('loginScreen', 'logoutScreen', 'doLogin')) start:
        request.login = ''
        _sessionId = self.sessionIdOfCookie()
        _found = libraryLogins.session_login(request.sessionMap, _sessionId)
        if not _found:
            return self.loginScreen(self.noCookieMessage, request.browserUrl)
        if _found[1] < time.time():
            return self.loginScreen(self.timeoutMessage, request.browserUrl)
        request.sessionMap[_sessionId] = (_found[0], time.time() + self.timeout * 60)
        request.login = _found[0]
