use Other
use Base
def initServer():
    order.append('middle')
    global middleGlobal
    middleGlobal = 'm'
def initRequest():
    request.trail.append('middle')
    if request.path == 'skip': return
CherryClass Middle:
view:
    def index(self):
        return base.hello() + middleGlobal + repr(order)
