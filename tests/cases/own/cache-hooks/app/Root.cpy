def initServer():
    global built
    built = {}
def initRequest():
    if request.path == 'early':
        request.cacheKey = 'early'
        request.cacheExpire = time.time() + 1000
def initNonStaticRequest():
    p = request.path
    if p in ('page', 'cookie', 'error', 'status', 'raw', 'type'):
        request.cacheKey = (p, request.paramMap.get('k'))
        request.cacheExpire = time.time() + 1000
    if p == 'noExpire':
        request.cacheKey = 'noExpire'
    if p == 'past':
        request.cacheKey = 'past'
        request.cacheExpire = time.time() - 1
def initResponse():
    response.headerMap['x-response'] = 'r' + str(built.get('all', 0))
def initNonStaticResponse():
    response.body = response.body + ' [fresh]'
CherryClass Root:
function:
    def count(self, name):
        built[name] = built.get(name, 0) + 1
        built['all'] = built.get('all', 0) + 1
        return '%s %d' % (name, built[name])
view:
    def early(self): return self.count('early')
    def page(self, k='', x=''): return self.count('page' + k)
    def cookie(self):
        response.simpleCookie['c'] = 'v'
        return self.count('cookie')
    def error(self):
        self.count('error')
        raise ValueError, 'no cache %d' % built['error']
    def status(self):
        response.headerMap['status'] = '404 Not Found'
        response.headerMap['x-mine'] = 'mine'
        return self.count('status')
    def type(self):
        response.headerMap['content-type'] = 'text/plain'
        return self.count('type')
    def raw(self):
        response.wfile.write('HTTP/1.0 200 OK\r\n\r\n' + self.count('raw'))
        response.sendResponse = 0
        return ''
    def noExpire(self): return self.count('noExpire')
    def past(self): return self.count('past')
    def plain(self): return self.count('plain')
