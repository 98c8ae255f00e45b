use Middle, Other
import string
def initProgram():
    global programNames
    programNames.append('root')
    early = 'bound in initProgram'
def initServer():
    order.append('root')
def initServer():
    order.append('root again')
def initRequest():
    request.trail.append('root')
    if request.path == 'skip': request.trail.append('not reached?')
def initNonStaticRequest():
    if request.paramMap.has_key('rewrite'):
        request.path = 'other/target'
        del request.paramMap['rewrite']
def initResponse():
    response.headerMap['x-root'] = 'r' + response.headerMap.get('x-other', '')
CherryClass Root:
view:
    def index(self):
        return '%s | %s | %s | %s' % (order, request.trail, programNames, early)
    def skip(self):
        return '%s' % request.trail
    def target(self):
        return 'root target'
