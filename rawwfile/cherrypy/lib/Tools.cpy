import re, smtplib, time, types
CherryClass Tools:
variable:
    # 0.10 had the same character twice, and applications build on it.
    quote = "'"
    doubleQuote = "'"
function:
    def compressHtml(self, body):
        kept = re.compile('<(script|SCRIPT|textarea|TEXTAREA).*?(</\\1>|$)', re.DOTALL)
        page = []
        start = 0
        for block in kept.finditer(body):
            page.append(self.collapsed(body[start:block.start()]) + '\n' + block.group() + '\n')
            start = block.end()
        page.append(self.collapsed(body[start:]))
        return ''.join(page)
    def collapsed(self, text):
        return re.sub('[ \t\r\n\x0b\x0c]+', ' ', text).strip(' ')
    def getAttribute(self, name, value):
        if not value:
            return ''
        return name + '=' + repr(value)
    def validateEmail(self, email):
        try:
            local, host = email.split('@')
        except (AttributeError, ValueError):
            return "Wrong email"
        if not local or '.' not in host:
            return "Wrong email"
    def getLabelWithCount(self, count, label, plural):
        if count <= 1:
            return '%s %s' % (count, label)
        return '%s %s' % (count, plural)
    def getNow(self):
        return time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(time.time()))
    def escapeHtml(self, data, newlineToBr=1, whitespaceToNbsp=1, tabTo4ws=1):
        for character, entity in [('&', '&amp;'), ('<', '&lt;'), ('>', '&gt;'), ('"', '&quot;')]:
            data = data.replace(character, entity)
        if newlineToBr:
            data = data.replace('\n', '<br>')
        if whitespaceToNbsp:
            data = data.replace('  ', '&nbsp;&nbsp;')
        if tabTo4ws:
            data = data.replace('\t', '&nbsp;&nbsp;&nbsp;&nbsp;')
        return data
