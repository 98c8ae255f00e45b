import time
def initRequest():
    request.startTime = time.time()
    if request.headerMap.has_key('x-forwarded-host'):
        request.headerMap['host'] = request.headerMap['x-forwarded-host']
        request.base = 'http://' + request.headerMap['host']
        request.browserUrl = request.base + '/' + request.path
        request.headerMap['remote-addr'] = request.headerMap.get('x-forwarded-for', 'none')
def initNonStaticResponse():
    if response.headerMap['content-type'] == 'text/html':
        took = time.time() - request.startTime
        response.body = response.body + '<small>%s</small>' % (took >= 0 and took < 100)
CherryClass Root:
mask:
    def index(self):
        <py-debug="'x is %s' % x">
        <a py-attr="request.base + '/x'" href="">x</a> <py-eval="request.browserUrl"> <py-eval="self.getPath()"> <py-eval="request.headerMap['remote-addr']">
        <div py-debug="nothing">kept?</div>
        debug: <py-eval="_debug">
view:
    def debugs(self):
        debug('not written without -D')
        return str(os.path.exists('RootServer.dbg'))
    def names(self):
        names = ['string', 'time', 'urllib', 'sys', 'getopt', 'cgi', 'socket', 'os', 'ConfigParser', 'cStringIO', 'binascii', 'md5', 'mimetypes', 'sha', 'SocketServer', 'threading', 'Queue', 'BaseHTTPServer', 'Cookie', 'whrandom', 'cPickle', 'request', 'response', 'configFile', 'configFileName', 'logMessage', 'debug', 'shutdown']
        space = globals()
        return str([n for n in names if not space.has_key(n)])
    def module(self): return __name__
    def log(self):
        logMessage('a message')
        logMessage('quiet', 1)
        return 'logged'
    def timeName(self): return time.strftime('%Y', time.gmtime(0)) + time_.name
CherryClass Time_:
variable:
    name = 'time_'
