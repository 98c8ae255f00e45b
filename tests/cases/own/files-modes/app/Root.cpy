import tempfile, os, glob, stat
CherryClass Root:
view:
    def crlf(self):
        open('w.txt', 'w').write('a\r\nb\rc\n\xe9\x85\x0cd\n')
        f = open('w.txt')
        all = f.read()
        f.close()
        lines = open('w.txt').readlines()
        u = open('w.txt', 'rU').readlines()
        n = 0
        for line in file('w.txt'): n = n + 1
        return '%r %r %r %d %d' % (all, lines, u, n, os.path.getsize('w.txt'))
    def modes(self):
        f = open('m.txt', 'w+')
        f.write('0123456789')
        f.seek(3)
        a = f.read(2), f.tell()
        f.seek(-2, 2)
        b = f.read()
        f.seek(0)
        f.truncate(4)
        f.close()
        f = open('m.txt', 'a')
        f.write('app\n')
        f.close()
        f = open('m.txt', 'r+')
        c = f.readline(2), f.readline()
        f.close()
        return '%s %s %s %s %s %s' % (a, b, c, f.closed, f.name, f.mode)
    def binary(self):
        data = ''.join(map(chr, range(256)))
        open('b.bin', 'wb').write(data)
        d = open('b.bin', 'rb').read()
        e = open('b.bin').read()
        return '%s %s %d %r' % (d == data, e == data, len(d), d[250:])
    def page(self):
        response.headerMap['content-type'] = 'application/x-bin'
        open('p.bin', 'wb').write('\x00\xff\r\n')
        return open('p.bin', 'rb').read() * 2
    def temporary(self):
        f = tempfile.TemporaryFile()
        f.write('temp\xff')
        f.seek(0)
        name = tempfile.mktemp('.x')
        g = open(name, 'w')
        print >>g, 'x', 1
        g.close()
        r = '%r %r %s' % (f.read(), open(name).read(), name[-2:])
        os.remove(name)
        return r
    def dirs(self):
        os.makedirs('d/e')
        open('d/one.txt', 'w').close()
        open('d/two.txt', 'w').write('22')
        l = os.listdir('d')
        l.sort()
        g = glob.glob('d/*.txt')
        g.sort()
        seen = []
        def visit(arg, dirname, names): names.sort(); arg.append((dirname, names))
        os.path.walk('d', visit, seen)
        r = '%s %s %s %s %s' % (l, g, seen, os.stat('d/two.txt')[stat.ST_SIZE], os.path.isdir('d/e'))
        os.rename('d/one.txt', 'd/three.txt')
        os.unlink('d/three.txt'); os.unlink('d/two.txt'); os.rmdir('d/e'); os.rmdir('d')
        return r
    def modes_(self):
        open('x.sh', 'w').close()
        os.chmod('x.sh', 0755)
        return '%o %s' % (os.stat('x.sh').st_mode & 0777, os.access('x.sh', os.X_OK))
    def counter(self):
        try: n = int(open('count.txt').read())
        except IOError: n = 0
        f = open('count.txt', 'w')
        f.write(str(n + 1))
        f.close()
        return `n`
    def csv(self):
        open('t.csv', 'w').write('name;price\nPen;1,5\n"B";2\n')
        rows = [l.strip().split(';') for l in open('t.csv')]
        return repr([dict(zip(rows[0], r)) == {'name': r[0], 'price': r[1]} for r in rows[1:]])
