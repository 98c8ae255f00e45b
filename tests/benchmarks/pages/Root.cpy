use Form
CherryClass Root:
variable:
    words = ['pear', 'Apple', 'fig', 'plum', 'Cherry', 'quince', 'medlar', 'sloe']
function:
    def goods(self):
        rows = []
        for number in range(200):
            rows.append({'number': number, 'name': self.words[number % 8], 'price': number * 3 + 1, 'stock': number % 7})
        return rows
    def total(self, rows):
        sum = 0
        for row in rows:
            sum = sum + row['price'] * row['stock']
        return sum
    def label(self, row):
        if row['stock'] == 0:
            return 'sold out'
        elif row['stock'] < 3:
            return 'only ' + str(row['stock'])
        return '%s left' % row['stock']
view:
    def hello(self):
        return "<html><body>Hello, world!</body></html>"
    def compute(self):
        page = ['<html><body><h1>%s</h1><ul>' % 'Stock'.upper()]
        rows = self.goods()
        rows.sort(lambda a, b: cmp(a['name'], b['name']) or cmp(a['number'], b['number']))
        byName = {}
        for row in rows:
            if not byName.has_key(row['name']):
                byName[row['name']] = []
            byName[row['name']].append(row)
        names = byName.keys()
        names.sort()
        for name in names:
            page.append('<li>%s: %d kinds, worth %.2f<ul>' % (name, len(byName[name]), self.total(byName[name]) / 2.0))
            for row in byName[name]:
                if row['price'] > 100 and row['stock'] >= 1:
                    page.append('<li>%(number)05d %(name)s %(price)s</li>' % row + self.label(row).replace(' ', '&nbsp;'))
            page.append('</ul></li>')
        text = string.join(page, '\n')
        return text + '</ul>' + str(len(text)) + ', '.join([word.lower() for word in text.split()[:20]]) + '</body></html>'
mask:
    def table(self, title="Stock"):
        <html><body><h1 py-eval="title">Title</h1>
        <table border=1>
        <div py-for="row in self.goods()">
            <tr>
                <td py-eval="row['number']">1</td><td py-eval="row['name']">fig</td>
                <td align=right py-eval="'%.2f' % (row['price'] / 3.0)">1.50</td>
                <td py-eval="self.label(row)">none</td>
            </tr>
        </div>
        </table></body></html>
    def rich(self):
        <html><body><div py-exec="rows = self.goods(); shown = 0"></div>
        <div py-for="word in self.words">
            <h2 py-eval="word.capitalize() + ' ' + str(_index) + '/' + str(_end)">Fig</h2>
            <div py-for="row in rows">
                <div py-if="row['name'] == word">
                    <div py-if="row['stock'] < 3">
                        <a py-attr="'/buy?number=%s' % row['number']" href="x"><b py-eval="row['price']">3</b></a>
                    </div><div py-else>
                        <i py-eval="row['number']">3</i> <em py-eval="self.label(row)">many</em>
                    </div>
                    <div py-code="
                        shown = shown + 1
                        if shown % 10 == 0:
                            _page.append('<hr>')
                    "></div>
                </div>
            </div>
        </div>
        <p py-eval="shown">200</p></body></html>

CherryClass Signup(Form):
function:
    def __init__(self):
        self.fieldList = [
            FormSeparator('', defaultFormMask.defaultHeader),
            FormField(label='Name:', name='name', mandatory=1, typ='text', defaultValue='your name', size=30),
            FormField(label='Password:', name='pw1', typ='password', mandatory=1),
            FormField(label='Sex:', name='sex', typ='radio', optionList=['M', 'F'], defaultValue='F'),
            FormField(label='Likes:', name='likes', typ='checkbox', optionList=['Books', 'Music', 'Sport'], defaultValue=['Music']),
            FormField(label='Country:', name='country', typ='select', optionList=['France', 'Italy', 'Other'], defaultValue='Italy'),
            FormField(label='Text:', name='text', typ='textarea', size='40x5'),
            FormField(label='', name='Send', typ='submit'),
            FormSeparator('', defaultFormMask.defaultFooter)]
view:
    def form(self):
        return '<html>' + self.formView(0) + '</html>'
    def postForm(self, **kw):
        if self.validateForm():
            return 'thank you, ' + kw['name']
        return 'errors' + self.formView(1)

CherryClass Base abstract:
variable:
    shared = 1
function:
    def own(self, value):
        return value
    def same(self, value):
        return value

CherryClass Single(Base):
function:
    def same(self, value):
        return Base.same(self, value)
view:
    def nothing(self):
        for i in xrange(3000): pass
        return 'ok'
    def calls(self):
        for i in xrange(3000): self.own(i)
        return 'ok'
    def parents(self):
        for i in xrange(3000): self.same(i)
        return 'ok'
    def compared(self):
        n = 0
        for i in xrange(3000):
            if i < 1500: n = n + 1
            if i >= n: n = n + 1
        return str(n)
    def attributes(self):
        for i in xrange(3000):
            self.value = i
            self.value; self.shared
        return 'ok'
    def formats(self):
        for i in xrange(1000):
            '%s' % i; '%s and %s' % ('one', i); '<b>%d</b>' % i
        return 'ok'
    def strs(self):
        for i in xrange(1000):
            str(i); str('text'); str(0.5)
        return 'ok'
    def texts(self):
        for i in xrange(1000):
            ' text '.strip(); 'a b c'.split(); ','.join(['a', 'b']); 'Text'.lower(); 'a,b'.split(',')
        return 'ok'
    def dicts(self):
        d = {'one': 1, 'two': 2}
        for i in xrange(1000):
            d.has_key('one'); d.get('two'); d.keys(); d.items()
        return 'ok'
    def numbers(self):
        n = 0
        for i in xrange(1000):
            n = i / 3 + i % 7 + n
            n %= 100
        return str(n)
    def reprs(self):
        for i in xrange(300): `[i, 'text', (1, 2)]`; repr('text')
        return 'ok'
    def types(self):
        for i in xrange(1000): type(i) == type('a'); isinstance(i, str); type(i) is int
        return 'ok'
    def builtins(self):
        for i in xrange(1000): max(i, 3); min(i, 3); range(3); map(len, ['a']); getattr(self, 'shared'); hasattr(self, 'own')
        return 'ok'
    def sorts(self):
        for i in xrange(300):
            some = [5, 3, 9, 1, 4]
            some.sort()
            some.sort(lambda a, b: cmp(b, a))
        return 'ok'
    def errors(self):
        for i in xrange(300):
            try: {}['x']
            except KeyError, e: pass
        return 'ok'
