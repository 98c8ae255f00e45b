def initResponse():
    hooks.append('initResponse')
def initNonStaticResponse():
    hooks.append('initNonStaticResponse')
def initServer():
    global hooks
    hooks = []
CherryClass Root:
function:
    def head(self, status='200 OK', *lines):
        response.wfile.write('HTTP/1.0 %s\r\n' % status)
        for l in lines: response.wfile.write(l + '\r\n')
        response.wfile.write('\r\n')
        response.sendResponse = 0
view:
    def simple(self):
        self.head('200 OK', 'Content-Type: text/plain')
        for i in range(5): response.wfile.write('line %d\n' % i)
        return ''
    def noReason(self):
        response.wfile.write('HTTP/1.0 200\r\nContent-Type: text/html\r\n\r\n<b>x</b>')
        response.sendResponse = 0
        return 'ignored'
    def missing(self):
        self.head('404 Not Found', 'X-Why: gone', 'Set-Cookie: a=1', 'Set-Cookie: b=2')
        return ""
    def lines(self):
        self.head('200 OK', 'Content-Type: text/plain', 'Content-Length: 6')
        response.wfile.writelines(['ab', 'cd'])
        response.wfile.flush()
        response.wfile.write('ef')
        return ''
    def binary(self):
        self.head('200 OK', 'Content-Type: application/octet-stream')
        response.wfile.write(''.join(map(chr, range(256))))
        response.wfile.write('')
        return ''
    def big(self):
        self.head('200 OK', 'Content-Type: text/plain')
        for i in range(100): response.wfile.write('x' * 1000)
        return ''
    def loseCookies(self):
        response.simpleCookie['lost'] = '1'
        response.headerMap['x-lost'] = '1'
        self.head('200 OK')
        response.wfile.write('body')
        return ''
    def hooksSeen(self):
        l = hooks[:]
        del hooks[:]
        return str(l)
    def lf(self):
        response.wfile.write('HTTP/1.0 200 OK\nContent-Type: text/plain\n\nbare line feeds')
        response.sendResponse = 0
        return ''
    def post(self, **kw):
        self.head('200 OK', 'Content-Type: text/plain')
        k = kw.keys(); k.sort()
        for n in k: response.wfile.write('%s=%s\n' % (n, kw[n]))
        return ''
    def file(self):
        f = cStringIO.StringIO('from a file\n' * 3)
        self.head('200 OK', 'Content-Type: text/plain')
        while 1:
            data = f.read(7)
            if not data: break
            response.wfile.write(data)
        return ''
mask:
    def mask(self):
        <py-exec="response.wfile.write('HTTP/1.0 200 OK\r\n\r\nfrom a mask')">
        <py-exec="response.sendResponse = 0">
