"""rawwfile.adapters.dispatch: from a path to a handler."""

from __future__ import annotations

import functools
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.adapters import dispatch
from rawwfile.adapters.arguments import accepts
from rawwfile.adapters.expose import expose, is_exposed
from rawwfile.adapters.pages import PageTree
from rawwfile.errors import NotFound
from tests.unit.wire import called


class Leaf:
    exposed = True

    def __call__(self, *rest):
        return f"leaf{rest}"


class Shop:
    title = "shop"

    @expose
    def index(self):
        return "shop index"

    @expose
    def default(self, *rest, **fields):
        return f"shop default {rest} {fields}"

    @expose
    def item(self, number):
        return f"item {number}"

    @expose
    def pair(self, a, b="-"):
        return f"pair {a} {b}"

    def hidden(self):
        raise AssertionError("called")


class Bare:
    @expose
    def default(self, one):
        return f"bare {one}"


class Root:
    leaf = Leaf()
    shop = Shop()
    bare = Bare()

    class Inside:
        @expose
        def index(*arguments):
            raise AssertionError("called")

        @classmethod
        @expose
        def made(cls):
            raise AssertionError("called")

    def __init__(self):
        self.plain = lambda: "plain"
        self.plain.exposed = True
        self.one = lambda: "one"
        self.one.exposed = 1
        self.truthy = types.SimpleNamespace(exposed="yes")
        self.partial = functools.partial(self.made_partial, 1)
        self.partial.exposed = True
        setattr(self, "a.b", Leaf())

    def made_partial(self, a, b=2):
        return f"partial {a} {b}"

    @expose
    def index(self):
        return "root index"

    @expose
    def hello(self):
        return "hello"

    @expose
    def robots_txt(self):
        return "robots"

    @expose
    def rest(self, *rest):
        return f"rest {rest}"

    @expose
    def _private(self):
        raise AssertionError("called")

    @expose
    def __dunder__(self):
        raise AssertionError("called")

    @staticmethod
    @expose
    def static():
        return "static"

    @expose
    @staticmethod
    def static_outside():
        return "static outside"

    @expose
    @classmethod
    def of_class(cls):
        return f"class {cls.__name__}"

    def not_exposed(self):
        raise AssertionError("called")

    def says_one(self):
        return "one"

    says_one.exposed = True


FOUND = [
    # path, answer
    ("/", "root index"),
    ("//", "root index"),
    ("/index", "root index"),
    ("/hello", "hello"),
    ("/hello/", "hello"),
    ("//hello", "hello"),
    ("/h%65llo", "hello"),
    ("/robots.txt", "robots"),
    ("/robots_txt", "robots"),
    ("/robots-txt", "robots"),
    ("/plain", "plain"),
    ("/one", "one"),
    ("/says_one", "one"),
    ("/static", "static"),
    ("/static_outside", "static outside"),
    ("/of_class", "class Root"),
    ("/partial", "partial 1 2"),
    ("/partial/9", "partial 1 9"),
    ("/leaf", "leaf()"),
    ("/leaf/a/b", "leaf('a', 'b')"),
    ("/a.b", "leaf()"),
    ("/rest/a%2Fb/c", "rest ('a/b', 'c')"),
    ("/rest/a//b/", "rest ('a', 'b')"),
    ("/rest/%C3%A9/%FF", "rest ('\u00e9', '\\udcff')"),
    ("/rest/../_x/__class__", "rest ('..', '_x', '__class__')"),
    ("/shop", "shop index"),
    ("/shop/", "shop index"),
    ("/shop/item/5", "item 5"),
    ("/shop/pair/1", "pair 1 -"),
    ("/shop/pair/1/2", "pair 1 2"),
    ("/shop/pair/1/2/3", "shop default ('pair', '1', '2', '3') {}"),
    ("/shop/hidden", "shop default ('hidden',) {}"),
    ("/shop/title", "shop default ('title',) {}"),
    ("/shop/title/upper", "shop default ('title', 'upper') {}"),
    ("/shop/_private", "shop default ('_private',) {}"),
    ("/shop/x?a=1&a=2", "shop default ('x',) {'a': ['1', '2']}"),
    ("/bare/x", "bare x"),
    ("http://a/hello", "hello"),
]


@pytest.mark.parametrize(("path", "text"), FOUND)
def test_paths_that_lead_to_a_handler(path, text):
    app = PageTree(Root())
    for _ in range(2):  # the second time the path and the signature are remembered
        assert called(app, f"GET {path}").response.body == text


LOST = [
    ("/nothing", 'no page at "/nothing"'),
    ("/not_exposed", 'no page at "/not_exposed"'),
    ("/_private", 'no page at "/_private"'),
    ("/-private", 'no page at "/-private"'),
    ("/%5Fprivate", 'no page at "/%5Fprivate"'),
    ("/__dunder__", 'no page at "/__dunder__"'),
    ("/__class__", 'no page at "/__class__"'),
    ("/hello/__func__", 'too many path segments after "/hello"'),
    ("/hello/extra", 'too many path segments after "/hello"'),
    ("/hello/exposed", 'too many path segments after "/hello"'),
    ("/truthy", 'no page at "/truthy"'),
    ("/Inside", 'no page at "/Inside"'),
    ("/Inside/index", 'no page at "/Inside/index"'),
    ("/Inside/made", 'no page at "/Inside/made"'),
    ("/bare/a/b", 'too many path segments after "/bare"'),
    ("/bare/default/b/c", 'too many path segments after "/bare/default"'),
    ("/bare", 'missing parameter "one"'),
    ("/hello?colour=1", 'unexpected parameter "colour"'),
    ("/shop/item", 'missing parameter "number"'),
    ("/shop/item/5?number=6", 'given by the path already: parameter "number"'),
    ("/shop/pair?b=1&c=2", 'missing parameter "a"; unexpected parameter "c"'),
    ("/" + "x" * 100, f'no page at "/{"x" * 56}..."'),
]


@pytest.mark.parametrize(("path", "message"), LOST)
def test_paths_that_lead_nowhere_say_why(path, message):
    app = PageTree(Root())
    for _ in range(2):
        with pytest.raises(NotFound) as raised:
            called(app, f"GET {path}")
        assert raised.value.message == message


def test_the_root_may_be_an_exposed_callable():
    app = PageTree(Leaf())
    assert called(app, "GET /").response.body == "leaf()"
    assert called(app, "GET /a/b").response.body == "leaf('a', 'b')"


def test_an_exposed_object_answers_before_its_default_and_default_before_it_below():
    class Both:
        exposed = True

        def __call__(self, *rest):
            return "itself"

        @expose
        def default(self, *rest):
            return "default"

    app = PageTree(types.SimpleNamespace(both=Both()))
    assert called(app, "GET /both").response.body == "itself"
    assert called(app, "GET /both/x").response.body == "default"


def test_a_changed_tree_is_seen_at_once():
    root = Root()
    app = PageTree(root)
    assert called(app, "GET /hello").response.body == "hello"
    root.hello = root.plain
    assert called(app, "GET /hello").response.body == "plain"
    root.hello = root.not_exposed
    with pytest.raises(NotFound):
        called(app, "GET /hello")


def test_a_handler_that_stops_being_exposed_is_not_called():
    class Site:
        @expose
        def page(self):
            return "page"

    app = PageTree(Site())
    assert called(app, "GET /page").response.body == "page"
    Site.page.exposed = False
    with pytest.raises(NotFound):
        called(app, "GET /page")


def test_a_page_below_a_function_is_found():
    def page():
        return "page"

    page.exposed = True
    page.index = lambda: "below"
    page.index.exposed = True
    assert called(PageTree(types.SimpleNamespace(page=page)), "GET /page").response.body == "below"


def test_mounted_roots_go_first():
    app = PageTree(Root(), {"hello": Shop(), "my-shop": Shop()})
    assert called(app, "GET /hello").response.body == "shop index"
    assert called(app, "GET /my-shop/item/1").response.body == "item 1"
    assert called(app, "GET /plain").response.body == "plain"
    assert called(app, "GET /shop/hello").response.body == "shop default ('hello',) {}"


def test_what_is_remembered_of_paths_is_bounded():
    for number in range(dispatch._CACHE_SIZE * 2):
        dispatch.segments_of(f"/page/{number}")
    dispatch.segments_of("/" + "x" * 1000)
    assert len(dispatch._remembered) <= dispatch._CACHE_SIZE
    assert max(map(len, dispatch._remembered)) <= dispatch._LONGEST_CACHED


SEGMENT = st.sampled_from(["hello", "shop", "leaf", "rest", "Inside", "index", "default", "..", "%5F", "__class__", ""])


@given(st.lists(SEGMENT | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=5), max_size=5))
def test_any_path_gives_a_handler_or_not_found(parts):
    root, path = Root(), "/" + "/".join(parts)
    try:
        handler, rest, way = dispatch.resolve(root, path)
    except NotFound:
        assert dispatch.plain_handler(root, path) is None
        return
    assert is_exposed(handler)
    assert accepts(handler).room >= len(rest)
    assert way[0] is root and len(way) - 1 + len(rest) == len(dispatch.segments_of(path).values)
    assert dispatch.plain_handler(root, path) in (None, handler)
