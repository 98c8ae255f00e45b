CherryClass Layout abstract:
mask:
    def header(self, title) hidden:
        <h2>lib2 <py-eval="title"></h2>
    def footer(self) hidden:
        lib2 footer
