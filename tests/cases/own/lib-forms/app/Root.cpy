use Form
CherryClass Order(Form):
function:
    def __init__(self):
        self.fieldList = [
            FormField('Name', 'name', 'text', mandatory=1, size=30, defaultValue='you', defaultMessage='please'),
            FormField('Secret', 'secret', 'password'),
            FormField('Fixed', 'fixed', 'forced', defaultValue='42'),
            FormField('Kind', 'kind', 'select', optionList=['a', 'b', ('c', 'See'), (4, 'Four')], defaultValue='b'),
            FormField('Text', 'text', 'textarea', size='20x3', defaultValue='some'),
            FormField('Boxes', 'boxes', 'checkbox', optionList=['x', 'y', ('z', 'Zed')], defaultValue=['x', 'z']),
            FormField('Radio', 'radio', 'radio', optionList=['r1', 'r2'], defaultValue='r2', mandatory=1),
            FormSeparator('<tr><td>sep</td></tr>', defaultFormMask.echoMask),
            FormField('Hidden', 'hid', 'hidden', defaultValue=['h1', 'h2']),
            FormField('Age', 'age', 'text', validate=self.checkAge),
            FormField('Own', 'own', 'text', mask=self.ownMask),
            FormField('Send it', 'submit', 'submit'),
        ]
    def checkAge(self, value):
        if value and not value.isdigit(): return 'not a number'
    def ownMask(self, field):
        return '<own %s %s %s>' % (field.name, field.currentValue, field.errorMessage)
    def validateFields(self):
        if request.paramMap.get('name') == 'bad': self.setFieldErrorMessage('name', 'bad name')
view:
    def index(self, **kw):
        return defaultFormMask.defaultHeader('x') + self.formView() + defaultFormMask.defaultFooter('x')
    def postForm(self, **kw):
        if self.validateForm():
            k = kw.items(); k.sort()
            return 'ok %s' % k
        return self.formView(1)
    def helpers(self):
        names = self.getFieldNameList(['submit', 'hid'])
        self.setFieldDefaultValue('age', '7')
        r = '%s %s %s %s' % (names, self.getFieldOptionList('kind'), self.getFieldDefaultValue('age'), self.getFieldDefaultValue('name'))
        self.setFieldDefaultValue('age', '')
        return r
CherryClass Other(Order):
variable:
    method = 'get'
    enctype = 'multipart/form-data'
function:
    def __init__(self):
        Order.__init__(self)
        self.fieldList = self.fieldList[:1] + self.fieldList[-1:]
CherryClass Root:
view:
    def index(self): return order.index()
