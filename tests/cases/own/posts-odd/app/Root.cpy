CherryClass Root:
view:
    def index(self, **kw):
        keys = kw.keys(); keys.sort()
        f = request.filenameMap.items(); f.sort()
        t = request.fileTypeMap.items(); t.sort()
        return '%s\n%s\n%s' % ([(k, kw[k]) for k in keys], f, t)
    def length(self, data=''):
        return '%d %r' % (len(data), data[:20])
    def both(self, file, note=''):
        return '%d %s %s %s %s' % (len(file), request.filenameMap['file'], request.fileTypeMap['file'], note, request.filenameMap.get('note'))
