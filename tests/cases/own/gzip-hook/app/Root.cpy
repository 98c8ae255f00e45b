import zlib, gzip, cStringIO as buffers
def initNonStaticResponse():
    accepts = request.headerMap.get('accept-encoding', '')
    if accepts.find('gzip') != -1 and response.headerMap['content-type'].find('text/') == 0:
        b = buffers.StringIO()
        z = gzip.GzipFile(mode='wb', fileobj=b, compresslevel=9)
        z.write(response.body)
        z.close()
        response.body = b.getvalue()
        response.headerMap['content-encoding'] = 'gzip'
    elif accepts.find('deflate') != -1:
        response.body = zlib.compress(response.body, 6)
        response.headerMap['content-encoding'] = 'deflate'
CherryClass Root:
mask:
    def index(self, n="50"):
        <py-for="i in range(int(n))">line <py-eval="i"> caf&eacute;
        </py-for>
view:
    def image(self):
        response.headerMap['content-type'] = 'image/gif'
        return 'GIF89a' + chr(0) * 10
    def accents(self): return 'caf\xe9' * 20
    def empty(self): return ''
