import thread
def initServer():
    global lock, started
    lock = thread.allocate_lock()
    started = []
def initThread(threadIndex):
    request.connection = 'connection %d' % threadIndex
    request.index = threadIndex
    lock.acquire()
    started.append(threadIndex)
    lock.release()
CherryClass Root:
variable:
    counter = 0
view:
    def index(self):
        return '%s %s' % (request.connection == 'connection %d' % request.index, request.index in (0, 1, 2))
    def count(self):
        lock.acquire()
        self.counter = self.counter + 1
        n = self.counter
        lock.release()
        return str(n > 0)
    def total(self):
        return str(self.counter)
    def own(self, n):
        request.mine = n
        time.sleep(0.05)
        return '%s %s' % (request.mine, hasattr(request, 'nothing'))
    def default(self):
        return getattr(request, 'index', None) is not None and 'has' or 'none'
