"""Holes of 0.10 that must not come back (spec 21.1): those of requests and responses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cherrypy.served import serve

ECHO = """
CherryClass Root:
view:
    def index(self, **kw):
        return 'index'
    def names(self):
        names = request.__dict__.keys() + response.__dict__.keys()
        names.sort()
        return ' '.join(names)
    def set(self):
        request.login = 'anna'
        response.mine = 'hers'
        request.cacheKey = ''
        return 'set'
    def fail(self):
        raise ValueError('broken')
    def unmapped(self):
        return undefined
"""


def test_h03_h04_nothing_of_a_request_is_left_for_the_next(tmp_path: Path) -> None:
    site = serve(tmp_path, ECHO)
    before = site.get("/names").text
    site.get("/set")
    assert site.get("/names").text == before


def test_h03_a_cache_key_does_not_outlive_its_request(tmp_path: Path) -> None:
    site = serve(
        tmp_path,
        """
        import time
        def initRequest():
            if request.path == 'hers':
                request.cacheKey = 'k'
                request.cacheExpire = time.time() + 1000
        CherryClass Root:
        view:
            def hers(self):
                return 'hers'
            def mine(self):
                return 'mine'
        """,
    )
    assert [site.get(path).text for path in ("/hers", "/mine", "/hers")] == ["hers", "mine", "hers"]


def test_h04_on_error_without_a_body_shows_nobody_elses_page(tmp_path: Path) -> None:
    source = (
        """
def onError():
    pass
"""
        + ECHO
    )
    site = serve(tmp_path, source)
    assert site.get("/").text == "index"
    assert site.get("/fail").body == b""


@pytest.mark.parametrize("model", ["", "threading=1"])
@pytest.mark.parametrize("code", ["request.sessionMap['a'] = 1", "request.sessionMap = {}", "x = request.sessionMap"])
def test_h05_without_sessions_reading_and_assigning_say_so(tmp_path: Path, model: str, code: str) -> None:
    source = f"CherryClass Root:\nview:\n    def index(self):\n        {code}\n        return 'never'\n"
    site = serve(tmp_path, source, config=f"[server]\n{model}\n")
    page = site.get("/")
    start = "" if model else "CherryError:\n    "
    said = "You are trying to use sessions but sessions are not enabled in the config file."
    assert page.text.startswith(start + said)
    assert page.get("content-type") == "text/plain"


@pytest.mark.parametrize(
    "code",
    [
        "response.headerMap['x'] = 'a\\r\\nSet-Cookie: b=c'", "response.headerMap['a: b\\r\\nx'] = '1'",
        "response.headerMap['set-cookie'].append('a=1\\nX: y')", "response.headerMap['status'] = '200 OK\\r\\nX: y'",
    ],
)  # fmt: skip
def test_h08_no_header_is_smuggled_in(tmp_path: Path, code: str) -> None:
    site = serve(tmp_path, f"CherryClass Root:\nview:\n    def index(self):\n        {code}\n        return 'page'\n")
    page = site.get("/")
    assert page.get("x") is None and not page.all("set-cookie")
    assert "ValueError" in page.text


def test_h08_a_cookie_value_with_a_line_break_stays_in_its_line(tmp_path: Path) -> None:
    code = "response.simpleCookie['a'] = request.paramMap['v']"
    site = serve(
        tmp_path, f"CherryClass Root:\nview:\n    def index(self, v):\n        {code}\n        return 'page'\n"
    )
    assert site.get("/?v=x%0d%0aX-Evil:%20y").all("set-cookie") == [r'a="x\015\012X-Evil: y"']


ADDRESS = """
CherryClass Root:
view:
    def index(self):
        return request.headerMap.get('remote-addr', 'none')
"""


def test_h09_a_client_does_not_say_where_it_is(tmp_path: Path) -> None:
    site = serve(tmp_path, ADDRESS)
    assert site.get("/", "Remote-Addr: 10.0.0.1").text == "192.0.2.9"
    assert site.log[-1].split("] ")[1].startswith("192.0.2.9 - GET / ")


def test_h09_but_who_speaks_for_it_on_a_unix_socket_does(tmp_path: Path) -> None:
    site = serve(tmp_path, ADDRESS)
    assert site.get("/", "Remote-Addr: 10.0.0.1", peer=("", 0)).text == "10.0.0.1"
    assert site.get("/", peer=("", 0)).text == "none"


def test_h10_the_page_of_an_error_is_one_line_and_the_log_has_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = serve(tmp_path, ECHO).get("/fail")
    assert page.text == "ValueError: broken\n"
    text = caplog.records[-1].exc_text or caplog.text
    assert 'File "Root.cpy", line 16, in fail' in text


def test_h10_a_debug_build_shows_the_traceback(tmp_path: Path) -> None:
    page = serve(tmp_path, ECHO, debug=True).get("/fail")
    assert page.text.startswith('Traceback (most recent call last):\n  File "Root.cpy", line 16, in fail\n')
    assert page.text.endswith("\nValueError: broken\n")


def test_h13_head_has_headers_and_no_body(tmp_path: Path) -> None:
    page = serve(tmp_path, ECHO).ask("HEAD", "/")
    assert (page.body, page.get("content-length")) == (b"", "5")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/xml"])
def test_h14_a_post_of_another_type_reaches_the_page(tmp_path: Path, kind: str) -> None:
    assert serve(tmp_path, ECHO).post("/?a=1", "{}", f"Content-Type: {kind}").text == "index"


def test_h14_a_fault_before_the_form_is_read_is_answered(tmp_path: Path) -> None:
    source = (
        """
def initRequestBeforeParse():
    raise RuntimeError('too early')
"""
        + ECHO
    )
    assert serve(tmp_path, source).post("/", "a=1").text == "RuntimeError: too early\n"


def test_h15_a_form_past_the_limit_is_413(tmp_path: Path) -> None:
    page = serve(tmp_path, ECHO, config="[server]\nlimit_form=10\n").post("/", "a=" + "x" * 20)
    assert page.status.split()[1] == "413"


@pytest.mark.parametrize("ending", ["", "return None", "raise ValueError('late')", "return 42"])
def test_h29_nothing_is_added_to_a_streamed_response(tmp_path: Path, ending: str) -> None:
    source = f"""
CherryClass Root:
view:
    def index(self):
        response.wfile.write('HTTP/1.0 200 OK\\r\\n\\r\\nmine')
        response.sendResponse = 0
        {ending}
"""
    assert serve(tmp_path, source).get("/").raw == b"HTTP/1.0 200 OK\r\n\r\nmine"


def test_h29_nor_where_the_flag_was_not_set_before_the_failure(tmp_path: Path) -> None:
    source = """
CherryClass Root:
view:
    def index(self):
        response.wfile.write('HTTP/1.0 200 OK\\r\\n\\r\\nmine')
        raise ValueError('late')
"""
    assert serve(tmp_path, source).get("/").raw == b"HTTP/1.0 200 OK\r\n\r\nmine"


def test_h30_one_content_type(tmp_path: Path) -> None:
    code = "response.headerMap['Content-Type'] = 'text/css'"
    site = serve(tmp_path, f"CherryClass Root:\nview:\n    def index(self):\n        {code}\n        return 'page'\n")
    assert site.get("/").all("content-type") == ["text/css"]


def test_h32_a_class_named_like_a_module_of_ours_breaks_nothing(tmp_path: Path) -> None:
    names = ("Time", "String", "Os", "Cgi", "Socket", "Threading", "Request1")
    classes = "".join(f"CherryClass {name}:\nview:\n    def index(self):\n        return '{name}'\n" for name in names)
    site = serve(tmp_path, classes)
    assert [site.get(f"/{name[0].lower()}{name[1:]}").text for name in names] == list(names)


def test_h34_an_old_client_needs_no_host(tmp_path: Path) -> None:
    source = "CherryClass Root:\nview:\n    def index(self):\n        return request.base\n"
    assert serve(tmp_path, source).raw(b"GET / HTTP/1.0\r\n\r\n").text == "http://192.0.2.1:8000"


def test_h38_a_static_file_changed_by_init_response_has_its_true_length(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("file")
    source = """
def initResponse():
    response.body = response.body + ' and more'
CherryClass Root:
"""
    page = serve(tmp_path, source, config=f"[staticContent]\na.txt={tmp_path}/a.txt\n").get("/a.txt")
    assert (page.text, page.get("content-length")) == ("file and more", "13")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "BREW"])
def test_other_methods_are_501_and_logged_as_they_were(tmp_path: Path, method: str) -> None:
    site = serve(tmp_path, ECHO)
    assert site.ask(method, "/x").status.split()[1] == "501"
    first, second = site.log[-2:]
    assert first.startswith("192.0.2.9 - - [") and first.endswith(
        f"] code 501, message Unsupported method ('{method}')\n"
    )
    assert second.endswith(f'] "{method} /x HTTP/1.1" 501 -\n')


def test_an_on_error_may_write_its_page_by_hand(tmp_path: Path) -> None:
    source = (
        """
def onError():
    response.wfile.write('HTTP/1.0 500 Mine\\r\\n\\r\\nby hand')
    response.sendResponse = 0
"""
        + ECHO
    )
    page = serve(tmp_path, source).get("/fail")
    assert page.raw == b"HTTP/1.0 500 Mine\r\n\r\nby hand" and not page.exchange.cut


def test_an_error_after_the_flag_and_before_any_byte_has_a_page(tmp_path: Path) -> None:
    source = """
CherryClass Root:
view:
    def index(self):
        response.sendResponse = 0
        return undefined
"""
    assert serve(tmp_path, source).get("/").text == "NameError: name 'undefined' is not defined\n"
