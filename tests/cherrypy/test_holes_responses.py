"""Holes of 0.10 that must not come back (spec 21.1): what goes out, whatever the application does."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.cherrypy.served import Served, serve

PAGE = """
CherryClass Root:
variable:
    kept = []
view:
    def index(self):
        {code}
        return 'page'
    def next(self):
        return repr([getattr(request, 'mine', None), response.headerMap.get('x-evil'), response.simpleCookie.keys()])
    def use(self):
        self.kept[-1].write('EVIL')
        return 'written'
    def read(self):
        return self.kept[-1].read()
"""
CLEAN = "[None, None, []]"


SETTERS = [
    "response.headerMap['x'] = 'a' + evil", "response.headerMap.update({'x' + evil: 'a'})",
    "response.headerMap.setdefault('x', 'a' + evil)", "response.headerMap['x'] = ['a', 'b' + evil]",
    "response.headerMap['set-cookie'].append('a=b' + evil)", "response.headerMap['status'] = '200 OK' + evil",
    "response.headerMap['protocolVersion'] = 'HTTP/1.1 200 OK' + evil",
    "response.headerMap['content-length'] = '4' + evil", "response.headerMap['content-type'] = u'a' + evil",
    "response.headerMap = {'status': '200 OK', 'x' + evil: 'a'}", "response.headerMap = {'status': '200 OK' + evil}",
    "response.headerMap = {'status': '200 OK', 'x': 'a' + evil}", "dict.update(response.headerMap, {'x' + evil: 'a'})",
    "dict.__setitem__(response.headerMap, 'x', 'a' + evil)", "response.simpleCookie['a'] = 'b' + evil",
    "response.simpleCookie['a'] = 'b'; response.simpleCookie['a']['path'] = '/' + evil",
    "response.simpleCookie['a'] = 'b'; response.simpleCookie['a']['comment'] = '/' + evil",
    "response.simpleCookie['a'] = 'b'; response.simpleCookie['a']['expires'] = 'x' + evil",
    "response.simpleCookie['a'] = 'b'; response.simpleCookie['a']['domain'] = '/' + evil",
]  # fmt: skip


DAMAGE = [
    "raise SystemExit", "raise KeyboardInterrupt", "raise GeneratorExit", "raise StopIteration", "raise MemoryError",
    "import thread; thread.exit()", "f = lambda f: f(f); f(f)", "response.headerMap = None", "del response.headerMap",
    "response.headerMap.clear()", "response.headerMap['status'] = None", "response.headerMap['status'] = 100",
    "response.headerMap['x'] = u'\\u20ac'", "response.simpleCookie = 5", "del response.simpleCookie",
    "response.simpleCookie['a'] = u'\\u20ac'", "response.wfile.write(u'\\u20ac')", "return 5", "return None",
    "return u'\\u20ac'", "return (c for c in 'abc')",
]  # fmt: skip


def page(folder: Path, code: str, config: str = "") -> Served:
    """A site whose first page runs one line."""
    return serve(folder, PAGE.replace("{code}", code), config=config)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A site with a page for each line of SETTERS and DAMAGE."""
    views = [
        f"    def {name_of(code)}(self, evil=''):\n        request.mine = 1\n        {code}\n        return 'page'\n"
        for code in SETTERS + DAMAGE
    ]
    return serve(tmp_path_factory.mktemp("pages"), PAGE.replace("{code}", "pass") + "".join(views))


def name_of(code: str) -> str:
    """The name of the page that runs a line."""
    return f"p{(SETTERS + DAMAGE).index(code)}"


@pytest.mark.parametrize("setter", SETTERS)
def test_h08_no_setter_adds_a_line(pages: Served, setter: str) -> None:
    for line_end in ("%0d%0a", "%0a", "%0d"):
        first = pages.get(f"/{name_of(setter)}?evil={line_end}X-Evil:%201")
        head = first.raw.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"")
        assert first.get("x-evil") is None and b"\r" not in head and b"\n" not in head
        assert pages.get("/next").text == CLEAN


@pytest.mark.parametrize("code", DAMAGE)
def test_whatever_a_view_does_is_answered_and_told_and_gone(
    pages: Served, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    first = pages.get(f"/{name_of(code)}")
    assert first.status.startswith("HTTP/1.0 ") and first.body and first.body != b"page"
    assert b"Root.cpy" not in first.raw and b"Traceback" not in first.raw
    # Whoever reads the log sees which page it was.
    assert caplog.records
    assert all(f"GET /{name_of(code)}: Root.{name_of(code)} (" in each.getMessage() for each in caplog.records)
    assert pages.get("/next").text == CLEAN


@pytest.mark.parametrize(
    "code", ["response.wfile.close()", "response.wfile.write('')", "response.wfile.flush()", "request.rfile.close()"]
)
def test_a_view_may_close_what_it_was_given(tmp_path: Path, code: str) -> None:
    hook = "def initRequestBeforeParse():\n    request.parsePostData = 0\n"
    site = serve(tmp_path, hook + PAGE.replace("{code}", code))
    assert site.post("/", "a=1").text == "page"
    assert site.get("/next").text == CLEAN


def test_what_one_visitor_was_given_is_of_no_use_to_the_next(tmp_path: Path) -> None:
    hook = "def initRequestBeforeParse():\n    request.parsePostData = 0\n"
    for name, path in (("response.wfile", "/use"), ("request.rfile", "/read")):
        site = serve(tmp_path, hook + PAGE.replace("{code}", f"self.kept.append({name})"))
        assert site.post("/", "secret").text == "page"
        assert "is closed" in site.get(path).text
        assert b"EVIL" not in site.get("/next").raw


def test_a_thread_of_the_application_has_no_request(tmp_path: Path) -> None:
    site = serve(
        tmp_path,
        """
        import threading
        CherryClass Root:
        view:
            def index(self):
                request.mine = 'hers'
                seen = []
                def look():
                    for state in (request, response):
                        seen.extend(state.__dict__.keys())
                    request.mine = 'of the thread'
                thread = threading.Thread(target=look)
                thread.start()
                thread.join()
                return repr([seen, request.mine])
        """,
    )
    assert site.get("/").text == "[[], 'hers']"


HOOKS = ["initRequest", "initNonStaticRequest", "initResponse", "initNonStaticResponse", "logMessage"]


@pytest.mark.parametrize("hook", HOOKS)
def test_h10_h14_a_hook_that_fails_is_one_line(tmp_path: Path, hook: str, caplog: pytest.LogCaptureFixture) -> None:
    words = "message, level=0" if hook == "logMessage" else ""
    fails = "if message.find(' - GET ') > 0: " if words else ""
    site = serve(tmp_path, f"def {hook}({words}):\n    {fails}raise RuntimeError('broken')\n{PAGE}")
    assert site.get("/next").text == "RuntimeError: broken\n"
    assert len(caplog.records) == 1


def test_h10_h12_nothing_of_the_visitor_moves_the_cursor_of_who_reads_the_log(tmp_path: Path) -> None:
    from rawwfile.cli.logs import ShortLines

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            site.log.append(self.format(record))

    handler = Lines()
    handler.setFormatter(ShortLines())
    site = page(tmp_path, "raise ValueError(request.paramMap.get('a'))")
    logging.getLogger("rawwfile").addHandler(handler)
    try:
        site.raw(b"GET /\x9b31m\x85?a=%1b%5b2J%0aGET%20/faked HTTP/1.0\r\n\r\n")
        site.ask("POST", "/?a=%1b[2J", "Content-Length: 0", "Referer: \x9bx")
    finally:
        logging.getLogger("rawwfile").removeHandler(handler)
    told = "".join(site.log)
    assert r"GET /\x9b31m\x85?a=" in told and not set(told) & {"\x1b", "\x9b", "\x85"}


def test_h03_a_page_is_not_kept_for_who_asked_for_a_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("whole file")
    hook = "import time\ndef initRequest():\n    request.cacheKey = 'k'\n    request.cacheExpire = time.time() + 1000\n"
    config = f"[server]\nprotocolVersion=HTTP/1.1\n[staticContent]\na.txt={tmp_path}/a.txt\n"
    site = serve(tmp_path, hook + PAGE.replace("{code}", "pass"), config=config)
    date = site.ask("HEAD", "/a.txt").get("last-modified")
    site.application.cache.forget_all()
    for field in ("Range: bytes=0-1", f"If-Modified-Since: {date}", "Range: bytes=90-"):
        site.get("/a.txt", field)
    assert site.get("/a.txt").text == "whole file"


def test_h07_flags_are_those_of_every_cookie_of_a_session(tmp_path: Path) -> None:
    config = "[server]\nsiteKey=k\n[session]\nstorageType=cookie\ncookieFlags=HttpOnly, SameSite=Lax, Secure\n"
    lines = page(tmp_path, "pass", config=config).get("/").all("set-cookie")
    assert [line.partition("=")[0] for line in lines] == ["CSession", "CSession-sig", "CherryPySession"]
    assert all({"HttpOnly", "SameSite=Lax", "Secure"} <= set(line.split("; ")) for line in lines)
