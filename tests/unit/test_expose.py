"""rawwfile.adapters.expose: the marks on a handler."""

from __future__ import annotations

import types

import pytest

from rawwfile.adapters.expose import allow_field, expose, is_exposed, method_names, options_of
from rawwfile.adapters.pages import PageTree
from rawwfile.errors import NotFound
from rawwfile.streaming.waits import stream
from tests.unit.wire import called


class Leaf:
    exposed = True

    def __call__(self, *rest):
        return f"leaf{rest}"


def test_stream_and_content_type_are_set_before_the_call():
    class Root:
        @expose(stream=True, content_type="text/plain")
        def decorated(self):
            return "x"

        def attribute(self):
            return "x"

        attribute.exposed = attribute.stream = True

        @expose
        def configured(self):
            return "x"

        configured._cp_config = {"response.stream": True}

        @expose
        def contradicted(self):
            return "x"

        contradicted._cp_config = {"response.stream": True}
        contradicted.stream = False

    app = PageTree(Root())
    response = called(app, "GET /decorated").response
    assert response.stream is True
    assert response.headers["Content-Type"] == "text/plain"
    assert called(app, "GET /attribute").response.stream is True
    assert called(app, "GET /configured").response.stream is True
    assert called(app, "GET /contradicted").response.stream is False


def test_what_the_decorator_of_streams_marks_is_set_too():
    class Root:
        @expose
        @stream(flush=(4096, 0.5), heartbeat=15)
        def marked(self):
            return "x"

        @expose
        @stream(False)
        def collected(self):
            return "x"

        @expose
        def other(self):
            return "x"

        other.flush = lambda: "a page of that name"

    app = PageTree(Root())
    response = called(app, "GET /marked").response
    assert (response.stream, response.flush, response.heartbeat) == (True, (4096, 0.5), (15, b"\n"))
    response = called(app, "GET /collected").response
    assert response.__dict__["stream"] is False and response.flush is None
    assert called(app, "GET /other").response.flush is None


@pytest.mark.parametrize("name", ["html", "genshi:index.html", "myapp.templates.index", "Json", ""])
def test_templates_of_turbogears_other_than_json_are_refused(name):
    with pytest.raises(ValueError, match=f'@expose.*{name}.*"json" is the one template.*stream_template'):
        expose(name, content_type="text/plain")


def test_expose_gives_back_what_it_was_given():
    def function():
        return None

    assert expose(function) is function
    assert expose()(function) is function
    assert expose(methods="GET")(function) is function
    assert function.exposed is True

    class Page:
        def __call__(self):
            return None

    assert expose(Page) is Page
    assert is_exposed(Page())
    assert not is_exposed(Page)


@pytest.mark.parametrize("thing", [5, b"index", len, property(lambda self: 1)])
def test_expose_refuses_what_it_cannot_mark(thing):
    with pytest.raises(TypeError, match="expose needs something|takes no attributes"):
        expose(thing)


@pytest.mark.parametrize(
    ("methods", "error"),
    [((), ValueError), ("", ValueError), ((5,), ValueError), ("a/b", ValueError), (5, TypeError)],
)
def test_expose_refuses_bad_methods(methods, error):
    with pytest.raises(error, match="method"):
        expose(methods=methods)


def test_expose_refuses_a_content_type_of_two_lines():
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        expose(content_type="text/html\r\nX: y")


def test_a_bad_methods_attribute_is_an_error_of_the_server():
    def index():
        return "x"

    index.exposed, index.methods = True, 5
    with pytest.raises(TypeError, match="methods must be like"):
        called(PageTree(types.SimpleNamespace(index=index)), "GET /")


def test_a_page_called_methods_is_no_allow_list():
    class Api(Leaf):
        @expose
        def methods(self):
            return "a page"

    app = PageTree(types.SimpleNamespace(api=Api()))
    assert called(app, "GET /api").response.body == "leaf()"
    assert called(app, "GET /api/methods").response.body == "a page"


def test_only_true_and_one_expose():
    class Anything:
        def __getattr__(self, name):
            return Anything()

        def __call__(self):
            raise AssertionError("called")

    assert not is_exposed(Anything())
    with pytest.raises(NotFound):
        called(PageTree(types.SimpleNamespace(proxy=Anything())), "GET /proxy/a/b")


def test_names_of_methods():
    assert method_names("get,POST  brew") == ("GET", "POST", "brew")
    assert allow_field(("POST", "GET", "GET")) == ("POST", "GET", "HEAD", "OPTIONS")
    assert options_of(Leaf()) == (None, None, None, {})
