import thread
def initProgram():
    import math
    lock = None
def initServer():
    global votes, lock
    votes = {'yes': 0, 'no': 0, "don't know": 0}
    lock = thread.allocate_lock()
CherryClass Root:
function:
    def total(self): return reduce(lambda a, b: a + b, votes.values(), 0)
    def percent(self, n): return self.total() and n * 100 / self.total()
    def quote(self, s): return s.replace('\\', '\\\\').replace("'", "\\'")
mask:
    def index(self):
        <py-exec="answers = votes.keys(); answers.sort()">
        <py-for="a in answers">
        <py-exec="p = self.percent(votes[a])"><py-eval="'%-12s' % a"> <py-eval="'#' * (p / 5)"> <py-eval="p">% <py-eval="'%.1f' % (votes[a] * 100.0 / (self.total() or 1))">
        </py-for>
        <div py-if="request.simpleCookie.has_key('voted')">You said <b py-eval="request.simpleCookie['voted'].value"></b></div><div py-else>Vote!</div>
    def script(self):
        // made for <py-eval="request.base">
        var votes = new Array();
        <py-exec="keys = votes.keys(); keys.sort()">
        <py-for="k in keys">votes['<py-eval="self.quote(k)">'] = <py-eval="votes[k]">;
        </py-for>
        if (votes['yes'] > 0 && votes['no'] < 10) { document.write("<b>ok<\/b>"); }
    def xml(self):
        <?xml version="1.0" encoding="iso-8859-1"?>
        <!DOCTYPE poll [ <!ENTITY nbsp "&#160;"> ]>
        <poll xmlns:x="http://x.y/">
            <py-for="k, v in [('yes', votes['yes']), ('no', votes['no'])]">
            <x:vote py-attr="k" name="" py-eval="v"/></x:vote>
            </py-for>
            <![CDATA[ <raw> & ]]>
        </poll>
view:
    def vote(self, what=''):
        if request.simpleCookie.has_key('voted'): return 'once only'
        if not votes.has_key(what): return 'no such answer: ' + `what`
        lock.acquire()
        try:
            votes[what] += 1
        finally:
            lock.release()
        response.simpleCookie['voted'] = what
        response.simpleCookie['voted']['max-age'] = 60 * 60 * 24 * 365
        return self.index()
    def js(self):
        response.headerMap['content-type'] = 'text/javascript'
        return self.script()
    def feed(self):
        response.headerMap['content-type'] = 'text/xml'
        return self.xml()
    def wap(self):
        response.headerMap['content-type'] = 'text/vnd.wap.wml'
        return '<wml><card><p>%d</p></card></wml>' % self.total()
