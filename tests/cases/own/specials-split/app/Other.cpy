use   Base
def initServer():
    order.append('other')
def initRequest():
    request.trail.append('other')
def initResponse():
    response.headerMap['x-other'] = 'o'
def initNonStaticResponse():
    if response.headerMap['content-type'] == 'text/html':
        response.body = response.body + '<!-- %s -->' % request.originalPath
CherryClass Other:
view:
    def target(self):
        return 'other target ' + request.originalPath + ' ' + request.path
