"""What one request goes through: the order of the hooks, the attributes, forms (spec 6, 7.4, 8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cherrypy.served import Served, serve

HOOKS = """
def initProgram():
    order = []
def initServer():
    order.append('initServer')
def initAfterBind():
    order.append('initAfterBind')
def initRequestBeforeParse():
    order.append('beforeParse ' + `request.paramMap`)
def initRequest():
    order.append('initRequest')
def initNonStaticRequest():
    order.append('initNonStaticRequest')
def initResponse():
    order.append('initResponse ' + response.body)
def initNonStaticResponse():
    order.append('initNonStaticResponse')
CherryClass Root:
function:
    def __init__(self):
        order.append('instance')
view:
    def index(self, **kw):
        order.append('method ' + `kw`)
        return 'page'
    def fail(self):
        return undefined
"""


def order_of(site: Served) -> list[str]:
    """The steps so far; they are forgotten."""
    order = site.site.namespace["order"]
    found = list(order)
    order.clear()
    return found


PAGE = ["initRequest", "initNonStaticRequest", "method {'a': '1'}", "initResponse page", "initNonStaticResponse"]


def test_the_order_of_hooks(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("file")
    site = serve(tmp_path, HOOKS, config=f"[staticContent]\na.txt={tmp_path}/a.txt\n")
    assert order_of(site) == ["instance", "initServer", "initAfterBind"]
    site.get("/?a=1")
    assert order_of(site) == PAGE
    site.post("/?a=0", "a=1")
    assert order_of(site) == ["beforeParse {'a': '0'}", *PAGE]
    site.get("/a.txt")
    assert order_of(site) == ["initRequest", "initResponse file"]
    site.get("/fail")
    assert order_of(site) == ["initRequest", "initNonStaticRequest"]


ATTRIBUTES = """
CherryClass Root:
view:
    def index(self, **kw):
        names = ('method', 'path', 'originalPath', 'base', 'browserUrl', 'isStaticFile', 'isXmlRpc', 'paramTuple',
            'filenameMap', 'fileTypeMap')
        return '; '.join(['%s=%s' % (name, getattr(request, name)) for name in names])
    def has(self, name, **kw):
        return str(hasattr(request, name))
    def cookie(self):
        return request.simpleCookie['a'].value + request.headerMap['x-two'] + `request.headerMap.has_key('X-Two')`
"""


def test_the_attributes_of_a_get(tmp_path: Path) -> None:
    site = serve(tmp_path, ATTRIBUTES)
    assert site.get("/index/?a=1&amp;b=2").text == (
        "method=GET; path=index; originalPath=index; base=http://site.example; "
        "browserUrl=http://site.example/index/?a=1&b=2; isStaticFile=0; isXmlRpc=0; paramTuple=(); "
        "filenameMap={}; fileTypeMap={}"
    )


@pytest.mark.parametrize(("name", "there"), [("parsePostData", True), ("rfile", True), ("peerCertificate", False)])
def test_what_a_post_has_more(tmp_path: Path, name: str, there: bool) -> None:
    site = serve(tmp_path, ATTRIBUTES)
    assert site.post("/has", f"name={name}").text == str(there)
    assert site.get(f"/has?name={name}").text == "False"


def test_headers_are_in_lower_case_and_the_last_of_a_name_counts(tmp_path: Path) -> None:
    page = serve(tmp_path, ATTRIBUTES).get("/cookie", "Cookie: a=x", "X-Two: 1", "x-two: 2", "Cookie: b=1")
    assert page.text == "x2False"


UPLOAD = """
import cgi
def initRequestBeforeParse():
    if request.path == 'mine':
        request.parsePostData = 0
CherryClass Root:
view:
    def mine(self, **kw):
        form = cgi.FieldStorage(fp=request.rfile, headers=request.headerMap,
            environ={'REQUEST_METHOD': 'POST'}, keep_blank_values=1)
        parts = ['%s %s %s' % (key, form[key].filename, len(form[key].value)) for key in form.keys()]
        return ', '.join(parts) + ' ' + form['f'].file.read(3) + `kw` + `form.has_key('g')`
    def theirs(self, **kw):
        return '%s %s %s %s' % (kw['f'], request.filenameMap['f'], request.fileTypeMap['f'], request.filenameMap['t'])
"""
BODY = (
    '--B\r\nContent-Disposition: form-data; name="t"\r\n\r\n\r\n--B\r\nContent-Disposition: form-data; name="f"; '
    'filename="a.txt"\r\nContent-Type: text/css\r\n\r\nabcdef\r\n--B--\r\n'
)
KIND = "Content-Type: multipart/form-data; boundary=B"


def test_a_page_reads_the_form_itself(tmp_path: Path) -> None:
    assert serve(tmp_path, UPLOAD).post("/mine?q=1", BODY, KIND).text == "t None 0, f a.txt 6 abc{'q': '1'}False"


def test_an_upload(tmp_path: Path) -> None:
    assert serve(tmp_path, UPLOAD).post("/theirs", BODY, KIND).text == "abcdef a.txt text/css None"


def test_a_body_that_nobody_read_is_no_second_request(tmp_path: Path) -> None:
    source = UPLOAD + "    def index(self):\n        return 'index'\n"
    site = serve(tmp_path, source.replace("'mine'", "''"), config="[server]\nprotocolVersion=HTTP/1.1\n")
    page = site.post("/", "GET /theirs HTTP/1.1\r\n\r\n")
    assert page.text == "index"
    assert page.exchange.channel.reader.body_left == 24


@pytest.mark.parametrize("attribute", ["request.path = 'other'", "request.paramMap = {'a': 'new'}"])
@pytest.mark.parametrize("hook", ["initRequest", "initNonStaticRequest"])
def test_hooks_rewrite_the_request(tmp_path: Path, hook: str, attribute: str) -> None:
    source = f"""
def {hook}():
    {attribute}
CherryClass Root:
view:
    def index(self, a='none'):
        return 'index ' + a
    def other(self, a='none'):
        return 'other ' + a
"""
    page = serve(tmp_path, source).get("/?a=old")
    assert page.text == ("other old" if "path" in attribute else "index new")


def test_parameters_are_keyword_arguments(tmp_path: Path) -> None:
    site = serve(tmp_path, "CherryClass Root:\nview:\n    def index(self, a, b='2'):\n        return a + b\n")
    assert site.get("/?a=1").text == "12"
    assert site.get("/").text == "TypeError: index() takes at least 2 arguments (1 given)\n"
    assert site.get("/?a=1&c=3").text == "TypeError: index() got an unexpected keyword argument 'c'\n"
    assert site.get("/?self=1&a=1").text == "TypeError: index() got multiple values for keyword argument 'self'\n"


def test_a_site_with_a_charset_speaks_it(tmp_path: Path) -> None:
    source = "CherryClass Root:\nview:\n    def index(self, a):\n        return '%s %d' % (a, len(a))\n"
    assert serve(tmp_path, source).get("/?a=%C3%A9").body == b"\xc3\xa9 2"
    assert serve(tmp_path, source, config="[server]\ncharset=utf-8\n").get("/?a=%C3%A9").body == b"\xc3\xa9 1"


def test_reading_along_with_keep_alive(tmp_path: Path) -> None:
    site = serve(tmp_path, ATTRIBUTES, config="[server]\nprotocolVersion=HTTP/1.1\n")
    page = site.get("/has?name=x")
    assert page.status == "HTTP/1.1 200 OK" and page.exchange.keep
    assert not site.get("/has?name=x", version="1.0").exchange.keep


def test_h28_a_stream_without_a_length_closes(tmp_path: Path) -> None:
    source = """
CherryClass Root:
view:
    def index(self):
        response.wfile.write('HTTP/1.1 200 OK\\r\\n\\r\\ntext')
        response.sendResponse = 0
        return ''
"""
    page = serve(tmp_path, source, config="[server]\nprotocolVersion=HTTP/1.1\n").get("/")
    assert page.body == b"text" and not page.exchange.keep
