def initServer():
    global goods
    goods = {}
    for line in open('goods.txt').readlines():
        line = line.strip()
        if not line or line[0] == '#': continue
        key, kind, name, price = line.split('|')
        goods[key] = {'kind': kind, 'name': name, 'price': float(price), 'key': key}
CherryClass Goods:
function:
    def all(self, kind=None, sort='name', order='asc'):
        l = [g for g in goods.values() if kind is None or g['kind'] == kind]
        l.sort(lambda a, b, s=sort: cmp(a[s], b[s]) or cmp(a['key'], b['key']))
        if order == 'desc': l.reverse()
        return l
    def kinds(self):
        d = {}
        for g in goods.values(): d[g['kind']] = d.get(g['kind'], 0) + 1
        k = d.items()
        k.sort()
        return k
    def money(self, x):
        s = '%.2f' % x
        i = len(s) - 6
        while i > 0:
            s = s[:i] + ',' + s[i:]
            i = i - 3
        return s
