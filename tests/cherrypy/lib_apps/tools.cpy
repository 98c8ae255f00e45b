use Tools
CherryClass Root:
function:
    def attempt(self, f, *args):
        try: return `f(*args)`
        except Exception, e: return e.__class__.__name__ + ': ' + str(e)
view:
    def index(self):
        t = tools
        r = []
        for b in ['', ' ', 'a', ' a ', '<SCRIPT>  x  </SCRIPT>', '<script>a  b</script>', 'x<script>a  b</script>y', 'x  <textarea cols=3>  a\n\n b </textarea>  z  <textarea>q  </textarea>',
                  '<script> <textarea>  </textarea> </script>  ok', '<Script>  x </Script>', 'a\r\n\tb', '\xa0 \xa0', 'a\x0b\x0cb', 'a\x1c b', '<script src="x"/>  b  <script> x  </script>',
                  '<script>  a </script><script>  b </script>', '<scripting> x  y</scripting>  <script> 1  </script> ', '<TEXTAREA>  </textarea>  </TEXTAREA>  e']:
            r.append(self.attempt(t.compressHtml, b))
        for n, v in [('a', None), ('a', 0), ('a', ''), ('a', '0'), ('a', "it's"), ('a', 1.5), ('a', [1]), ('a', '100%'), ('a', 5L), ('a', '\xe9'), ('a', (1,))]:
            r.append(self.attempt(t.getAttribute, n, v))
        for e in ['', '@', 'a@', '@b.c', 'a@b.', 'a@.', 'a@b.c.d', 'a b@c.d', ' a@b.c ', 'a@b.c\n', 'a@@b.c', None, 5]:
            r.append(self.attempt(t.validateEmail, e))
        for c in [-1, 0, 1, 1.5, 2, '2', None]:
            r.append(self.attempt(t.getLabelWithCount, c, 'l', 'ls'))
        for a in [('',), ('a  b   c    d',), ('\t',), ('<>&"\'',), ('a\r\nb',), ('a\n\n b', 1, 0, 0), ('a\n\t  b', 0, 1, 0), ('a\n\t  b', 0, 0, 1), ('a\n\t  b', 1, 1, 1), ('\t \t',), ('&nbsp;',), ('\xe9<',)]:
            r.append(self.attempt(t.escapeHtml, *a))
        return '\n'.join(r)
    def names(self):
        import time
        return `tools.quote` + tools.doubleQuote + `types.ListType` + `tools.getNow()[:10] == time.strftime('%Y-%m-%d', time.gmtime(time.time()))` + `tools.escapeHtml(data='a\nb', newlineToBr=0)` + `'x'` + `tools.escapeHtml('\t ', whitespaceToNbsp=0, tabTo4ws=1)`+ `tools.getLabelWithCount(3, 'a', 'b')` + `tools.compressHtml(body='a  b')` + `tools.validateEmail(email='a@b.c')` + `smtplib.__name__` + `time.__name__`
