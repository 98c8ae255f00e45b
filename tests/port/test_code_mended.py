"""What the port of recorded applications showed: each line stands for a page that was another one."""

from __future__ import annotations

import pytest

from rawwfile.cherrypy import meanings, oldmodules
from rawwfile.port.code import convert


def body(source, **options):
    """Convert a module and return it without its imports."""
    text = convert(source, **options).text
    lines = [line for line in text.split("\n") if not line.startswith(("import ", "from "))]
    return "\n".join(lines).strip("\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x = '%s %r' % (y, y)", 'x = "%s %a" % (y, y)'),
        ("x = '%r %s' % (3, 'a')", 'x = "%r %s" % (3, "a")'),
        ("x = '%%r %r' % y", 'x = "%%r %a" % y'),
        ("x = '%(a)s %(a)r' % locals()", 'x = "%(a)s %(a)a" % locals()'),
        ("x = '%*d %r' % (3, 4, y)", 'x = "%*d %a" % (3, 4, y)'),
        ("x = '%s' % [y, 'a']", 'x = "%s" % ascii([y, "a"])'),
        ("x = '%s' % [1, 'a']", 'x = "%s" % [1, "a"]'),
        ("x = str([z for z in y])", "x = ascii([z for z in y])"),
        ("x = `u'a'` + `5L`", 'x = "u" + ascii("a") + (repr(5) + "L")'),
        ("x = '%r' % long(y)", 'x = "%s" % (repr(int(y)) + "L")'),
        ("x = '%s' % type(y)", 'x = "%s" % as_text(type(y))'),
        ("def split(x): return 'a\\xa0b'.split()", 'def split(x):\n    return ascii_split("a\\xa0b")'),
        ("r = []\nadd = r.append\nadd(1)", "r = []\nadd = r.append\nadd(1)"),
        ("x.sort(*y)", "x.sort(*y)"),
        ("x = coerce(y, 2.0)", "x = coerced(y, 2.0)"),
        ("f = open('a')\nf.seek(-2, 2)", 'f = open("a", encoding="latin-1", newline="\\n")\nmoved(f, -2, 2)'),
        ("f = open('a')\nf.seek(3)", 'f = open("a", encoding="latin-1", newline="\\n")\nf.seek(3)'),
        ("for line in f.xreadlines(): pass", "for line in f:\n    pass"),
        ("execfile('a.py', x)", 'run_file("a.py", x)'),
        ("import os\nos.path.walk('a', f, x)", 'walk_paths("a", f, x)'),
        ("import os\nx = os.popen('ls', 'r').read()", 'x = text_pipe("ls", "r").read()'),
        ("import tempfile\nf = tempfile.TemporaryFile()",
         'f = tempfile.TemporaryFile("w+", encoding="latin-1", newline="\\n")'),
        ("import new\nx = new.instancemethod(f, y, C)", "x = types.MethodType(f, y)"),
        ("import xmlrpclib\nx = xmlrpclib.Binary(y).data",
         'x = xmlrpc.client.Binary(y.encode("latin-1")).data.decode("latin-1")'),
        ("import urllib\nx = urllib.basejoin(y, z)", "x = urllib.parse.urljoin(y, z)"),
        ("import sys\nreload(sys)\nsys.setdefaultencoding('latin-1')\nx = sys.path", "x = sys.path"),
        ("import sys\ntry: f()\nexcept: sys.exc_clear()", "try:\n    f()\nexcept Exception:\n    pass"),
        ("import smtplib\ns = smtplib.SMTP(h)\ns.sendmail(a, b, text)",
         "s = smtplib.SMTP(h)\ns.sendmail(a, b, mail_bytes(text))"),
        ("import socket\ns = socket.socket()\nf = s.makefile()\nx = f.readline()",
         's = socket.socket()\nf = s.makefile("rb")\nx = f.readline().decode("latin-1")'),
        ("import urllib\nf = urllib.urlopen(y)\nx = f.info().getheader('a'), f.readlines()",
         'f = urllib.request.urlopen(y)\nx = f.info().get("a"), [line.decode("latin-1") for line in f]'),
        ("try:\n  from cStringIO import StringIO\nexcept ImportError:\n  from StringIO import StringIO\nx = StringIO()",
         "x = StringIO()"),
        ("try: import cPickle\nexcept ImportError: cPickle = None\nx = cPickle.loads(y)",
         'x = pickle.loads(y.encode("latin-1"))'),
        ("import crypt\nx = crypt.crypt(y, z)", "x = crypt.crypt(y, z)"),
        ("x = '%(a)s' % vars()", 'x = "%(a)s" % vars()'),
        ("def f(*y): return '%s' % y", 'def f(*y):\n    return "%s" % y'),
        ("class A:\n  def __nonzero__(self): return self.n",
         "class A:\n    def __bool__(self):\n        return bool(self.n)"),
        ("class A:\n  def __getslice__(self, i, j): return i",
         "@sliced_by_getslice\nclass A:\n    def __getslice__(self, i, j):\n        return i"),
        ("def f(y):\n  [x for x in y if x]\n  return x",
         "def f(y):\n    for x in y:\n        if x:\n            pass\n    return x"),
        ("def f(y):\n  z = [a + b for a, b in y]\n  return a, z",
         "def f(y):\n    z = []\n    for a, b in y:\n        z.append(a + b)\n    return a, z"),
        ("class A:\n  def __del__(self): pass\ndef f():\n  a = A()\n  return 1",
         "class A:\n    def __del__(self):\n        pass\n\n\ndef f():\n    a = A()  # noqa: F841\n    return 1"),
        ("class H(BaseHTTPRequestHandler):\n  def do(self):\n    self.wfile.write(self.rfile.read(3))",
         "class H(BaseHTTPRequestHandler):\n    def do(self):\n"
         '        self.wfile.write(self.rfile.read(3).decode("latin-1").encode("latin-1"))'),
    ],
)  # fmt: skip
def test_becomes(old, new):
    assert body(old) == new
    made = convert(old).text
    assert convert(made).text == made


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("x = getattr(types, y)", "module"), ("x = [5L]", "repr"), ("x['a'] = u'b'", "repr"), ("execfile(x)", "exec"),
        ("x.sort(*y)", "sort"), ("import rexec\nx = rexec.RExec()", "module"),
    ],
)  # fmt: skip
def test_looks(source, code):
    found = convert("import types\n" + source).decisions
    assert code in {each.code for each in found if each.level == "look"}


def test_modules_beside_by_name():
    made = convert("execfile('conf.py', x)\ny = __import__('conf')\n", beside={"conf"}).text
    assert 'run_file(Path(__file__).with_name("conf.py"), x)\n' in made
    assert 'y = importlib.import_module(".conf", __package__)\n' in made


def test_modules_that_are_gone_can_be_imported():
    assert oldmodules.rexec.__name__ == "rexec"
    with pytest.raises(ImportError, match="rexec.RExec is asked for"):
        oldmodules.rexec.RExec  # noqa: B018
    with pytest.raises(AttributeError, match="has no module 'nothing'"):
        oldmodules.nothing  # noqa: B018


def test_text_of_containers_and_types():
    assert meanings.as_text(["\xe9", 0.1]) == "['\\xe9', 0.1]" and meanings.as_text({"a": "\xe9"}) == "{'a': '\\xe9'}"
    assert meanings.as_text(str) == "<type 'str'>" and meanings.as_text("\xe9") == "\xe9"


def test_coerced():
    assert meanings.coerced(1, 2.0) == (1.0, 2.0) and type(meanings.coerced(1, 2.0)[0]) is float
    assert meanings.coerced("a", "b") == ("a", "b") and meanings.coerced(1, 2) == (1, 2)
    with pytest.raises(TypeError):
        meanings.coerced(1, "a")


def test_moved(tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    with open(tmp_path / "a", encoding="latin-1", newline="\n") as file:
        meanings.moved(file, -3, 2)
        assert file.read(1) == "7"
        meanings.moved(file, 1, 1)
        assert file.read() == "9"


def test_run_file(tmp_path):
    (tmp_path / "a.py").write_text("made = given + 1\n__hidden__ = 3\n")
    names = {"given": 4}
    meanings.run_file(tmp_path / "a.py", names)
    assert names == {"given": 4, "made": 5}


def test_walk_paths(tmp_path):
    (tmp_path / "d" / "e").mkdir(parents=True)
    (tmp_path / "d" / "one").touch()
    seen = []
    meanings.walk_paths(str(tmp_path), lambda found, folder, names: found.append((folder, sorted(names))), seen)
    assert [names for _, names in seen] == [["d"], ["e", "one"], []]
    meanings.walk_paths(str(tmp_path / "nothing"), seen.append, None)


def test_text_pipe_and_mail_bytes():
    pipe = meanings.text_pipe("printf '\\351\\n'")
    assert pipe.read() == "\xe9\n" and pipe.close() is None
    assert meanings.mail_bytes("a\nb\r\n\xe9") == b"a\r\nb\r\n\xe9"


def test_sliced_by_getslice():
    @meanings.sliced_by_getslice
    class Pages:
        def __len__(self):
            return 10

        def __getitem__(self, index):
            return index

        def __getslice__(self, start, end):
            return (start, end)

    pages = Pages()
    assert (pages[1:3], pages[-3:-1], pages[2], pages[1:9:2]) == ((1, 3), (7, 9), 2, slice(1, 9, 2))
    assert pages[:][0] == 0
