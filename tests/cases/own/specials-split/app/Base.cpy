def initProgram():
    programNames = ['base']
def initServer():
    global order
    order = ['base']
def initRequest():
    request.trail = ['base']
CherryClass Base hidden:
view:
    def hello(self):
        return 'hello from base '
