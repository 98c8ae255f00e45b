use Goods, MaskTools, Tools
CherryClass ShopPage abstract:
aspect:
    (method.type == 'mask' and not method.isHidden) start:
        _page.append('<html><body><h1>%s</h1>\n' % self.title)
    (method.type == 'mask' and not method.isHidden) end:
        _page.append('<a href="%s/basket">%s</a></body></html>\n' % (shop.getPath(), tools.getLabelWithCount(self.count(), 'item', 'items')))
    (method.name.startswith('do')) start:
        request.sessionMap['last'] = request.path
function:
    def count(self):
        n = 0
        for k, c in request.sessionMap.get('basket', {}).items(): n += c
        return n
CherryClass Shop(ShopPage):
variable:
    title = "The shop"
    rates = {'EUR': 1.0, 'USD': 1.25, 'GBP': 2/3.0}
mask:
    def index(self, kind=None, sort='name', order='asc'):
        <py-for="k, n in goods_.kinds()"><a py-attr="'%s/index?kind=%s' % (self.getPath(), k)" href=""><py-eval="k"></a> (<py-eval="n">) </py-for>
        <table>
        <py-for="g in goods_.all(kind, sort, order)">
        <tr><td py-eval="g['name']"></td><td align=right py-eval="goods_.money(g['price'])"></td><td><a py-attr="'doAdd?key=' + g['key']" href="">buy</a></td></tr>
        </py-for>
        </table>
    def basket(self, currency='EUR'):
        <py-code="
            basket = request.sessionMap.get('basket', {})
            keys = basket.keys()
            keys.sort()
            total = 0
            rate = self.rates[currency]
        ">
        <py-for="key in keys">
            <py-exec="line = goods[key]['price'] * basket[key] * rate; total += line">
            <py-eval="basket[key]"> x <py-eval="goods[key]['name']">: <py-eval="goods_.money(line)">
        </py-for>
        Total: <b py-eval="goods_.money(total)">0.00</b> <py-eval="currency"> (<py-eval="total">)
        <py-if="total > 1000">Free shipping!</py-if><py-else>Shipping: <py-eval="int(total) / 100 + 5"></py-else>
        last: <py-eval="request.sessionMap.get('last')">
view:
    def doAdd(self, key, n='1'):
        basket = request.sessionMap.get('basket', {})
        if not goods.has_key(key): raise KeyError, key
        basket[key] = basket.get(key, 0) + int(n)
        request.sessionMap['basket'] = basket
        return self.basket()
    def doEmpty(self):
        request.sessionMap['basket'] = {}
        return self.basket()
    def columns(self):
        return maskTools.displayByColumn([g['name'] for g in goods_.all()], 2, 0, 5)
    def pretty(self):
        return maskTools.prettyMap({'b': 1, 'a': {'x': 'y'}, 'list': [1, 2]}, 'Map')
def initServer():
    global goods_
    goods_ = globals()['goods_instance'] = Goods()
