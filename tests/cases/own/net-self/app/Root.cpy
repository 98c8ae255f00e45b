import urllib, urllib2, httplib, socket, xmlrpclib, SimpleXMLRPCServer, threading, SocketServer, select
def initServer():
    global httpPort, rpcPort, linePort
    class Handler(BaseHTTPServer.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header('Content-Type', 'text/plain')
            self.send_header('X-Path', self.path)
            self.end_headers()
            self.wfile.write('got ' + self.path + ' caf\xe9')
        def do_POST(self):
            data = self.rfile.read(int(self.headers.getheader('content-length')))
            self.send_response(201, 'Made')
            self.end_headers()
            self.wfile.write('posted %r %s' % (data, self.headers['content-type']))
        def log_message(self, *args): pass
    server = BaseHTTPServer.HTTPServer(('127.0.0.1', 0), Handler)
    httpPort = server.server_address[1]
    rpc = SimpleXMLRPCServer.SimpleXMLRPCServer(('127.0.0.1', 0), logRequests=0)
    rpcPort = rpc.server_address[1]
    rpc.register_function(lambda a, b: a + b, 'add')
    rpc.register_function(lambda s: s * 2, 'twice')
    class Lines(SocketServer.StreamRequestHandler):
        def handle(self):
            while 1:
                line = self.rfile.readline()
                if not line.strip(): break
                self.wfile.write(line.upper())
    lines = SocketServer.ThreadingTCPServer(('127.0.0.1', 0), Lines)
    linePort = lines.server_address[1]
    for s in (server, rpc, lines):
        t = threading.Thread(target=s.serve_forever)
        t.setDaemon(1)
        t.start()
CherryClass Root:
view:
    def urllib_(self):
        f = urllib.urlopen('http://127.0.0.1:%d/a?b=%s' % (httpPort, urllib.quote('c d')))
        text = f.read()
        return '%r %s %s' % (text, f.info().getheader('x-path'), f.info()['content-type'])
    def post(self):
        return urllib.urlopen('http://127.0.0.1:%d/p' % httpPort, urllib.urlencode([('a', 1), ('b', '\xe9 ')])).read()
    def urllib2_(self):
        r = urllib2.Request('http://127.0.0.1:%d/u2' % httpPort)
        r.add_header('X-A', 'b')
        f = urllib2.urlopen(r)
        l = f.readlines()
        return '%r %s' % (l, f.code)
    def refused(self):
        try: urllib2.urlopen('http://127.0.0.1:%d/x' % 1)
        except urllib2.URLError, e: return e.__class__.__name__
    def httplib_(self):
        c = httplib.HTTPConnection('127.0.0.1', httpPort)
        c.request('POST', '/h', 'raw body', {'Content-Type': 'text/x'})
        r = c.getresponse()
        return '%s %s %s' % (r.status, r.reason, r.read())
    def lines(self):
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.connect(('127.0.0.1', linePort))
        s.send('hello\r\n')
        f = s.makefile()
        a = f.readline()
        s.sendall('two\n')
        b = f.readline()
        s.send('\n')
        s.close()
        return '%r %r' % (a, b)
    def rpc(self):
        s = xmlrpclib.Server('http://127.0.0.1:%d' % rpcPort)
        r = [s.add(2, 3), s.twice('ab'), s.twice([1])]
        try: s.nothing()
        except xmlrpclib.Fault, f: r.append(f.faultCode)
        return repr(r)
