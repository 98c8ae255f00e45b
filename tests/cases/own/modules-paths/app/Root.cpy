use Shop, Layout
use Tools, MaskTools
CherryClass Root(Layout):
mask:
    def index(self):
        <py-eval="self.header('Home')">
        <py-eval="shop.teaser()">
        <py-eval="tools.escapeHtml('<a> b')">
        <py-eval="self.footer()">
