use Tools
import cPickle, md5, string, types
def initServer():
    global db
    db = {'threads': {}, 'next': 1}
def initRequest():
    request.user = 'guest'
    if request.simpleCookie.has_key('user'):
        parts = request.simpleCookie['user'].value.split('|')
        if len(parts) == 2 and parts[1] == md5.new(parts[0] + 'salt').hexdigest():
            request.user = parts[0]
def onError():
    import sys
    kind, value = sys.exc_info()[:2]
    if type(kind) == types.StringType: text = kind
    else: text = '%s: %s' % (kind.__name__, value)
    response.headerMap['content-type'] = 'text/plain'
    response.body = 'Error in %s: %s' % (request.path, text)
CherryClass Message abstract:
function:
    def __init__(self, author, text, time):
        self.author, self.text, self.time = author, text, time
        self.replies = []
    def __len__(self):
        n = 1
        for r in self.replies: n = n + len(r)
        return n
    def __cmp__(self, other):
        return cmp(self.time, other.time)
    def __str__(self):
        return self.render(0)
    def render(self, depth):
        s = '%s%s: %s (%d)\n' % ('  ' * depth, self.author, self.text, len(self))
        self.replies.sort()
        for r in self.replies: s = s + r.render(depth + 1)
        return s
CherryClass Root:
variable:
    clock = 0
function:
    def tick(self):
        Root.clock = Root.clock + 1
        return self.clock
view:
    def login(self, name):
        if name <> string.strip(name): raise 'Bad name'
        response.simpleCookie['user'] = name + '|' + md5.new(name + 'salt').hexdigest()
        response.simpleCookie['user']['path'] = '/'
        return 'logged in as ' + name
    def post(self, subject, text):
        if not subject: raise ValueError, 'no subject'
        id = db['next']
        db['next'] += 1
        db['threads'][id] = (subject, Message(request.user, text, self.tick()))
        return self.index()
    def reply(self, id, text, path=''):
        subject, m = db['threads'][int(id)]
        for i in path.split('.'):
            if i: m = m.replies[int(i)]
        m.replies.append(Message(request.user, text, self.tick()))
        return self.view(id)
    def view(self, id):
        subject, m = db['threads'][int(id)]
        return tools.escapeHtml(subject + '\n' + str(m), 0, 0, 0)
    def latest(self):
        l = [m for s, m in db['threads'].values()]
        l.sort()
        l.reverse()
        return ''.join(map(str, l))
    def stats(self):
        d = {}
        def walk(m, d=d):
            d[m.author] = d.get(m.author, 0) + 1
            map(walk_, m.replies)
        global walk_
        walk_ = walk
        for s, m in db['threads'].values(): walk(m)
        l = [(n, a) for a, n in d.items()]
        l.sort(lambda x, y: cmp(y[0], x[0]) or cmp(x[1], y[1]))
        return `l`
mask:
    def index(self):
        Hello <py-eval="request.user">
        <py-exec="items = db['threads'].items(); items.sort()">
        <py-for="id, (subject, m) in items">
        <a py-attr="'/view?id=%s' % id" href=""><py-eval="tools.escapeHtml(subject)"></a> by <py-eval="m.author">, <py-eval="tools.getLabelWithCount(len(m), 'message', 'messages')"> <py-if="not m.replies">(new)</py-if>
        </py-for>
        <py-if="not items">No threads.</py-if>
