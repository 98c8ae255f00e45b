use Shop, Goods
CherryClass Root:
view:
    def index(self):
        response.headerMap['status'] = 302
        response.headerMap['location'] = shop.getPath() + '/index'
        return ''
