import time
from rawwfile.cherrypy.lib import logins as libraryLogins
from rawwfile.cherrypy.lib import markup as libraryMarkup
from rawwfile.cherrypy.lib.perrequest import PerRequest
CherryClass CookieAuthenticate abstract:
variable:
    timeoutMessage = "Session timed out"
    wrongLoginPasswordMessage = "Wrong login/password"
    noCookieMessage = "No cookie"
    loginCookieName = "CherryLogin"
    dateCookieName = "CherryDate"
    passwordCookieName = "CherryPassword"
    timeout = 60
    login = PerRequest('')
    # Hosts beside the own one that a login may lead to.
    loginHosts = []
function:
    def getPasswordListForLogin(self, login):
        if login == 'login':
            return ['password']
        return []
    def whoIsLoggedIn(self):
        print("whoIsLoggedIn() is deprecated: use self.login instead")
        return self.login
    def setLoginCookie(self, name, value, age=31536000):
        response.simpleCookie[name] = value
        response.simpleCookie[name]['path'] = '/'
        response.simpleCookie[name]['max-age'] = age
        response.simpleCookie[name]['version'] = 1
    def setLoginCookies(self, login, password):
        date = '%d' % time.time()
        self.setLoginCookie(self.dateCookieName, date)
        self.setLoginCookie(self.passwordCookieName, libraryLogins.signature(configFile, login, date, password))
    def passwordOfCookies(self, login, date, signed):
        for password in self.getPasswordListForLogin(login):
            if libraryLogins.is_signed(configFile, login, date, signed, [password]):
                return password
        return None
view:
    def doLogin(self, login, password, fromPage):
        if not libraryLogins.is_right(password, self.getPasswordListForLogin(login)):
            return self.loginScreen(self.wrongLoginPasswordMessage, fromPage, login)
        response.headerMap['location'] = libraryLogins.way_back(fromPage, request.base, self)
        response.headerMap['status'] = 302
        self.setLoginCookie(self.loginCookieName, login)
        self.setLoginCookies(login, password)
        return '<html><body>Nobody should see that</body></html>'
    def doLogout(self):
        self.setLoginCookie(self.passwordCookieName, '', 0)
        response.headerMap['location'] = self.getPath() + '/logoutScreen'
        response.headerMap['status'] = 302
        return ''
    def logoutScreen(self):
        return self.loginScreen("You have been logged out", self.getPath() + '/index')
mask:
    def loginScreen(self, message, fromPage, login=''):
        <html><body>
            Message: <py-eval="libraryMarkup.shown(self, 'loginScreen', message)">
            <form method="post" action="<py-eval="self.getPath()">/doLogin">
                Login: <input type=text name=login value="<py-eval="libraryMarkup.quoted(login)">" length=10><br>
                Password: <input type=password name=password length=10><br>
                <input type=hidden name=fromPage value="<py-eval="libraryMarkup.quoted(fromPage)">"><br>
                <input type=submit>
            </form>
        </body></html>
aspect:
    (method.type in ('view', 'mask') and not method.isHidden and method.name not in ('loginScreen', 'logoutScreen', 'doLogin')) start:
        _cookies = request.simpleCookie
        for _name in (self.loginCookieName, self.dateCookieName, self.passwordCookieName):
            if _name not in _cookies:
                return self.loginScreen(self.noCookieMessage, request.browserUrl)
        _login = _cookies[self.loginCookieName].value
        _date = _cookies[self.dateCookieName].value
        if not libraryLogins.is_fresh(_date, self.timeout):
            return self.loginScreen(self.timeoutMessage, request.browserUrl, _login)
        _password = self.passwordOfCookies(_login, _date, _cookies[self.passwordCookieName].value)
        if _password is None:
            return self.loginScreen(self.noCookieMessage, request.browserUrl, _login)
        self.login = _login
        self.setLoginCookies(_login, _password)
