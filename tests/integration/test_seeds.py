"""The programs of the manuals that rawwfile comes from, natively: CherryPy 3, TurboGears2, Flask."""

from __future__ import annotations

import re
import signal
import sys
import threading
import urllib.request
from types import SimpleNamespace

import pytest

import rawwfile as cherrypy
from rawwfile import PageTree, expose, request
from rawwfile.adapters.load import load_target
from rawwfile.adapters.returned import Response, stream_with_context
from rawwfile.streaming import templates
from rawwfile.streaming.templates import stream_template
from tests.commands import CHECKOUT, running
from tests.live import PATIENCE

tg = SimpleNamespace(request=request)
"""What `import tg` gives that the manual uses."""


class Turns:
    """Lets a generator go on when the client has what it made: that is streaming, without a clock."""

    def __init__(self):
        self._may = threading.Semaphore(0)

    def wait(self):
        """Called by the generator where the manuals sleep."""
        assert self._may.acquire(timeout=PATIENCE), "the client did not get the piece before"

    def next(self):
        """Called by the test when a piece has come."""
        self._may.release()


@pytest.fixture
def turns():
    """The turns of generator and client."""
    return Turns()


# -- CherryPy 3 ------------------------------------------------------------------------------------


def manual_page(turns):
    """The class of CherryPy 3's page on streaming; there it has no `exposed`, and no place to wait."""

    def authorized():
        return cherrypy.request.params.get("who") == "me"

    class Root:
        def thing(self, who=None):
            cherrypy.response.headers["Content-Type"] = "text/plain"
            if not authorized():
                raise cherrypy.NotFound()

            def content():
                yield "Hello, "
                turns.wait()
                yield "world"

            return content()

        thing._cp_config = {"response.stream": True}
        thing.exposed = True

        @cherrypy.expose
        def collected(self):
            cherrypy.response.headers["Content-Type"] = "text/plain"
            yield "Hello, "
            yield "world"

        @cherrypy.expose
        def failing(self):
            yield "Hello, "
            raise ZeroDivisionError

    return Root


def test_cherrypy_streams_what_is_configured_to(serve, turns):
    live = serve(manual_page(turns)())
    with live.connect() as client:
        client.get("/thing?who=me")
        head = client.until(b"\r\n\r\n")
        assert b"Content-Type: text/plain\r\n" in head and b"Transfer-Encoding: chunked\r\n" in head
        assert client.until(b"Hello, \r\n") == b"7\r\nHello, \r\n"
        turns.next()
        assert client.until(b"0\r\n\r\n") == b"5\r\nworld\r\n0\r\n\r\n"
        found = client.fetch("/thing")  # NotFound, before there is a generator; the connection lives on
        assert found.status == 404 and found.get(b"Content-Length")


def test_cherrypy_collects_what_is_not(serve, turns):
    live = serve(manual_page(turns)())
    found = live.fetch("/collected")
    assert (found.body, found.get(b"Content-Length"), found.get(b"Transfer-Encoding")) == (b"Hello, world", b"12", None)
    assert live.fetch("/failing").status == 500


def test_cherrypy_class_and_application_defaults(serve):
    class Reports:
        _cp_config = {"response.stream": True}

        @cherrypy.expose
        def daily(self):
            yield "a"

        @cherrypy.expose
        def never(self):
            yield "a"

        never._cp_config = {"response.stream": False}

    class Root:
        reports = Reports()

        @cherrypy.expose
        def page(self):
            yield "a"

    def chunked(live, path):
        return live.fetch(path).get(b"Transfer-Encoding") == b"chunked"

    live = serve(Root())
    assert [chunked(live, path) for path in ("/page", "/reports/daily", "/reports/never")] == [False, True, False]
    live = serve(
        PageTree(Root(), config={"/": {"response.stream": True}, "/reports/daily": {"response.stream": False}})
    )
    assert [chunked(live, path) for path in ("/page", "/reports/daily", "/reports/never")] == [True, False, False]


def test_cherrypy_the_example(serve):
    live = serve(load_target(f"{CHECKOUT}/legacy_examples/cherrypy3_stream.py:root"))
    found = live.fetch("/thing?name=you")
    assert b"7\r\nHello, \r\n5\r\nworld\r\n0\r\n\r\n" in found.raw
    assert live.fetch("/thing").status == 404
    assert live.fetch("/collected").get(b"Content-Length") == b"12"


QUICKSTART = """
import rawwfile as cherrypy
from rawwfile.adapters.entries import config
from rawwfile.cli.quickstart import quickstart

class Root:
    @cherrypy.expose
    def page(self):
        yield "a"

config.update({"server.socket_port": 0})
quickstart(Root(), "/", {"/": {"response.stream": True}})
print("it returned", file=__import__("sys").stderr)
"""


def test_cherrypy_quickstart(tmp_path):
    (tmp_path / "site_of_one.py").write_text(QUICKSTART, "utf-8")
    with running("site_of_one.py", cwd=tmp_path, command=(sys.executable,)) as program:
        host, port = program.address()
        with urllib.request.urlopen(f"http://{host}:{port}/page", timeout=PATIENCE) as answer:
            assert answer.headers["Transfer-Encoding"] == "chunked" and answer.read() == b"a"
        assert program.stop(signal.SIGINT) == 0
    assert program.lines[-1] == "it returned"


BAD_STARTS = [
    ('"/blog", {}', 1, r"pages are served at /, not at /blog: hang them on a root, root\.blog = Pages\(\)"),
    ('"/", {"global": {"server.socket_port": "eighty"}}', 2, r"^rawwfile: .*server\.socket_port.*eighty"),
    ('"/", {"global": {"server.ssl_certificate": "no.pem"}}', 2, r"^rawwfile: .*no\.pem"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), BAD_STARTS)
def test_cherrypy_quickstart_that_cannot_be(tmp_path, arguments, code, message):
    program = f"from rawwfile.cli.quickstart import quickstart\nquickstart(object(), {arguments})\n"
    with running("-c", program, cwd=tmp_path, command=(sys.executable,)) as started:
        assert started.wait() == code
    assert re.search(message, started.lines[-1])
    assert (code == 2) is (len(started.lines) == 1)


# -- TurboGears2 -----------------------------------------------------------------------------------


def controller(turns):
    """The controller of TurboGears2's page on streaming."""

    class RootController:
        @expose(content_type="application/json")
        def stream_list(self):
            def output_pause():
                num = 0
                yield "["
                while num < 9:
                    num += 1
                    yield "%s, " % num
                    turns.wait()
                yield "10]"

            return output_pause()

        @expose(content_type="text/css")
        def stream(self):
            def output_pause():
                num = 0
                while num < 10:
                    num += 1
                    yield "%s/%s\n" % (tg.request.path_info, num)
                    tg.request.seen = num  # "you can freely read and write to them"

            return output_pause()

        @expose
        def collected(self):
            return iter("ab")

        @expose("json")
        def record(self, name):
            return {"name": name, "path": tg.request.path_info}

    return RootController()


def test_turbogears_streams_what_has_a_content_type(serve, turns):
    live = serve(controller(turns))
    with live.connect() as client:
        client.get("/stream_list")
        head = client.until(b"\r\n\r\n")
        assert b"Content-Type: application/json\r\n" in head and b"chunked" in head
        assert client.until(b"[\r\n")
        for number in range(1, 10):
            assert client.until(b"\r\n") and client.until(b"\r\n") == b"%d, \r\n" % number
            turns.next()
        assert client.until(b"0\r\n\r\n") == b"3\r\n10]\r\n0\r\n\r\n"


def test_turbogears_request_inside_the_generator(serve, turns):
    found = serve(controller(turns)).fetch("/stream")
    assert found.get(b"Transfer-Encoding") == b"chunked"
    assert found.body == b"".join(b"/stream/%d\n" % number for number in range(1, 11))


def test_turbogears_without_a_content_type_it_is_cherrypys_rule(serve, turns):
    assert serve(controller(turns)).fetch("/collected").get(b"Content-Length") == b"2"


def test_turbogears_a_dict_of_the_json_template(serve, turns):
    found = serve(controller(turns)).fetch("/record?name=a")
    assert (found.get(b"Content-Type"), found.body) == (b"application/json", b'{"name": "a", "path": "/record"}')


# -- Flask -----------------------------------------------------------------------------------------


class App:
    """The views of Flask's page on streaming, as pages."""

    def __init__(self, turns):
        self.turns = turns

    @expose
    def large_csv(self):
        def generate():
            for row in (("1", "a"), ("2", "b")):
                yield ",".join(row) + "\n"
                self.turns.wait()

        return Response(generate(), mimetype="text/csv")

    @expose
    def my_large_page_html(self):
        page = stream_template("the_template.html", rows=self.rows())
        page.enable_buffering(5)
        return Response(page)

    def rows(self):
        for number in range(10):
            if number in (3, 5, 8):
                self.turns.wait()
            yield number

    @expose
    def streamed_response(self, name):
        def generate():
            yield "Hello "
            yield request.params["name"]
            yield "!"

        return Response(stream_with_context(generate()))

    @expose
    async def awaited(self):
        return Response((piece for piece in "ab"), 201, {"X-A": "1"})

    @expose
    def not_there(self):
        return Response("gone", status=410)


def test_flask_streams_a_response(serve, turns):
    with serve(App(turns)).connect() as client:
        client.get("/large.csv")
        head = client.until(b"\r\n\r\n")
        assert b"Content-Type: text/csv; charset=utf-8\r\n" in head and b"chunked" in head
        for row in (b"1,a\n", b"2,b\n"):
            assert client.until(row + b"\r\n")
            turns.next()
        assert client.until(b"0\r\n\r\n") == b"0\r\n\r\n"


def test_flask_streams_a_template_in_pieces_of_five(serve, turns, tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "the_template.html").write_text("{% for row in rows %}{{ row }},{% endfor %}", "utf-8")
    monkeypatch.chdir(tmp_path)
    templates.configure(None)
    with serve(App(turns)).connect() as client:
        client.get("/my-large-page.html")
        assert b"Content-Type: text/html; charset=utf-8\r\n" in client.until(b"\r\n\r\n")
        # A row is two pieces, the number and the comma.
        for chunk in (b"0,1,2", b",3,4,", b"5,6,7", b",8,9,"):
            assert client.take(10) == b"5\r\n%b\r\n" % chunk
            turns.next()
        assert client.take(5) == b"0\r\n\r\n"


def test_flask_request_inside_the_generator(serve, turns):
    found = serve(App(turns)).fetch("/streamed_response?name=you")
    assert found.body == b"Hello you!" and found.get(b"Transfer-Encoding") == b"chunked"


def test_flask_status_fields_and_an_awaited_response(serve, turns):
    live = serve(App(turns))
    found = live.fetch("/awaited")
    assert (found.status, found.get(b"X-A"), found.body) == (201, b"1", b"ab")
    assert found.get(b"Transfer-Encoding") == b"chunked"
    assert live.fetch("/not_there").status == 410


def test_flask_the_example(serve):
    live = serve(load_target(f"{CHECKOUT}/legacy_examples/stream_template.py:root"))
    found = live.fetch("/large.csv")
    assert found.get(b"Transfer-Encoding") == b"chunked"
    assert found.body.splitlines()[-1] == b"1000,1000000"
    with live.connect() as client:
        client.get("/")
        assert b"<li>1,1\r\n" in client.until(b"2,4")
