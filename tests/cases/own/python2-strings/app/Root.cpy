import string, re, types
CherryClass Root:
view:
    def module(self):
        return '|'.join([string.join(['a', 'b']), string.join(('x', 'y'), '-'), str(string.split(' a b  c ')), string.replace('aXb', 'X', '-'), string.upper('abc'), string.capitalize('hello world'), string.capwords('hello big world'), string.strip('  x '), str(string.find('hello', 'l')), str(string.atoi('12') + string.atoi('ff', 16)), str(string.atof('1.5')), str(string.atol('5')), string.zfill('7', 3), string.ljust('a', 3) + '.', string.rjust('a', 3), string.center('a', 5), string.letters[:3] + string.letters[-3:], string.digits, string.lowercase, string.uppercase, `string.whitespace`, string.maketrans('a', 'b')[97], string.translate('abc', string.maketrans('ab', 'xy')), string.lower('ABC'), str(string.count('banana', 'a')), string.expandtabs('a\tb', 4), str(string.index('abc', 'c')), string.swapcase('aB'), str(string.splitfields('a,b', ',')), string.joinfields(['a', 'b'], ','), `string.punctuation`, string.hexdigits, string.octdigits])
    def uni(self):
        u = u'caf\xe9'
        b = u.encode('utf-8')
        l = u.encode('latin-1')
        return '%r %r %r %d %d %d %r %r' % (u, b, l, len(u), len(b), len(l), unicode(b, 'utf-8'), unicode('abc'))
    def uni2(self):
        r = []
        for f in (lambda: str(u'caf\xe9'), lambda: unicode('caf\xe9'), lambda: 'caf\xe9' + u'x', lambda: u'\xe9'.encode('ascii'), lambda: '\xe9'.decode('ascii'), lambda: u'%s' % '\xe9'):
            try: r.append(repr(f()))
            except UnicodeError, e: r.append(e.__class__.__name__)
        return ' '.join(r)
    def uni3(self):
        return '%r %r %r %r %r %r' % (u'a' + 'b', 'a %s' % u'b', u'x'.upper(), 'abc' == u'abc', u'\u20ac'.encode('utf-8'), u'caf\xe9'.encode('ascii', 'replace') + u'\xe9'.encode('ascii', 'xmlcharrefreplace') + u'\xe9'.encode('ascii', 'ignore'))
    def types_(self):
        r = []
        for x in ['', u'', 1, 1L, 1.0, [], (), {}, None, len, self, Root, self.types_, lambda: 1, string, type(1), 1j, slice(1), xrange(1), True]:
            names = []
            for n in ['StringType', 'UnicodeType', 'IntType', 'LongType', 'FloatType', 'ListType', 'TupleType', 'DictType', 'DictionaryType', 'NoneType', 'BuiltinFunctionType', 'InstanceType', 'ClassType', 'MethodType', 'UnboundMethodType', 'FunctionType', 'LambdaType', 'ModuleType', 'TypeType', 'ComplexType', 'SliceType', 'XRangeType', 'BooleanType']:
                if type(x) == getattr(types, n): names.append(n)
            r.append(','.join(names))
        return '\n'.join(r)
    def isinstances(self):
        return '%s %s %s %s %s %s %s' % (isinstance('a', types.StringType), isinstance(u'a', types.StringTypes), isinstance('a', basestring), isinstance(1, (int, long)), type('a') in types.StringTypes, isinstance(True, int), type(1 > 0))
    def reprs(self):
        return '%r %r %r %r %r %r %r' % ('a\'b', "a\"b", 'a\'b"c', 'caf\xe9', '\x00\x1f\x7f', '\t\n\r\\', u'\u20ac\x80')
    def formats(self):
        return '%s|%5s|%-5s|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%e|%g|%G|%.3f|%c|%c|%r|%5.1f%%|%i|%u' % ('s', 'ab', 'ab', 42, 42, 42, 255, 255, 255, 8, 8, 12345.678, 1e-10, 1e20, 2.0005, 'x', 65, 'r', 99.55, 7, 8)
    def formats2(self):
        return '%(name)s %(n)03d %(name)r %%' % {'name': 'x', 'n': 5} + '%*d' % (5, 42) + '%.*f' % (2, 3.14159) + '%s' % ('tuple',) + '%s %s' % (1, [2]) + '%d' % 3L + '%s' % 3L + '%r' % 3L + '%x' % 255L + '%s' % None
    def slices(self):
        s = 'hello world'
        return '|'.join([s[0], s[-1], s[2:5], s[:-6], s[::2], s[::-1], s[20:], s * 2, `s.split('o', 1)`, `s.partition`[:15], s.title(), s.center(15, '*'), `s.startswith('he')`, `s.endswith('ld')`, s.ljust(12) + '.', `s.find('zz')`, `'a' 'b'`, `s.isalpha()`, 'A'.lower(), 'ab'.join('123')])
    def latin(self):
        s = 'caf\xe9 \xc9t\xe9'
        return '%d %r %r %r %r' % (len(s), s.upper(), s.split(), s.replace('\xe9', 'e'), [ord(c) for c in s])
    def latinOut(self):
        return 'caf\xe9 ' + chr(233) + '\351'
    def utfOut(self):
        response.headerMap['content-type'] = 'text/html; charset=utf-8'
        return u'caf\xe9 \u20ac'.encode('utf-8') + unicode('\xe9', 'latin-1').encode('utf-8')
    def regexps(self):
        return '%r %r %r %r %r' % (re.sub('(?i)B', lambda m: '<' + m.group(0) + '>', 'abcB'), re.findall('\w+', 'caf\xe9 x1'), re.split('[,;] *', 'a, b;c'), re.match('(?P<y>\d{4})-(\d\d)', '2004-05').groups(), re.compile('^x', re.M).sub('y', 'x\nx'))
    def regexps2(self):
        m = re.search(r'<a href="([^"]*)">(.*?)</a>', 'x <a href="u">t</a> y')
        return '%s %s %s %s %s %s' % (m.group(1, 2), m.start(), m.end(1), m.span(), re.escape('a.b'), re.sub(r'(\w)(\w)', r'\2\1', 'abcd'))
    def codecs_(self):
        return '|'.join(['abc'.encode('hex'), 'YWJj\n'.decode('base64'), 'abc'.encode('rot13'), 'a=b'.encode('quopri'), `'x' * 50 == ('x' * 50).encode('zlib').decode('zlib')`, 'abc'.encode('uu')[:5], 'caf\xe9'.decode('latin-1').encode('utf-8'), 'a\nb'.encode('string_escape')])
    def joins(self):
        l = []
        for i in range(3): l.append(`i`)
        return ''.join(l) + ''.join(map(chr, range(65, 70))) + '%s' * 2 % ('a', 'b') + 'a' + 'b' * 2 + str(1) + `1` + str(None) + str([1, 'a']) + str({'k': None})
    def bufs(self):
        import cStringIO, StringIO
        a = cStringIO.StringIO()
        a.write('x'); a.write('y\n')
        print >>a, 'printed', 5
        b = StringIO.StringIO('line1\nline2\n')
        c = cStringIO.StringIO('abc')
        return '%r %r %r %r %r' % (a.getvalue(), b.readline(), b.readlines(), c.read(2), c.tell())
    def structs(self):
        import struct, binascii, zlib, array
        return '%r %r %r %r %r %s' % (struct.pack('>HI', 1, 2), struct.unpack('<H', '\x01\x02'), binascii.hexlify('ab'), zlib.crc32('hello'), binascii.crc32('hello world!'), array.array('b', 'ab').tolist())
