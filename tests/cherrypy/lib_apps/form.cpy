use Form
CherryClass Root:
function:
    def one(self, **kw):
        f = FormField('L', 'n', **kw)
        r = []
        for leave in (0, 1):
            try: r.append(f.render(leave))
            except Exception, e: r.append(e.__class__.__name__ + ': ' + str(e))
            r.append(`f.currentValue` + `f.errorMessage`)
        return '\n'.join(r) + '\n'
view:
    def index(self, **kw):
        r = []
        o1 = ['a', 'b']; o2 = [(1, 'One'), (2, 'Two')]; o3 = [('x', 'X'), 'y', ('z', 'Z')]
        for t in ['text', 'password', 'forced', 'select', 'textarea', 'checkbox', 'radio', 'submit', 'hidden', 'file', 'image', '', 'TEXT']:
            for d in ['', 'a', 'x', '1', 1, 2.5, None, ['a', 'x'], ['b'], 'a&b <i>', "it's", '&amp;', []]:
                for o in [o1, o2, o3, []]:
                    if o and t not in ('select', 'checkbox', 'radio'): continue
                    r.append(self.one(typ=t, defaultValue=d, optionList=o, defaultMessage='msg'))
        for s in ['40x5', 15, 'x', '3x']:
            r.append(self.one(typ='textarea', size=s))
            r.append(self.one(typ='text', size=s))
        return '\n'.join(r)
    def more(self, n='z'):
        r = []
        f = FormField('L', 'n', 'text', None, 1, 20, ['a'], 'dv', 'dm', None)
        r.append(`[f.isField, f.label, f.name, f.typ, f.mandatory, f.size, f.optionList, f.defaultValue, f.defaultMessage, f.validate, f.errorMessage]`)
        r.append(`f.mask == defaultFormMask.defaultMask`)
        s = FormSeparator('<b>', defaultFormMask.echoMask)
        r.append(`s.isField` + s.label + s.render(0) + s.render(1))
        r.append(defaultFormMask.defaultHeader('x') + defaultFormMask.defaultFooter('y') + defaultFormMask.echoMask('z'))
        h = FormField('L', 'n', 'hidden', defaultFormMask.hiddenMask, defaultValue='q')
        r.append(h.render(0) + h.render(1))
        h = FormField('L', 'n', 'text', defaultFormMask.hiddenMask, defaultValue=['q', 1])
        r.append(h.render(0) + h.render(1))
        u = FormField('L', 'Go', 'submit', defaultValue='Press')
        r.append(u.render(0) + u.render(1) + u.currentValue)
        b = FormField('<b>L</b>', 'n<', 'text', defaultMessage='<i>m</i>')
        r.append(b.render(0) + b.render(1))
        w = FormField(validate=None, defaultMessage='', defaultValue='', optionList=[], size=15, mandatory=0, mask=None, typ='text', name='n', label='l')
        r.append(w.render(leaveValues=1))
        r.append(`Form.method` + `Form.enctype`)
        return '\n'.join(r)
CherryClass Deep_er(Form):
variable:
    method = 'GET'
    enctype = 'text/plain'
function:
    def __init__(self):
        self.fieldList = [FormSeparator('', defaultFormMask.defaultHeader), FormField('A', 'a', 'text', mandatory=1, validate=self.check), FormField('B', 'b', 'checkbox', mandatory=1, optionList=['1', '2']),
            FormField('C', 'c', 'text', validate=self.check, defaultMessage='dm', defaultValue='dv'), FormField('', 'Go', 'submit'), FormSeparator('', defaultFormMask.defaultFooter)]
    def check(self, v):
        if v == 'boom': raise 'oops'
        if v == 'bad': return 'Bad <b>value</b>'
        if v: return `v`
view:
    def index(self, leave=0, a=''):
        return self.formView(leave)
    def postForm(self, **kw):
        v = self.validateForm()
        m = [f.errorMessage for f in self.fieldList if f.isField]
        return `v` + `m` + self.formView(1)
    def misc(self):
        r = []
        r.append(`self.getFieldNameList()` + `self.getFieldNameList(['a'])` + `self.getFieldNameList(exceptList=['Go', 'b'])`)
        r.append(`self.getFieldOptionList('b')` + `self.getFieldDefaultValue('c')` + `self.getFieldOptionList('zz')` + `self.getFieldDefaultValue('zz')`)
        r.append(`self.setFieldDefaultValue('zz', 1)` + `self.setFieldErrorMessage('zz', 'm')` + `self.setFieldErrorMessage('a', 'm')`)
        r.append(`self.validateFields()`)
        return '\n'.join(r)
