use Lib
import tracker
def initProgram():
    note('initProgram root')
def initServer():
    note('initServer %s %s' % (configFile.get('mine', 'name'), type(root.x)))
    try: request.x; note('request exists')
    except: note('no request yet')
def initAfterBind():
    note('initAfterBind')
    request.fromBind = 'kept'
def initThread(threadIndex):
    request.fromThread = threadIndex
def logMessage(message, level=0):
    try: logged.append(message)
    except NameError:
        global logged
        logged = [message]
CherryClass First:
variable:
    note('class First')
function:
    def __init__(self):
        note('__init__ First')
        self.x = configFile.get('mine', 'name')
CherryClass Root(First):
variable:
    note('class Root')
function:
    def __init__(self):
        First.__init__(self)
        note('__init__ Root %s' % first.x)
view:
    def index(self):
        return '\n'.join(steps)
    def attributes(self):
        return '%s %s %s' % (request.fromBind, hasattr(request, 'nothing'), 1)
    def log(self):
        l = [m for m in logged if m.find('Serving') != -1]
        return '%d %s' % (len(l), l[0][:26])
    def lines(self):
        return '%s' % [m.strip() for m in logged if m.strip().find('storage') == 0 or m.find('protocol') != -1 or m.find('threadPool') != -1]
    def last(self):
        return logged[-1][21:]
