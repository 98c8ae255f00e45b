use Tools
from rawwfile.cherrypy.lib import markup as libraryMarkup
CherryClass MaskTools:
function:
    def x(self):
        return '<img src="%s/xData" width=1 height=1>' % self.getPath()
    def displayByColumn(self, dataList, numberOfColumns=2, columnWidth=0, gapWidth=50, tdClass=''):
        perColumn = self.shareOf(dataList, numberOfColumns)
        cell = '<td valign=top %s %s>' % (tools.getAttribute('width', columnWidth), tools.getAttribute('class', tdClass))
        page = ['<table border=0 cellspacing=0 cellpadding=0><tr>']
        for column in range(numberOfColumns):
            if column and gapWidth:
                page.append('<td width=%s>%s</td>' % (gapWidth, self.x()))
            page.append(cell)
            for item in dataList[column * perColumn:(column + 1) * perColumn]:
                page.append(item + '<br>')
            page.append('</td>')
        page.append('</tr></table>')
        return ''.join(page)
    def displayByLine(self, dataList, numberOfLines=2, lineHeight=0, gapHeight=50, tdClass=''):
        perLine = self.shareOf(dataList, numberOfLines)
        cell = '<td align=left %s %s>' % (tools.getAttribute('height', lineHeight), tools.getAttribute('class', tdClass))
        page = ['<table border=0 cellspacing=0 cellpadding=0>']
        for line in range(numberOfLines):
            if line and gapHeight:
                page.append('<tr><td height=%s>%s</td></tr>' % (gapHeight, self.x()))
            page.append('<tr>' + cell)
            for item in dataList[line * perLine:(line + 1) * perLine]:
                page.append(item + ' ')
            page.append('</td></tr>')
        page.append('</table>')
        return ''.join(page)
    def shareOf(self, dataList, parts):
        return (len(dataList) + parts - 1) // parts
    def sortedKeys(self, map):
        keys = list(map.keys())
        keys.sort()
        return keys
view:
    def xData(self):
        response.headerMap['content-type'] = 'image/gif'
        return 'GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;'
mask:
    def textInBox(self, text, boxColor="black", insideColor="white"):
        <py-exec="shown = libraryMarkup.shown"><table border=0 cellspacing=0 cellpadding=1><tr><td bgColor="<py-eval="shown(self, 'textInBox', boxColor)">">
            <table border=0 cellspacing=0 cellpadding=5><tr><td bgColor="<py-eval="shown(self, 'textInBox', insideColor)">"><py-eval="shown(self, 'textInBox', text)"></td></tr></table>
        </td></tr></table>
    def prettyMap(self, aMap, label=None, isRecursiveCall=0):
         <py-if="not isRecursiveCall">
         <style>
         .prettyMap { background-color:#ccc; }
         .prettyMapHead { background-color:#fcc; }
         .prettyMapKeys { background-color:#eee; }
         .prettyMapValues { background-color:#fff; }
         .prettyMapSubMap { background-color:#fcc; }
         </style>
         </py-if>
         <table width="100%" border="0" cellspacing="1" cellpadding="3" class="prettyMap">
             <py-if="label is not None">
            <tr width="100%" valign="top" align="left">
                <th align="left" colspan="2" width="100%" class="prettyMapHead">
                    <py-eval="label">
                </th>
            </tr>
            </py-if>
            <py-for="key in self.sortedKeys(aMap)">
            <tr width="100%" valign="top" align="left" class="prettyMapValues">
                <td width="20%" class="prettyMapKeys"><py-eval="key"></td>
                <py-if="isinstance(aMap[key], dict)">
                <td width="80%" class="prettyMapSubMap">
                    <py-eval="self.prettyMap(aMap[key], None, 1)">
                </td>
                </py-if><py-else>
                <td width="80%"><py-eval="aMap[key]"></td>
                </py-else>
            </tr>
            </py-for>
        </table>
