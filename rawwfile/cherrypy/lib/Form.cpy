from rawwfile.cherrypy.lib import markup as libraryMarkup
from rawwfile.cherrypy.lib.perrequest import PerRequest
CherryClass FormField abstract:
variable:
    isField = 1
    currentValue = PerRequest('')
    errorMessage = PerRequest('')
function:
    def __init__(self, label, name, typ, mask=None, mandatory=0, size=15, optionList=[], defaultValue='', defaultMessage='', validate=None):
        self.label = label
        self.name = name
        self.typ = typ
        self.mask = mask or defaultFormMask.defaultMask
        self.mandatory = mandatory
        self.size = size
        self.optionList = optionList
        self.defaultValue = defaultValue
        self.defaultMessage = defaultMessage
        self.validate = validate
    def render(self, leaveValues):
        if not leaveValues:
            self.errorMessage = self.defaultMessage
        if leaveValues and self.typ != 'submit':
            self.currentValue = request.paramMap.get(self.name, '')
        else:
            self.currentValue = self.defaultValue
        return self.mask(self)
CherryClass FormSeparator abstract:
variable:
    isField = 0
function:
    def __init__(self, label, mask):
        self.label = label
        self.mask = mask
    def render(self, leaveValues):
        return self.mask(self.label)
CherryClass DefaultFormMask hidden:
function:
    def inputCell(self, field):
        value = libraryMarkup.quoted(str(field.currentValue))
        if field.typ == 'text':
            return '<td><input name="%s" type=text value="%s" size=%s></td>' % (field.name, value, field.size)
        if field.typ == 'password':
            return '<td><input name="%s" type=password value="%s"></td>' % (field.name, value)
        if field.typ == 'submit':
            return '<td><input type=submit value="%s"></td>' % field.name
        if field.typ == 'forced':
            shown = str(field.currentValue)
            if field.currentValue != field.defaultValue:
                shown = libraryMarkup.plain(shown)
            return '<td><input name="%s" type=hidden value="%s">%s</td>' % (field.name, value, shown)
        return ''
    def selectCell(self, field):
        page = ['<td><select name="%s">' % field.name]
        for option in field.optionList:
            if isinstance(option, tuple):
                value, label = option
                tag = ' value=%s' % value
            else:
                value = label = option
                tag = ''
            selected = ''
            if field.currentValue in (value, str(value)):
                selected = ' selected'
            page.append('<option%s%s>%s</option>' % (selected, tag, label))
        page.append('</select></td>')
        return ''.join(page)
    def textareaCell(self, field):
        columns = rows = 15
        if 'x' in str(field.size):
            columns, rows = field.size.split('x')
        value = libraryMarkup.in_textarea(str(field.currentValue))
        return '<td><textarea name="%s" rows="%s" cols="%s">%s</textarea></td>' % (field.name, rows, columns, value)
    def choiceCell(self, field):
        chosen = field.currentValue
        if not isinstance(chosen, list):
            chosen = [chosen]
        page = ['<td>']
        for option in field.optionList:
            value = label = option
            if isinstance(option, tuple):
                value, label = option
            checked = ''
            if value in chosen:
                checked = ' checked'
            page.append('<input type="%s" name="%s" value="%s"%s>&nbsp;&nbsp;%s<br>' % (field.typ, field.name, value, checked, label))
        page.append('</td>')
        return ''.join(page)
view:
    def defaultMask(self, field):
        if field.typ == 'hidden':
            return self.hiddenMask(field)
        if field.typ == 'select':
            cell = self.selectCell(field)
        elif field.typ == 'textarea':
            cell = self.textareaCell(field)
        elif field.typ in ('checkbox', 'radio'):
            cell = self.choiceCell(field)
        else:
            cell = self.inputCell(field)
        message = '<td>&nbsp;</td>'
        if field.errorMessage:
            message = '<td><font color=red>%s</font></td>' % field.errorMessage
        return '<tr><td valign=top>%s</td>%s%s</tr>' % (field.label, cell, message)
    def hiddenMask(self, field):
        values = field.currentValue
        if not isinstance(values, list):
            values = [values]
        page = []
        for value in values:
            page.append('<input name="%s" type=hidden value="%s">' % (field.name, libraryMarkup.quoted(str(value))))
        return ''.join(page)
    def defaultHeader(self, label):
        return '<table>'
    def defaultFooter(self, label):
        return '</table>'
    def echoMask(self, label):
        return label
CherryClass Form abstract:
variable:
    method = "post"
    enctype = ""
function:
    def formView(self, leaveValues=0):
        enctype = ''
        if self.enctype:
            enctype = 'enctype="%s"' % self.enctype
        page = ['<form method="%s" %s action="%s/postForm">' % (self.method, enctype, self.getPath())]
        for field in self.fieldList:
            page.append(field.render(leaveValues))
        page.append('</form>')
        return ''.join(page)
    def formFields(self):
        return [field for field in self.fieldList if field.isField]
    def namedFields(self, name):
        return [field for field in self.formFields() if field.name == name]
    def validateForm(self):
        for field in self.formFields():
            field.errorMessage = ''
            if field.mandatory and not request.paramMap.get(field.name):
                field.errorMessage = "Missing"
        for field in self.formFields():
            if field.validate and not field.errorMessage:
                field.errorMessage = field.validate(request.paramMap.get(field.name) or '')
        self.validateFields()
        for field in self.formFields():
            if field.errorMessage:
                return 0
        return 1
    def validateFields(self):
        pass
    def setFieldErrorMessage(self, fieldName, errorMessage):
        for field in self.namedFields(fieldName):
            field.errorMessage = errorMessage
    def getFieldOptionList(self, fieldName):
        for field in self.namedFields(fieldName):
            return field.optionList
    def getFieldDefaultValue(self, fieldName):
        for field in self.namedFields(fieldName):
            return field.defaultValue
    def setFieldDefaultValue(self, fieldName, defaultValue):
        for field in self.namedFields(fieldName):
            field.defaultValue = defaultValue
    def getFieldNameList(self, exceptList=[]):
        return [field.name for field in self.formFields() if field.name not in exceptList]
