"""rawwfile.adapters.entries: CherryPy 3's configuration of pages."""

from __future__ import annotations

import logging

import pytest

from rawwfile.adapters import entries
from rawwfile.adapters.entries import Config, config
from rawwfile.adapters.expose import expose
from rawwfile.adapters.pages import PageTree
from rawwfile.streaming.waits import stream
from tests.unit.wire import called


@pytest.fixture(autouse=True)
def forget():
    """What one test configures or logs is not there for the next."""
    yield
    config.clear()
    entries._reported.clear()


class Inner:
    _cp_config = {"response.stream": False, "response.headers.X-Inner": "yes"}

    @expose
    def plain(self):
        return "x"

    @expose
    def configured(self):
        return "x"

    configured._cp_config = {"response.stream": True}

    @expose
    @stream
    def marked(self):
        return "x"


class Site:
    _cp_config = {"response.stream": True, "response.headers.X-Site": "yes"}

    inner = Inner()

    @expose
    def index(self):
        return "x"

    @expose
    def page(self):
        return "x"

    @expose
    def off(self):
        return "x"

    off.stream = False

    @expose
    def default(self, *rest):
        return "x"

    default._cp_config = {"response.headers.X-Default": "yes"}


INHERITED = [
    # path, streamed, fields of the config
    ("/", True, {"X-Site"}),
    ("/page", True, {"X-Site"}),
    ("/off", False, {"X-Site"}),
    ("/nothing/at/all", True, {"X-Site", "X-Default"}),
    ("/inner/plain", False, {"X-Site", "X-Inner"}),
    ("/inner/configured", True, {"X-Site", "X-Inner"}),
    ("/inner/marked", True, {"X-Site", "X-Inner"}),
]


@pytest.mark.parametrize("row", INHERITED, ids=lambda row: row[0])
def test_pages_inherit_and_the_innermost_wins(row):
    path, streamed, fields = row
    response = called(PageTree(Site()), f"GET {path}").response
    assert response.stream is streamed
    assert {name for name in response.headers if name.startswith("X-")} == fields


def test_a_page_of_the_fast_path_inherits_every_time():
    app = PageTree(Site())
    assert [called(app, "GET /page").response.stream for _ in range(3)] == [True] * 3


def test_a_class_can_be_marked_with_the_decorator():
    @stream(flush=100)
    class Marked:
        @expose
        def page(self):
            return "x"

        @expose
        @stream(False)
        def off(self):
            return "x"

    app = PageTree(Marked())
    for _ in range(2):
        response = called(app, "GET /page").response
        assert (response.stream, response.flush) == (True, 100)
    assert called(app, "GET /off").response.stream is False


def test_pages_and_attributes_called_stream_are_no_default():
    class Root:
        flush = 5

        def __init__(self):
            self.stream = True

        @expose
        def page(self):
            return "x"

    class Other:
        @expose
        def stream(self):
            return "x"

        @expose
        def page(self):
            return "x"

    for app in (PageTree(Root()), PageTree(Other()), PageTree(Root(), config={"/": {}})):
        response = called(app, "GET /page").response
        assert "stream" not in response.__dict__ and "flush" not in response.__dict__


PATHS = {
    "/": {"response.stream": False, "response.headers.X-All": "1"},
    "/inner/": {"response.stream": True},
    "/page": {"response.stream": True},
    "/off": {"response.stream": True},
    "/a/b": {"response.stream": True, "response.headers.X-All": "2"},
}

BY_PATH = [
    # path, streamed, X-All
    ("/", False, "1"),
    ("/page", True, "1"),
    ("/off", True, "1"),
    ("/inner/plain", True, "1"),
    ("/inner//plain", True, "1"),
    ("/a", False, "1"),
    ("/a/b", True, "2"),
    ("/a/b/c", True, "2"),
    ("/a/bc", False, "1"),
]


@pytest.mark.parametrize("row", BY_PATH, ids=lambda row: row[0])
def test_config_of_a_path_holds_below_it_and_over_the_code(row):
    path, streamed, field = row
    response = called(PageTree(Site(), config=PATHS), f"GET {path}").response
    assert (response.stream, response.headers["X-All"]) == (streamed, field)


def test_the_global_config_is_below_everything():
    class Root:
        @expose
        def page(self):
            return "x"

        @expose
        def off(self):
            return "x"

        off.stream = False

    app = PageTree(Root())
    assert called(app, "GET /page").response.stream is False
    config.update({"global": {"response.stream": True}, "response.headers.X-All": "1"})
    assert called(app, "GET /page").response.stream is True
    assert called(app, "GET /off").response.stream is False
    assert called(PageTree(Root(), config={"/": {"response.stream": False}}), "GET /page").response.stream is False
    assert called(app, "GET /page").response.headers["X-All"] == "1"
    config["response.stream"] = False
    assert called(app, "GET /page").response.stream is False


def test_a_section_global_of_a_tree_is_for_all():
    PageTree(Site(), config={"global": {"server.socket_port": 8080}})
    assert config["server.socket_port"] == 8080


def test_the_type_of_the_decorator_is_over_the_config():
    class Root:
        @expose(content_type="text/csv")
        def page(self):
            return "x"

    app = PageTree(Root(), config={"/": {"response.headers.Content-Type": "text/plain"}})
    assert called(app, "GET /page").response.headers["Content-Type"] == "text/csv"


def test_keys_that_mean_nothing_are_named_once(caplog):
    class Root:
        _cp_config = {"tools.sessions.on": True, "response.stream": True}

        @expose
        def page(self):
            return "x"

    app = PageTree(Root(), config={"/": {"tools.gzip.on": True}})
    with caplog.at_level(logging.WARNING, "rawwfile"):
        for _ in range(3):
            assert called(app, "GET /page").response.stream is True
        config.update({"tools.gzip.on": False, "server.thread_pool": 9})
    assert [record.getMessage() for record in caplog.records] == [
        'config of /: the key "tools.gzip.on" means nothing to rawwfile; it is passed over',
        '_cp_config: the key "tools.sessions.on" means nothing to rawwfile; it is passed over',
    ]


BAD = [
    ({"response.stream": True}, TypeError, "config has a dict for each path"),
    ({"pages": {}}, ValueError, 'section "pages" is no path'),
]


@pytest.mark.parametrize(("sections", "error", "message"), BAD)
def test_config_that_is_none(sections, error, message):
    with pytest.raises(error, match=message):
        PageTree(Site(), config=sections)


def test_a_file_is_no_config():
    with pytest.raises(TypeError, match="takes a dict, not 'site.conf'; a file goes with rawwfile serve --config"):
        Config().update("site.conf")
