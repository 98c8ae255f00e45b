def initRequest():
    if request.path.startswith('alias/'):
        request.path = 'st/' + request.path[6:]
    if request.path == 'st/secret.txt':
        request.path = 'denied'
def initResponse():
    response.headerMap['x-static'] = str(request.isStaticFile)
CherryClass Root:
view:
    def st(self): return 'view st'
    def stx(self): return 'view stx'
    def denied(self): return 'denied ' + str(request.isStaticFile)
    def file(self): return 'never'
CherryClass St:
view:
    def index(self): return 'st.index'
    def page(self): return 'st.page'
