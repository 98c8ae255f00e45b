"""rawwfile.adapters.arguments: what fits a handler, decided before the call."""

from __future__ import annotations

import functools
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.adapters import arguments as module
from rawwfile.adapters.arguments import accepts, arguments, shown
from rawwfile.errors import HTTPError, NotFound


class Request:
    """What arguments() reads of a request; `params` counts how often it is asked for."""

    def __init__(self, params=None, query_string=""):
        self._params = params or {}
        self.query_string = query_string
        self.asked = 0

    @property
    def params(self):
        self.asked += 1
        return self._params


def passing_on(function):
    @functools.wraps(function)
    def wrapper(*args, **kw):
        return function(*args, **kw)

    return wrapper


def injecting(function):
    @functools.wraps(function)
    def wrapper(self, name, **kw):
        return function(self, "session", name=name, **kw)

    return wrapper


class Called:
    def __call__(self, a, *, b="-"):
        return (a, b)


class Pages:
    def none(self):
        return ()

    def one(self, a):
        return (a,)

    def optional(self, a, b=None):
        return (a, b)

    def keyword_only(self, *, a, b=None):
        return (a, b)

    def any_keyword(self, a, **kw):
        return (a, kw)

    def positional_only(self, a, /, b=None):
        return (a, b)

    def positional_only_and_any(self, a, /, **kw):
        return (a, kw)

    def self_is_free(this, /, **kw):
        return kw

    def rest(self, *rest):
        return rest

    def everything(self, a, *rest, b, c=3, **kw):
        return (a, rest, b, c, kw)

    def named_self(self, **kw):
        return kw

    passed_on = passing_on(one)
    passed_on_any = passing_on(named_self)

    @injecting
    def injected(self, session, name, **kw):
        return (session, name, kw)

    @classmethod
    def of_class(cls, a, **kw):
        return (a, kw)

    partial = functools.partialmethod(optional, "given")
    called = Called()


TABLE = [
    # handler, segments, fields, result or message
    ("none", (), {}, ()),
    ("none", ("x",), {}, "too many path segments"),
    ("none", (), {"a": "1"}, 'unexpected parameter "a"'),
    ("none", (), {"self": "1"}, 'unexpected parameter "self"'),
    ("one", (), {"a": "1"}, ("1",)),
    ("one", ("1",), {}, ("1",)),
    ("one", (), {}, 'missing parameter "a"'),
    ("one", (), {"A": "1"}, 'missing parameter "a"; unexpected parameter "A"'),
    ("one", ("1",), {"a": "2"}, 'given by the path already: parameter "a"'),
    ("one", ("1", "2"), {}, "too many path segments"),
    ("one", (), {"a": "1", "self": "2"}, 'unexpected parameter "self"'),
    ("optional", ("1",), {"b": "2"}, ("1", "2")),
    ("optional", (), {"b": "2"}, 'missing parameter "a"'),
    ("keyword_only", (), {"a": "1"}, ("1", None)),
    ("keyword_only", ("1",), {}, 'too many path segments; missing parameter "a"'),
    ("any_keyword", ("1",), {"b": "2", "": "3"}, ("1", {"b": "2", "": "3"})),
    ("any_keyword", ("1",), {"self": "2"}, 'unexpected parameter "self"'),
    ("any_keyword", ("1",), {"a": "2"}, 'given by the path already: parameter "a"'),
    ("positional_only", ("1",), {}, ("1", None)),
    ("positional_only", (), {"a": "1"}, 'missing parameter "a"; unexpected parameter "a"'),
    ("positional_only_and_any", ("1",), {"a": "2"}, ("1", {"a": "2"})),
    ("positional_only_and_any", (), {"a": "2"}, 'missing parameter "a"'),
    ("self_is_free", (), {"this": "1", "self": "2"}, {"this": "1", "self": "2"}),
    ("rest", ("1", "2"), {}, ("1", "2")),
    ("rest", (), {"rest": "1"}, 'unexpected parameter "rest"'),
    ("everything", ("1", "2"), {"b": "3", "d": "4"}, ("1", ("2",), "3", 3, {"d": "4"})),
    ("everything", (), {}, 'missing parameters "a", "b"'),
    ("everything", ("1",), {"b": "2", "rest": "3"}, ("1", (), "2", 3, {"rest": "3"})),
    ("named_self", (), {"self": "1"}, 'unexpected parameter "self"'),
    ("passed_on", (), {"a": "1"}, ("1",)),
    ("passed_on", (), {}, 'missing parameter "a"'),
    ("passed_on_any", (), {"self": "1"}, 'unexpected parameter "self"'),
    ("injected", ("1",), {"b": "2"}, ("session", "1", {"b": "2"})),
    ("injected", (), {"name": "1"}, ("session", "1", {})),
    ("injected", (), {}, 'missing parameter "name"'),
    ("injected", ("1",), {"session": "2"}, 'unexpected parameter "session"'),
    ("of_class", (), {"a": "1", "b": "2"}, ("1", {"b": "2"})),
    ("of_class", ("1",), {"cls": "2"}, 'unexpected parameter "cls"'),
    ("partial", (), {"b": "1"}, ("given", "1")),
    ("partial", (), {"a": "1"}, 'unexpected parameter "a"'),
    ("called", ("1",), {"b": "2"}, ("1", "2")),
    ("called", ("1",), {"self": "2"}, 'unexpected parameter "self"'),
    ("none", (), dict.fromkeys("abcde", ""), 'unexpected parameters "a", "b", "c" and 2 more'),
    ("none", (), {"x" * 99: ""}, f'unexpected parameter "{"x" * 57}..."'),
    ("none", (), {'<"\u00e9\n>': ""}, 'unexpected parameter "<"\\xe9\\x0a>"'),
]


@pytest.mark.parametrize(("name", "segments", "fields", "outcome"), TABLE)
def test_what_fits_is_called_and_what_does_not_is_named(name, segments, fields, outcome):
    handler = getattr(Pages(), name)
    accepted = accepts(handler)
    if isinstance(outcome, str):
        with pytest.raises(NotFound) as raised:
            accepted.check(segments, fields)
        assert raised.value.message == outcome
    else:
        accepted.check(segments, fields)
        assert handler(*segments, **fields) == outcome


@given(
    st.sampled_from([name for name in vars(Pages) if not name.startswith("_")]),
    st.lists(st.sampled_from(["1", "2"]), max_size=4),
    st.dictionaries(st.sampled_from(["a", "b", "c", "self", "cls", "name", "session"]), st.just("v")),
)
def test_the_check_says_no_exactly_when_python_would(name, segments, fields):
    handler = getattr(Pages(), name)
    try:
        accepts(handler).check(tuple(segments), fields)
    except NotFound:
        with pytest.raises(TypeError):
            handler(*segments, **fields)
    else:
        handler(*segments, **fields)


def without_signature():
    """A built-in that inspect cannot read; which ones it can differs between versions."""
    for candidate in (iter, type, min, max, getattr):
        try:
            inspect.signature(candidate)
        except ValueError:
            return candidate
    raise AssertionError("every built-in has a signature now: _read can lose a case")


def test_a_built_in_without_signature_takes_what_comes():
    accepts(without_signature()).check(("a", "b"), {"c": "d"})


def test_a_function_around_a_built_in_has_its_own_signature():
    def page(a, **kw):
        return (a, kw)

    page.__wrapped__ = without_signature()
    accepts(page).check(("1",), {"b": "2"})


def test_wrapping_that_has_no_end_is_looked_through_in_the_end():
    def page(a):
        return a

    page.__wrapped__ = page
    accepts(page).check(("1",), {})


def test_one_function_as_a_page_and_as_a_method():
    def page(name):
        return name

    class Holder:
        method = page

    accepts(page).check((), {"name": "1"})
    accepts(Holder().method).check((), {})
    assert accepts(page).required == ("name",)
    assert accepts(Holder().method).required == ()


def test_objects_are_told_apart_without_asking_them():
    class Same:
        __hash__ = None

        def __eq__(self, other):
            return True

    class One(Same):
        def __call__(self, a):
            return a

    class Two(Same):
        def __call__(self, b):
            return b

    one, two = One(), Two()
    assert accepts(one).required == ("a",)
    assert accepts(two).required == ("b",)
    assert accepts(one) is accepts(one)


def test_an_object_that_answers_every_attribute_is_read_in_the_end():
    class Anything:
        def __getattr__(self, name):
            if name in ("__signature__", "__text_signature__"):
                raise AttributeError(name)
            return Anything()

        def __call__(self, a):
            return a

    accepts(Anything())


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "_CACHE_SIZE", 8)
    monkeypatch.setattr(module, "_functions", {})
    for _ in range(50):
        accepts(lambda a: a)
    assert len(module._functions) <= 8


def test_a_signature_is_read_once(monkeypatch):
    pages = Pages()
    first = accepts(pages.one)
    monkeypatch.setattr(module, "_read", None)
    assert accepts(Pages().one) is first


def test_the_form_is_asked_for_only_by_handlers_that_take_fields():
    pages = Pages()
    for name, asked in (("none", 0), ("rest", 0), ("one", 1), ("any_keyword", 1)):
        request = Request({"a": "1"})
        arguments(getattr(pages, name), (), request)
        assert request.asked == asked, name


def test_the_query_counts_even_for_handlers_without_fields():
    with pytest.raises(NotFound, match='unexpected parameter "a b"'):
        arguments(Pages().none, (), Request(query_string="a+b=1"))
    with pytest.raises(NotFound, match='unexpected parameter "a"'):
        arguments(Pages().rest, ("x",), Request(query_string="a"))
    assert arguments(Pages().none, (), Request(query_string="&")) == {}


def test_a_query_of_too_many_pairs_is_refused():
    with pytest.raises(HTTPError) as raised:
        arguments(Pages().none, (), Request(query_string="&a" * 20_000))
    assert raised.value.status == 400


@given(st.text(alphabet=st.characters(), max_size=200))
def test_what_a_client_sent_is_shown_on_one_short_line(text):
    line = shown(text)
    assert len(line) <= 60
    assert line.isascii() and line.isprintable()
