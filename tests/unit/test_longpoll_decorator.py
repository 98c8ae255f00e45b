"""json_yield as a decorator: where it may stand, its arguments, and what a page tree sees of it."""

from __future__ import annotations

import functools

import pytest

from rawwfile.adapters.expose import expose, is_exposed
from rawwfile.adapters.pages import PageTree
from rawwfile.streaming.longpoll import NOTHING, current_poll, json_yield
from rawwfile.streaming.longpoll.answers import as_list, compose
from rawwfile.streaming.longpoll.options import Options
from rawwfile.streaming.negotiate import negotiate
from tests.unit.longpolls import Site
from tests.unit.wire import answer, request_text


def test_a_bare_json_yield_is_enough_to_be_on_the_web():
    site = Site()

    class Root:
        @site.json_yield
        def page(self):
            """The page."""
            yield "a"

    assert is_exposed(Root().page)
    assert (Root.page.__name__, Root.page.__doc__) == ("page", "The page.")
    assert site.serve(Root()).poll("/page").content == "a"


@pytest.mark.parametrize("order", ["above", "below"])
def test_expose_may_stand_above_or_below(order):
    site = Site()
    mark = expose(methods=("GET", "POST"))

    def page(self):
        yield "a"

    page = mark(site.json_yield(page)) if order == "above" else site.json_yield(mark(page))
    site.serve(type("Root", (), {"page": page})())
    assert site.poll("/page").content == "a"
    assert site.poll("/page?key=1", method="DELETE").status == 405


def test_a_function_may_be_a_page():
    site = Site()

    @site.json_yield(wait=3)
    def page():
        yield from "ab"

    site.serve(page)
    assert site.poll("/?key=1").content == "a"
    assert site.poll("/1").content == "b"


def test_a_static_or_class_method_has_it_below():
    site = Site()

    class Root:
        @classmethod
        @site.json_yield
        def page(cls):
            yield cls.__name__

    assert site.serve(Root()).poll("/page").content == "Root"
    with pytest.raises(TypeError, match="write @json_yield below @staticmethod"):
        site.json_yield(staticmethod(lambda: iter("a")))


def test_other_decorators_may_stand_around_it():
    site = Site()

    def shouting(function):
        @functools.wraps(function)
        def wrapper(*arguments, **fields):
            return function(*arguments, **fields).upper()

        return wrapper

    class Root:
        @shouting
        @site.json_yield
        def page(self):
            yield "a"

    assert site.serve(Root()).poll("/page?key=1").body == '{"STATE": "READY", "CONTENT": "A"}'


def test_two_handlers_share_no_keys():
    site = Site()

    class Root:
        @site.json_yield
        def one(self):
            yield from "ab"

        @site.json_yield
        def two(self):
            yield from "xy"

    site.serve(Root())
    assert [site.poll(f"/{name}?key=1").content for name in ("one", "two", "one", "two")] == ["a", "x", "b", "y"]


def test_it_is_the_poll_of_negotiate():
    site = Site()

    class Root:
        @expose
        @negotiate(poll=site.json_yield(batch=2))
        def page(self):
            yield from "abc"

    site.serve(Root())
    assert site.poll("/page?key=1").content == ["a", "b"]
    # There, unlike here, every event stream is a generator of its own.
    assert '"a"' in site.poll("/page?key=1", "Accept: application/jsonl\r\n").body
    assert site.poll("/page?key=1").content == ["c"]


async def coroutine():
    """An async function."""


async def asynchronous():
    yield "a"


@pytest.mark.parametrize("target", [coroutine, asynchronous])
def test_async_functions_are_refused_by_name(target):
    with pytest.raises(TypeError, match=f"json_yield takes no async function, and {target.__name__} is one"):
        json_yield(target)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="json_yield decorates a generator function, not 'page'"):
        json_yield("page")


BAD = [
    {"wait": -1},
    {"wait": "25"},
    {"ttl": 0},
    {"max_age": 0},
    {"overlap": "queue"},
    {"accumulate": 0},
    {"accumulate": -1},
    {"batch": 0},
    {"batch": True},
    {"linger": None},
    {"producer": "process"},
    {"maxlen": 0},
    {"max_bytes": 1.5},
    {"pause": float("nan")},
    {"retry": -1},
    {"session_of": "user"},
]


@pytest.mark.parametrize("options", BAD, ids=str)
def test_a_bad_argument_is_named_where_it_is_given(options):
    (name,) = options
    with pytest.raises(ValueError, match=f"json_yield: {name} must be .*, not "):
        json_yield(**options)


def test_an_unknown_argument_is_answered_with_those_that_there_are():
    with pytest.raises(TypeError, match="json_yield takes no 'time_out'; there are wait, ttl, max_age"):
        json_yield(time_out=3)


def test_the_defaults_are_those_of_the_contract():
    options = Options()
    assert (options.wait, options.ttl, options.overlap, options.producer, options.meta) == (25, 60, "wait", None, False)
    limits = json_yield.registry.limits
    assert (limits.streams, limits.per_client) == (1000, 16)


def test_the_one_object():
    assert repr(json_yield) == "rawwfile.json_yield"
    assert json_yield.NOTHING is NOTHING
    assert repr(NOTHING) == "json_yield.NOTHING"
    assert callable(current_poll)
    assert isinstance(json_yield.streams(), list)


def test_the_client_is_a_page():
    class Root:
        client_js = json_yield.client_js

    _, head, content = answer(PageTree(Root()), request_text("GET /client.js"))
    assert head[0] == "HTTP/1.1 200 OK"
    assert "Content-Type: text/javascript; charset=utf-8" in head
    assert b"globalThis.jsonYield =" in content


def test_answers_are_written_as_json_dumps_writes_them():
    assert compose("ready", as_list(["1", '"a"']), {"n": 1.5, "key": "\u00fc"}) == (
        '{"state": "ready", "content": [1, "a"], "n": 1.5, "key": "\\u00fc"}'
    )


def test_more_workers_than_one_are_warned_of_once(caplog):
    site = Site()
    site.settings = site.settings.__class__(workers=4)

    class Root:
        @site.json_yield
        def page(self):
            yield "a"

    site.serve(Root())
    site.poll("/page")
    site.poll("/page")
    assert caplog.text.count("live in one process, and there are --workers 4") == 1
