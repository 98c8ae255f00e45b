use MaskTools, Tools
import types
CherryClass Root:
function:
    def attempt(self, f, *args, **kw):
        try: return str(f(*args, **kw))
        except Exception, e: return e.__class__.__name__ + ': ' + str(e)
view:
    def index(self):
        m = maskTools
        r = []
        for n in range(0, 8):
            for k in [1, 2, 3, 5]:
                r.append(self.attempt(m.displayByColumn, map(str, range(n)), k))
                r.append(self.attempt(m.displayByLine, map(str, range(n)), k))
        for a in [([1, 2],), (['a', 'b'], 2, '50%', '5%', 'k'), (('a', 'b', 'c'),), (['a'], 0)]:
            r.append(self.attempt(m.displayByColumn, *a))
            r.append(self.attempt(m.displayByLine, *a))
        r.append(self.attempt(m.displayByColumn, dataList=['a'], numberOfColumns=1, columnWidth=3, gapWidth=1, tdClass='q'))
        r.append(self.attempt(m.displayByLine, dataList=['a'], numberOfLines=1, lineHeight=3, gapHeight=0, tdClass='q'))
        return '\n'.join(r)
    def boxes(self):
        m = maskTools
        return self.attempt(m.textInBox, '<b>"x"</b>') + self.attempt(m.textInBox, 5, None) + self.attempt(m.textInBox, text='a', boxColor='b', insideColor='c') + `m.sortedKeys({'b': 1, 'a': 2, 3: 4})` + `m.xData()`
    def maps(self):
        m = maskTools
        return self.attempt(m.prettyMap, {}) + self.attempt(m.prettyMap, {1: [1, 'a'], 'x': '<b>&"', 'y': 1.1, 'd': {'e': {'f': 'g'}}}) + self.attempt(m.prettyMap, {'a': 1}, '', 1) + self.attempt(m.prettyMap, aMap={'a': ''}, label='<i>L</i>', isRecursiveCall=0)
    def echo(self, q):
        return maskTools.textInBox(q)
