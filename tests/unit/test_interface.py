"""rawwfile.adapters.interface: telling pages, WSGI and ASGI apart."""

from __future__ import annotations

import functools
import sys
import types

import pytest

from rawwfile.adapters.asgi import AsgiApplication
from rawwfile.adapters.expose import expose
from rawwfile.adapters.interface import application_for, instance_of_pages
from rawwfile.adapters.pages import PageTree
from rawwfile.adapters.wsgi import WsgiApplication
from rawwfile.errors import TargetError
from rawwfile.exchange.context import request as request_proxy


class Pages:
    @expose
    def index(self):
        return "index"


class PagesCallable(Pages):
    """The call takes two arguments, but the pages say what it is."""

    def __call__(self, *arguments):
        return arguments


class Nested:
    def __init__(self):
        self.a = types.SimpleNamespace(b=types.SimpleNamespace(c=Pages()))
        self.loop = self
        self.request = request_proxy

    @property
    def runs(self):
        raise AssertionError("a property was run")


class Framework:
    """Like a WSGI framework's object: a call of two arguments, and pages somewhere inside."""

    def __init__(self):
        self.root = Pages()

    def __call__(self, environ, start_response):
        return []


class WsgiClass:
    def __init__(self, environ, start_response):
        pass


class Configured(Pages):
    def __init__(self, one=1, two=2):
        pass


def wsgi_function(environ, start_response):
    return []


@expose
def exposed_function(a=None, b=None):
    return "page"


def no_arguments():
    return Pages()


async def asgi(scope, receive, send):
    return None


async def asynchronous(a, b):
    return None


def old_asgi(scope, receive, send):
    return None


class AsyncFramework:
    """Like an ASGI framework's object."""

    async def __call__(self, scope, receive, send):
        return None


class AsyncPages(Pages):
    """The call is one of ASGI, but the pages say what it is."""

    async def __call__(self, scope, receive, send):
        return None


@expose
async def exposed_coroutine(a=1, b=2, c=3):
    return "page"


def own(exchange):
    return None


own.rawwfile_application = True
numbered = types.SimpleNamespace(page=Pages())
vars(numbered)[5] = "no name"
bound_on_instance = types.SimpleNamespace(page=Pages().index)
KINDS = [
    (Pages(), PageTree),
    (Pages, PageTree),
    (Configured, PageTree),
    (PagesCallable(), PageTree),
    (Nested(), PageTree),
    (exposed_function, PageTree),
    (bound_on_instance, PageTree),
    (numbered, PageTree),
    (types.SimpleNamespace(page=staticmethod(exposed_function)), PageTree),
    (Framework(), WsgiApplication),
    (wsgi_function, WsgiApplication),
    (lambda *args: [], WsgiApplication),
    (functools.partial(lambda a, b, c: [], 1), WsgiApplication),
    (Framework().__call__, WsgiApplication),
    (WsgiClass, WsgiApplication),
    (asgi, AsgiApplication),
    (AsyncFramework(), AsgiApplication),
    (AsyncFramework().__call__, AsgiApplication),
    (AsyncPages(), PageTree),
    (exposed_coroutine, PageTree),
]


@pytest.mark.parametrize(("target", "kind"), KINDS)
def test_auto_tells_what_it_is(target, kind):
    assert type(application_for(target)) is kind


def test_the_attribute_of_a_class_that_the_search_finds_is_reachable():
    assert application_for(Pages).root.index() == "index"
    assert application_for(wsgi_function).app is wsgi_function


@pytest.mark.parametrize("target", [own, PageTree(Pages()), WsgiApplication(wsgi_function)])
@pytest.mark.parametrize("interface", ["auto", "pages", "wsgi", "asgi"])
def test_an_application_of_rawwfile_is_taken_as_it_is(target, interface):
    assert application_for(target, interface) is target


class Unreadable:
    """A callable whose signature nobody can tell."""

    __signature__ = "none"

    def __call__(self, *arguments):
        return []


unreadable = Unreadable()
REFUSED = [
    (5, "the target is an int object: no WSGI or ASGI application, and nothing on it is marked with @expose. Choose"),
    ({}, "the target is a dict object"),
    (unreadable, "the target is an Unreadable object"),
    (object(), "the target is an object object"),
    (sys, "the target is the module sys"),
    (no_arguments, "the function no_arguments(), perhaps a factory: call it in the module: no WSGI"),
    (old_asgi, "the function old_asgi(scope, receive, send), which looks like ASGI without async: no WSGI"),
    (asynchronous, "the function asynchronous(a, b), which is async; an ASGI application takes (scope, "),
    (AsyncFramework, "the target is an AsyncFramework object"),
    (types.SimpleNamespace(exposed=True), "the target is a SimpleNamespace object"),
    (types.SimpleNamespace(_hidden=Pages()), "the target is a SimpleNamespace object"),
    (types.SimpleNamespace(inside=Pages), "the target is a SimpleNamespace object"),
    pytest.param(request_proxy, "the target is a _Proxy object", id="proxy"),
]


@pytest.mark.parametrize(("target", "message"), REFUSED)
def test_what_is_neither_is_refused_and_described(target, message):
    with pytest.raises(TargetError) as raised:
        application_for(target)
    assert message in str(raised.value)
    assert "--interface" in str(raised.value)


def test_a_chosen_interface_is_not_doubted():
    class Dynamic:
        def __getattr__(self, name):
            return exposed_function

    assert type(application_for(Dynamic(), "pages")) is PageTree
    assert type(application_for(no_arguments, "wsgi")) is WsgiApplication
    assert type(application_for(unreadable, "wsgi")) is WsgiApplication
    assert type(application_for(PagesCallable(), "wsgi")) is WsgiApplication
    assert type(application_for(PagesCallable(), "asgi")) is AsgiApplication
    with pytest.raises(TargetError, match="can be called, and the target is an int object"):
        application_for(5, "wsgi")
    with pytest.raises(TargetError, match="a root must be an instance, and the target is the class WsgiClass"):
        application_for(WsgiClass, "pages")
    with pytest.raises(TargetError, match="an ASGI application can be called, and the target is a Pages object"):
        application_for(Pages(), "asgi")
    with pytest.raises(TargetError, match='interface must be auto, pages, wsgi or asgi, not "cgi"'):
        application_for(Pages(), "cgi")


def test_a_class_that_cannot_be_made_is_refused():
    class Needs:
        def __init__(self, one):
            pass

    with pytest.raises(TargetError, match="making an instance of Needs failed: TypeError"):
        application_for(Needs)
    assert instance_of_pages(5) == 5
