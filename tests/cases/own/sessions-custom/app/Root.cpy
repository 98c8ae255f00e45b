def initServer():
    global store, calls
    store, calls = {}, []
def saveSessionData(sessionId, sessionData, expirationTime):
    calls.append('save %s %s' % (len(sessionId), expirationTime > time.time()))
    store[sessionId] = (sessionData.copy(), expirationTime)
def loadSessionData(sessionId):
    calls.append('load')
    if store.has_key(sessionId): return store[sessionId]
    return None
def cleanUpOldSessions():
    calls.append('clean')
def initNonStaticRequest():
    calls.append('initNonStaticRequest')
CherryClass Root:
view:
    def index(self):
        request.sessionMap['n'] = request.sessionMap.get('n', 0) + 1
        return '%s %d' % (request.sessionMap['n'], len(store))
    def log(self):
        l = calls[:]
        del calls[:]
        return '\n'.join(l)
    def error(self):
        raise KeyError, 'no save'
    def expire(self):
        for k in store.keys(): store[k] = (store[k][0], 1)
        return 'expired'
