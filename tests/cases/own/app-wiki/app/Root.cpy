import re, os, cgi, difflib
def initServer():
    global wordPattern, changes
    wordPattern = re.compile(r'\b([A-Z][a-z]+){2,}\b')
    changes = []
    if not os.path.isdir('pages'): os.mkdir('pages')
def initRequest():
    m = re.match('^([A-Z][a-z]+){2,}$', request.path)
    if m:
        request.paramMap['name'] = request.path
        request.path = 'wiki/show'
def initNonStaticResponse():
    if response.headerMap['content-type'] == 'text/html':
        response.body = '<title>%s</title>\n' % request.originalPath + response.body + '<!-- %d -->' % len(response.body)
CherryClass Wiki:
function:
    def file(self, name): return os.path.join('pages', name + '.txt')
    def load(self, name):
        try: f = open(self.file(name))
        except IOError, (number, text): return None
        try: return f.read()
        finally: f.close()
    def render(self, text):
        out, list = [], 0
        for line in text.replace('\r', '').split('\n'):
            line = cgi.escape(line)
            if line[:2] == '* ':
                if not list: out.append('<ul>'); list = 1
                line = '<li>' + line[2:]
            elif list: out.append('</ul>'); list = 0
            if line[:1] == '=' and line[-1:] == '=':
                n = len(line) - len(line.lstrip('='))
                line = '<h%d>%s</h%d>' % (n, line[n:-n].strip(), n)
            elif not line.strip(): line = '<p>'
            line = re.sub(r"'''(.*?)'''", r'<b>\1</b>', line)
            line = re.sub(r"''(.*?)''", r'<i>\1</i>', line)
            line = wordPattern.sub(self.link, line)
            out.append(line)
        if list: out.append('</ul>')
        return '\n'.join(out)
    def link(self, m):
        name = m.group()
        if os.path.exists(self.file(name)): return '<a href="/%s">%s</a>' % (name, name)
        return name + '<a href="/wiki/edit?name=%(name)s">?</a>' % vars()
mask:
    def show(self, name='StartPage'):
        <py-exec="text = self.load(name)">
        <h1><py-eval="name"></h1>
        <py-if="text is None">There is no page <py-eval="cgi.escape(name)">. <a py-attr="'/wiki/edit?name=' + name" href="">Make it</a></py-if>
        <py-else>
        <py-eval="self.render(text)">
        <a py-attr="'/wiki/edit?name=' + name" href="">edit</a> <py-eval="len(text)"> bytes
        </py-else>
    def edit(self, name):
        <form method=post action="/wiki/save"><input type=hidden name=name py-attr="name" value="">
        <textarea name=text py-eval="cgi.escape(self.load(name) or '')"></textarea></form>
view:
    def save(self, name, text):
        if not wordPattern.match(name): raise 'BadName', name
        old = self.load(name) or ''
        f = open(self.file(name), 'w')
        f.write(text)
        f.close()
        changes.append((name, len(text) - len(old)))
        d = difflib.ndiff(old.splitlines(1), text.splitlines(1))
        response.headerMap['content-type'] = 'text/plain'
        return ''.join([l for l in d if l[0] <> ' '])
    def recent(self):
        c = changes[-5:]
        c.reverse()
        return '<br>'.join(['%s %+d' % change for change in c])
    def search(self, q):
        found = filter(lambda n, q=q: open(os.path.join('pages', n)).read().lower().find(q.lower()) <> -1, os.listdir('pages'))
        found.sort()
        return ', '.join(map(lambda n: n[:-4], found)) or 'nothing'
    def words(self):
        count = {}
        for n in os.listdir('pages'):
            for w in re.findall('[a-z]+', open(os.path.join('pages', n)).read().lower()):
                count[w] = count.setdefault(w, 0) + 1
        l = count.items()
        l.sort(lambda (w1, c1), (w2, c2): cmp(c2, c1) or cmp(w1, w2))
        return '\n'.join(['%-10s %3d' % x for x in l[:5]])
CherryClass Root:
view:
    def index(self): return wiki.show()
