"""rawwfile.adapters.pages: a tree of objects as a site."""

from __future__ import annotations

import pytest

from rawwfile.adapters.expose import expose
from rawwfile.adapters.pages import PageTree
from rawwfile.errors import HTTPError, HTTPRedirect, InternalRedirect
from tests.unit.wire import FORM, answer, called, exchange_for, request_text


class Site:
    @expose
    def hello(self):
        return "hello"

    @expose
    def pair(self, a, b="-"):
        return f"pair {a} {b}"


def test_the_root_may_not_be_a_class():
    with pytest.raises(TypeError, match=r"Site is a class: give an instance, Site\(\)"):
        PageTree(Site)


def test_the_handler_is_announced_before_it_is_called():
    exchange = exchange_for(request_text("GET /hello"))
    PageTree(Site())(exchange)
    assert exchange.handler.__name__ == "hello"


def test_form_fields_are_arguments():
    app = PageTree(Site())
    assert called(app, "POST /pair?a=0", FORM, "a=1&b=x+y").response.body == "pair 1 x y"


def test_a_form_is_left_unread_for_a_handler_without_parameters():
    class Root:
        @expose
        def upload(self, *rest):
            return request_of.rfile.read()

    exchange = exchange_for(request_text("POST /upload/a", FORM, "a=1&b=2"))
    request_of = exchange.request
    PageTree(Root())(exchange)
    assert exchange.response.body == b"a=1&b=2"


def test_a_type_error_of_the_handler_stays_its_own():
    class Root:
        @expose
        def index(self, a="1"):
            return len(5)

    with pytest.raises(TypeError, match="has no len"):
        called(PageTree(Root()), "GET /?a=1")


def test_what_properties_raise_comes_through():
    class Root:
        @property
        def page(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        called(PageTree(Root()), "GET /page")


class Methods:
    @expose(methods=("GET", "POST"))
    def both(self):
        return "both"

    @expose(methods="PUT")
    def put(self, **fields):
        return "put"

    @expose(methods="get, BREW options")
    def brew(self):
        return "brew"

    @expose(methods=["TRACE", "CONNECT"])
    def default(self, *rest):
        return "traced"

    @expose
    def any(self):
        return "any"

    def attribute(self):
        return "attribute"

    attribute.exposed = True
    attribute.methods = {"DELETE"}

    @expose
    def index(self):
        return "index"


ALLOWED = [
    ("GET", "/both", "200 OK"),
    ("HEAD", "/both", "200 OK"),
    ("POST", "/both", "200 OK"),
    ("PUT", "/both", "405 Method Not Allowed", "GET, HEAD, POST, OPTIONS"),
    ("OPTIONS", "/both", "204 No Content", "GET, HEAD, POST, OPTIONS"),
    ("BREW", "/both", "501 Not Implemented"),
    ("get", "/both", "501 Not Implemented"),
    ("TRACE", "/both", "501 Not Implemented"),
    ("PUT", "/put?x=1", "200 OK"),
    ("GET", "/put", "405 Method Not Allowed", "PUT, OPTIONS"),
    ("HEAD", "/put", "405 Method Not Allowed", "PUT, OPTIONS"),
    ("BREW", "/brew", "200 OK"),
    ("OPTIONS", "/brew", "200 OK"),
    ("PATCH", "/brew", "405 Method Not Allowed", "GET, HEAD, BREW, OPTIONS"),
    ("TRACE", "/traced", "200 OK"),
    ("DELETE", "/attribute", "200 OK"),
    ("GET", "/attribute", "405 Method Not Allowed", "DELETE, OPTIONS"),
    ("PATCH", "/any", "200 OK"),
    ("OPTIONS", "/any", "200 OK"),
    ("DELETE", "/any", "200 OK"),
    ("TRACE", "/any", "501 Not Implemented"),
    ("PROPFIND", "/any", "501 Not Implemented"),
    ("OPTIONS", "*", "200 OK", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH"),
    ("OPTIONS", "http://a", "200 OK", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH"),
    ("CONNECT", "a:443", "501 Not Implemented"),
]


@pytest.mark.parametrize("row", ALLOWED, ids=lambda row: f"{row[0]} {row[1]}")
def test_methods(row):
    method, target, status, *allow = row
    _, (got, *fields), content = answer(PageTree(Methods()), request_text(f"{method} {target}"))
    assert got == f"HTTP/1.1 {status}"
    assert [line for line in fields if line.startswith("Allow")] == [f"Allow: {names}" for names in allow]
    if method == "HEAD" or (method == "OPTIONS" and allow):
        assert content == b""


def test_an_unknown_method_on_no_page_is_501_and_a_known_one_404():
    app = PageTree(object())
    assert answer(app, request_text("BREW /x"))[1][0] == "HTTP/1.1 501 Not Implemented"
    assert answer(app, request_text("GET /x"))[1][0] == "HTTP/1.1 404 Not Found"


def test_a_refused_method_leaves_stream_and_type_alone():
    class Root:
        @expose(methods="GET", stream=True, content_type="text/csv")
        def index(self):
            return "x"

    exchange = exchange_for(request_text("POST /"))
    with pytest.raises(HTTPError) as raised:
        PageTree(Root())(exchange)
    assert raised.value.status == 405
    assert exchange.response.is_default and not exchange.response.stream


class Redirecting:
    @expose
    def index(self, **fields):
        return f"index {fields}"

    @expose(stream=True, content_type="text/csv")
    def to(self, path):
        raise InternalRedirect(path)

    @expose
    def loop(self, **fields):
        raise InternalRedirect("loop_back/?n=1")

    @expose
    def loop_back(self, n):
        raise InternalRedirect("/loop/")

    @expose
    def count(self, number):
        raise InternalRedirect(f"/count/{int(number) + 1}")

    @expose
    def away(self):
        raise HTTPRedirect("/")


def test_an_internal_redirect_gives_another_page():
    app = PageTree(Redirecting())
    exchange = called(app, "GET /to?path=%2F%3Fa%3D1")
    assert exchange.response.body == "index {'a': '1'}"
    assert (exchange.request.raw_path, exchange.request.query_string) == ("/", "a=1")
    assert exchange.response.stream is False
    assert exchange.response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert called(app, "GET /to/index").response.body == "index {}"
    assert called(app, "POST /to", FORM, "path=/index").response.body == "index {'path': '/index'}"


def test_an_internal_redirect_keeps_status_and_cookies():
    class Root:
        @expose
        def gone(self):
            exchange.response.status = 410
            exchange.response.cookie["a"] = "b"
            raise InternalRedirect("/index")

        @expose
        def index(self):
            return "index"

    exchange = exchange_for(request_text("GET /gone"))
    PageTree(Root())(exchange)
    assert exchange.response.status == 410
    assert "a" in exchange.response.cookie


def test_internal_redirects_end():
    app = PageTree(Redirecting())
    with pytest.raises(HTTPError) as raised:
        called(app, "GET /loop")
    assert str(raised.value) == ("500 internal redirects go round in a circle: /loop -> /loop_back -> /loop")
    with pytest.raises(HTTPError) as raised:
        called(app, "GET /count/0")
    assert str(raised.value).startswith("500 internal redirects are too many: /count/0 -> /count/1")
    assert str(raised.value).endswith("/count/11")


def test_an_internal_redirect_after_raw_bytes_is_refused():
    class Root:
        @expose
        def index(self):
            exchange.response.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            raise InternalRedirect("/other")

        @expose
        def other(self):
            raise AssertionError("called")

    exchange = exchange_for(request_text("GET /"))
    with pytest.raises(RuntimeError, match="Redirect before writing"):
        PageTree(Root())(exchange)


def test_other_redirects_are_the_engines():
    _, lines, _ = answer(PageTree(Redirecting()), request_text("GET /away"))
    assert lines[0] == "HTTP/1.1 303 See Other"
    assert "Location: /" in lines
