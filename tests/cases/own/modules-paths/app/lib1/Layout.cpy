use Names
CherryClass Layout abstract:
mask:
    def header(self, title) hidden:
        <h1><py-eval="names.site"> - <py-eval="title"></h1>
    def footer(self) hidden:
        <py-include="foot.html">
