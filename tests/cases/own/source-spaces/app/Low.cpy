CherryClass Low:
variable:
    low = 'low'
mask:
    def lowPage(self):
        crlf <py-eval="self.low">
        <py-if="1">
            yes
        </py-if>
        <py-code="
            v = 1
        "><py-eval="v">
view:
    def lowView(self):
        s = '''a
        b'''
        return `s`
