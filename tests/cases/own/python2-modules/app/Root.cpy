import md5, sha, urllib, urlparse, cgi, base64, time, UserDict, UserList, whrandom, random, Queue, thread, threading, StringIO, cPickle, pickle, os, sys, htmlentitydefs, calendar, copy, operator, math, rfc822, mimetools, MimeWriter, mimetypes, xmlrpclib, ConfigParser, urllib2, httplib, Cookie, getopt, glob, fnmatch, tempfile, shutil, traceback, commands, quopri, sets, smtplib, __builtin__, exceptions, locale, difflib, textwrap, codecs, SocketServer, BaseHTTPServer, HTMLParser, stat, signal, errno, gzip, zipfile, popen2, new, anydbm, dumbdbm, shelve
CherryClass Root:
view:
    def digests(self):
        m = md5.new('a'); m.update('b')
        s = sha.new('ab')
        return '%s %s %r %s %s' % (m.hexdigest(), s.hexdigest(), md5.md5('x').digest()[:3], md5.new(chr(233)).hexdigest(), len(sha.sha('x').digest()))
    def urls(self):
        return '|'.join([urllib.quote('a b/c?d=\xe9&~'), urllib.quote('a/b', ''), urllib.quote_plus('a b&c'), urllib.unquote('a%20b%E9+'), urllib.unquote_plus('a+b'), urllib.urlencode([('a', '1 2'), ('b', '\xe9')]), urllib.urlencode({'k': 5}), urlparse.urljoin('http://h/a/b', '../c'), str(urlparse.urlparse('http://h:80/p;x?q#f')[:]), urlparse.urlunparse(('http', 'h', '/p', '', 'q', '')), urllib.basejoin('http://h/', 'x'), str(urlparse.urlsplit('http://h/p?q')[1:])])
    def cgis(self):
        q = cgi.parse_qs('a=1&a=2&b=%20')
        return '%s %s %s %s' % (q['a'], cgi.escape('<a href="x">&'), cgi.escape('"', 1), cgi.parse_qsl('a=1&b=2'))
    def base(self):
        return '%r %r %r %r' % (base64.encodestring('hello' * 20), base64.decodestring('aGVsbG8=\n'), base64.encodestring(''), quopri.encodestring('a=\xe9'))
    def times(self):
        t = time.gmtime(86400 * 365)
        return '%s %s %s %s %s %s' % (tuple(t)[:6], time.strftime('%Y-%m-%d %H:%M:%S %a %b', t), time.mktime(t) > 0, t[0], calendar.timegm(t), time.asctime(t))
    def users(self):
        class D(UserDict.UserDict):
            def __setitem__(self, k, v): self.data[k] = v * 2
        d = D()
        d['a'] = 2
        l = UserList.UserList([3, 1, 2])
        l.sort()
        return '%s %s %s %s %s' % (d['a'], d.has_key('a'), l, len(d), d.get('q', 'none'))
    def pickles(self):
        data = {'a': [1, 2.5, None, (1, 'x')], 'u': u'\xe9', 's': '\xe9\x00', 'l': 5L}
        a = cPickle.loads(cPickle.dumps(data))
        b = pickle.loads(pickle.dumps(data, 1))
        f = StringIO.StringIO()
        cPickle.dump(data, f)
        f.seek(0)
        return '%s %s %s %r' % (a == data, b == data, cPickle.load(f) == data, cPickle.dumps([1, 'a'])[:2])
    def pickleFile(self):
        f = open('p.pickle', 'w')
        cPickle.dump([1, 'caf\xe9'], f)
        f.close()
        f = open('p.pickle')
        x = cPickle.load(f)
        f.close()
        return repr(x)
    def shelves(self):
        s = shelve.open('shelf')
        s['k'] = {'a': 1, 'b': ['x']}
        s['n'] = s.has_key('n') and s['n'] + 1 or 1
        keys = s.keys(); keys.sort()
        r = '%s %s %s' % (keys, s['k'], s['n'])
        s.close()
        return r
    def maths(self):
        return '%s %s %s %s %s' % (math.floor(2.7), math.ceil(2.1), math.sqrt(16), math.pi, operator.add(1, 2))
    def threads(self):
        q = Queue.Queue()
        lock = thread.allocate_lock()
        def work(n, q=q, lock=lock):
            lock.acquire()
            q.put(n * 2)
            lock.release()
        ts = [threading.Thread(target=work, args=(i,)) for i in range(3)]
        for t in ts: t.setDaemon(1); t.start()
        for t in ts: t.join()
        thread.start_new_thread(work, (5,))
        r = [q.get() for i in range(4)]
        r.sort()
        return '%s %s %s' % (r, q.empty(), threading.currentThread().getName() != '')
    def mails(self):
        return '%s %s %s' % (rfc822.parseaddr('A B <a@b.c>'), rfc822.dump_address_pair(('A', 'a@b')), rfc822.formatdate(0))
    def mime(self):
        f = StringIO.StringIO()
        w = MimeWriter.MimeWriter(f)
        w.addheader('Subject', 'hi')
        body = w.startbody('text/plain')
        body.write('text\n')
        m = mimetools.Message(StringIO.StringIO('Content-Type: text/html; charset=x\nSubject: s\n\nbody'))
        return '%r %s %s %s %s' % (f.getvalue(), m.gettype(), m.getheader('subject'), m.getparam('charset'), mimetypes.guess_type('a.html')[0])
    def configs(self):
        open('own.ini', 'w').write('[s]\nkey: value\nn = 5\nyes = on\n')
        c = ConfigParser.ConfigParser()
        c.read('own.ini')
        try: c.get('s', 'none')
        except ConfigParser.NoOptionError, e: err = e.__class__.__name__
        return '%s %s %s %s %s' % (c.get('s', 'KEY'), c.getint('s', 'n'), c.getboolean('s', 'yes'), c.sections(), err)
    def xml(self):
        s = xmlrpclib.dumps((1, 'a', [2.5], {'k': xmlrpclib.True}), 'method')
        p, m = xmlrpclib.loads(s)
        return str("%s %s %s") % (str(p), str(m), xmlrpclib.Binary('x').data)
    def misc(self):
        return '%s %s %s %s %s %s %s %s' % (htmlentitydefs.entitydefs['eacute'], fnmatch.fnmatch('a.cpy', '*.cpy'), glob.glob('*.none'), commands.getoutput('echo hi'), sets.Set([1, 1]), sys.version_info[0] >= 2, os.path.join('a', 'b'), os.path.splitext('x.y.z'))
    def misc2(self):
        return '%s %s %s %s %s' % (difflib.get_close_matches('appel', ['ape', 'apple']), textwrap.wrap('a b c d e', 3), copy.deepcopy([1, [2]]), new.instancemethod(lambda self: 'nm', self, Root)(), isinstance(IOError(), exceptions.EnvironmentError))
    def parser(self):
        class P(HTMLParser.HTMLParser):
            found = []
            def handle_starttag(self, tag, attrs): self.found.append((tag, attrs))
            def handle_data(self, data): self.found.append(data)
        p = P()
        p.feed('<a href="x&amp;y">t</a><br>')
        return repr([(f, [(str(k), str(v)) for k, v in f[1:] and f[1] or []]) for f in p.found if type(f) == type(())])
    def tracebacks(self):
        f = StringIO.StringIO()
        try: {}['missing']
        except: traceback.print_exc(None, f)
        lines = f.getvalue().split('\n')
        return '%s|%s' % (lines[0], lines[-2])
    def oserrors(self):
        try: open('/nonexistent/file')
        except IOError, e: a = '%s %s' % (e.errno == errno.ENOENT, e.strerror)
        try: os.mkdir('/nonexistent/x/y')
        except OSError, (n, s): b = '%s %s' % (n, s)
        try: open('/nonexistent/file')
        except IOError, (n, s): c = '%s %s' % (n, s)
        return '%s %s %s' % (a, b, c)
    def dates(self):
        import datetime
        return '%s %s' % (datetime.date(2004, 5, 6), datetime.datetime(2004, 5, 6, 7, 8).strftime('%d/%m'))
    def gz(self):
        f = StringIO.StringIO()
        g = gzip.GzipFile(mode='wb', fileobj=f)
        g.write('data' * 10)
        g.close()
        d = f.getvalue()
        return '%s %r' % (gzip.GzipFile(fileobj=StringIO.StringIO(d)).read(), d[:2])
    def rand(self):
        whrandom.seed()
        r = whrandom.choice('abc')
        random.seed(42)
        a = random.random()
        return '%s %.12f %s' % (r in 'abc', a, random.randint(1, 6) in range(1, 7))
