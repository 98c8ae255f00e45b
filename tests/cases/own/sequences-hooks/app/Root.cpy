def initServer():
    global calls
    calls = []
def initRequestBeforeParse():
    calls.append('before %s %s %s' % (request.path, request.method, request.paramMap))
def initRequest():
    calls.append('request %s %s %s' % (request.path, request.isStaticFile, request.paramMap.keys()))
    if request.path == 'cached':
        request.cacheKey = 'c'
        request.cacheExpire = time.time() + 100
def initNonStaticRequest():
    calls.append('nonstatic ' + request.path)
def initResponse():
    calls.append('response %s' % len(response.body))
def initNonStaticResponse():
    calls.append('nonstaticresponse %s' % response.headerMap['content-length'])
def onError():
    import sys
    calls.append('error')
    response.body = 'error'
def logMessage(message, level=0):
    if message.find('GET') != -1 or message.find('POST') != -1:
        try: calls.append('log ' + message[22:])
        except NameError: pass
CherryClass Root:
view:
    def index(self, **kw):
        calls.append('index')
        return 'index'
    def cached(self):
        calls.append('cached')
        return 'cached'
    def bad(self):
        raise ValueError, 'bad'
    def calls(self):
        l = calls[:]
        del calls[:]
        return '\n'.join(l)
