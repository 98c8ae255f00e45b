use Tools
import re, cPickle, string
def initServer():
    global entries
    try:
        entries = cPickle.load(open('guests.dat'))
    except IOError:
        entries = []
CherryClass Page abstract:
variable:
    title = 'Guestbook'
    smileys = [(':-)', 'smile'), (':-(', 'sad'), (';-)', 'wink')]
function:
    def save(self):
        f = open('guests.dat', 'w')
        cPickle.dump(entries, f)
        f.close()
    def cook(self, text):
        text = tools.escapeHtml(text, 1, 0)
        for code, name in self.smileys:
            text = string.replace(text, code, '<img src="/%s.gif" alt="%s">' % (name, code))
        text = re.sub(r'(http://[^\s<]+)', r'<a href="\1">\1</a>', text)
        return text
    def date(self, t):
        return time.strftime('%d.%m.%Y %H:%M', time.gmtime(t))
mask:
    def header(self) hidden:
        <html><head><title><py-eval="self.title"></title></head>
        <body bgcolor=#ffffff>
    def footer(self) hidden:
        <hr><small><py-eval="len(entries)"> entr<py-if="len(entries) == 1">y</py-if><py-else>ies</py-else></small>
        </body></html>
CherryClass Root(Page):
mask:
    def index(self, page='0', per='3'):
        <py-exec="page, per = int(page), int(per)">
        <py-eval="self.header()">
        <table>
        <py-for="entry in entries[page * per:(page + 1) * per]">
            <tr py-attr="['even', 'odd'][_index % 2]" class=""><td><b py-eval="tools.escapeHtml(entry['name'])">name</b>
            <py-if="entry.has_key('mail') and entry['mail']"><a py-attr="'mailto:' + entry['mail']" href="">@</a></py-if></td>
            <td><py-eval="self.cook(entry['text'])"></td><td><py-eval="self.date(entry['time'])"></td></tr>
        </py-for>
        </table>
        <div py-if="not entries">Nobody was here.</div>
        <py-exec="pages = (len(entries) + per - 1) / per">
        <py-if="pages > 1">Pages:
        <py-for="p in range(pages)"><py-if="p == page"><b><py-eval="p + 1"></b></py-if><py-else><a py-attr="'/?page=%d' % p" href=""><py-eval="p + 1"></a></py-else><py-if="_index < _end"> | </py-if></py-for>
        </py-if>
        <py-eval="self.footer()">
    def form(self, name='', mail='', text='', error=''):
        <py-if="error"><font color=red><py-eval="error"></font></py-if>
        <form method=post action="sign">
        <input name=name py-attr="name" value=""> <input name=mail py-attr="mail" value="">
        <textarea name=text rows=5 py-eval="tools.escapeHtml(text)"></textarea>
        <input type=submit value=Sign></form>
view:
    def sign(self, name='', mail='', text='', **rest):
        errors = []
        if not name.strip(): errors.append('no name')
        if mail and tools.validateEmail(mail): errors.append(tools.validateEmail(mail))
        if len(text) > 200: errors.append('too long')
        if errors:
            return self.header() + self.form(name, mail, text, ', '.join(errors)) + self.footer()
        entries.insert(0, {'name': name, 'mail': mail, 'text': text, 'time': 86400 * len(entries)})
        self.save()
        response.headerMap['status'] = '302 Found'
        response.headerMap['location'] = request.base + '/'
        return ''
    def dump(self):
        return `[e['text'] for e in entries]`
