"""Quirks of 0.10 that applications rely on (spec 21.2): those of requests and responses."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from rawwfile.cherrypy.units import MODULES
from tests.cherrypy.served import serve


def root(*lines: str, before: str = "") -> str:
    """The text of a Root whose index has these lines."""
    return f"{before}\nCherryClass Root:\nview:\n    def index(self, **kw):\n" + "".join(
        f"        {line}\n" for line in lines
    )


def test_q10_errors_are_200_unless_the_application_says_otherwise(tmp_path: Path) -> None:
    site = serve(tmp_path, root("response.headerMap['status'] = '503 Later'", "return 1/0"))
    assert site.get("/nothing").status.split()[1] == "200"
    assert site.get("/").status == "HTTP/1.0 503 Later"


def test_q12_a_form_field_replaces_the_query_and_repeats_itself(tmp_path: Path) -> None:
    site = serve(tmp_path, root("return `request.paramMap['a']` + request.paramMap['b']"))
    assert site.post("/?a=0&b=q", "a=1&a=2").text == "['1', '2']q"


def test_q15_a_number_as_status_has_no_reason(tmp_path: Path) -> None:
    site = serve(tmp_path, root("response.headerMap['status'] = 302", "return ''"))
    # RFC 9112 section 4 wants the blank that 0.10 left out.
    assert site.get("/").status == "HTTP/1.0 302 "


def test_q16_get_path(tmp_path: Path) -> None:
    source = root("return self.getPath() + ' ' + self.getPath(0) + ' ' + one_two.getPath(0)") + "CherryClass One_two:\n"
    assert serve(tmp_path, source).get("/").text == "http://site.example/root /root /one/two"


def test_q17_one_instance_serves_everybody_and_hooks_set_attributes(tmp_path: Path) -> None:
    before = (
        "def initAfterBind():\n    request.connection = 'shared'\ndef initRequest():\n    request.mine = request.path\n"
    )
    source = root(
        "self.n = self.n + 1", "return '%s %s %d' % (request.connection, request.mine, self.n)", before=before
    )
    site = serve(tmp_path, source + "variable:\n    n = 0\n")
    assert [site.get("/index").text for _ in range(2)] == ["shared index 1", "shared index 2"]


def test_q19_bodies_of_a_special_function_follow_one_another(tmp_path: Path) -> None:
    main = "use A\ndef initServer():\n    root.seen.append('root')\n" + root("return `self.seen`")
    files = {
        "Root.cpy": main + "variable:\n    seen = []\n",
        "A.cpy": "def initServer():\n    root.seen.append('a')\n",
    }
    assert serve(tmp_path, files).get("/").text == "['a', 'root']"


def test_q20_original_param_map_is_the_same_object(tmp_path: Path) -> None:
    before = "def initRequest():\n    request.paramMap['b'] = '2'\n    request.path = 'other'\n"
    other = "    def other(self, **kw):\n        original = request.originalParamMap\n"
    other += "        return '%s %s %s' % (original['b'], request.originalPath, original is request.paramMap)\n"
    assert serve(tmp_path, root("return ''", before=before) + other).get("/first?a=1").text == "2 first True"


def test_q21_a_length_of_0_is_computed_after_every_hook(tmp_path: Path) -> None:
    before = "def initResponse():\n    response.body = response.body + '+'\n"
    before += "def initNonStaticResponse():\n    response.body = response.body + '*'\n"
    page = serve(tmp_path, root("return 'page'", before=before)).get("/")
    assert (page.text, page.get("content-length")) == ("page+*", "6")


def test_q22_string_exceptions_can_be_caught(tmp_path: Path) -> None:
    site = serve(tmp_path, root("try:", "    raise 'Error'", "except:", "    return 'caught'"))
    assert site.get("/").text == "caught"


def test_q24_modules_of_the_run_time_need_no_import(tmp_path: Path) -> None:
    site = serve(tmp_path, root(*MODULES, "return string.upper(urllib.quote('a b')) + `time.time() > 0`"))
    assert site.get("/").text == "A%20BTrue"


def test_q27_views_are_called_through_the_instance_names(tmp_path: Path) -> None:
    source = (
        root("return masks.red('x')")
        + 'CherryClass Masks hidden:\nmask:\n    def red(self, text):\n        <font color=red py-eval="text"></font>\n'
    )
    site = serve(tmp_path, source)
    assert site.get("/").text == "<font color=red>x</font>\n"
    assert site.get("/masks/red?text=x").text.startswith("CherryError: couldn't map URL")


def test_q28_streams_pass_by_headers_and_cookies(tmp_path: Path) -> None:
    site = serve(
        tmp_path,
        root(
            "response.simpleCookie['a'] = 'b'", "response.headerMap['x'] = 'y'",
            "response.wfile.write('HTTP/1.0 203 Mine\\r\\nA: b\\r\\n\\r\\n')", "for i in range(3):",
            "    response.wfile.write(chr(200 + i))", "response.sendResponse = 0", "return 'not sent'",
        ),
    )  # fmt: skip
    assert site.get("/").raw == b"HTTP/1.0 203 Mine\r\nA: b\r\n\r\n\xc8\xc9\xca"


def test_q28_a_stream_that_writes_nothing_sends_nothing(tmp_path: Path) -> None:
    page = serve(tmp_path, root("response.sendResponse = 0", "return ''")).get("/")
    assert page.raw == b"" and not page.exchange.keep


def test_q31_the_log_line_of_a_request(tmp_path: Path) -> None:
    site = serve(tmp_path, root("return ''"))
    site.get("/index?a=1")
    assert re.fullmatch(r"\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\] 192.0.2.9 - GET /index\?a=1 HTTP/1.1", site.log[-1])


def test_q33_the_body_goes_out_byte_for_byte(tmp_path: Path) -> None:
    page = serve(tmp_path, root("return ''.join(map(chr, range(256)))")).get("/")
    assert page.body == bytes(range(256))
    assert page.get("content-type") == "text/html"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("u'text'", "The mask or view returned a unicode string instead of a regular string !"),
        ("42", "The mask or view didn't return a string !"), ("None", "The mask or view didn't return a string !"),
        ("['a']", "The mask or view didn't return a string !"),
    ],
)  # fmt: skip
def test_f210_what_is_no_string_is_an_error(tmp_path: Path, value: str, text: str) -> None:
    assert serve(tmp_path, root(f"return {value}")).get("/").text == f"CherryError: {text}\n"


def test_on_error_sees_the_error_and_keeps_the_headers(tmp_path: Path) -> None:
    before = (
        "def onError():\n    import sys, traceback, StringIO\n    out = StringIO.StringIO()\n"
        "    traceback.print_exc(file=out)\n    response.body = str(sys.exc_info()[1]) + '|' + out.getvalue()\n"
        "    response.headerMap['status'] = '500 Mine'\n"
    )
    lines = ("response.headerMap['x'] = 'y'", "response.simpleCookie['a'] = '1'", "raise ValueError('boom')")
    page = serve(tmp_path, root(*lines, before=before)).get("/")
    assert page.status == "HTTP/1.0 500 Mine"
    assert page.get("x") == "y" and not page.all("set-cookie")
    assert page.text.startswith("boom|Traceback (most recent call last):\n")
    assert page.text.endswith('  File "Root.cpy", line 13, in index\nValueError: boom\n')
    # Before 3.11 sys.exc_info() keeps the traceback as it was when the error was caught.
    assert sys.version_info < (3, 11) or "cherrypy" not in page.text


@pytest.mark.parametrize(
    "before", ["def onError():\n    raise KeyError('again')\n", "def onError():\n    response.body = None\n"]
)
def test_an_on_error_that_fails_leaves_a_plain_page(tmp_path: Path, before: str) -> None:
    page = serve(tmp_path, root("raise ValueError('first')", before=before)).get("/")
    assert page.status == "HTTP/1.0 200 OK"
    assert page.get("Content-Type") == "text/plain"
    assert re.match("KeyError: 'again'|CherryError: The mask", page.text)


def test_the_old_name_of_the_session_has_a_page_of_its_own(tmp_path: Path) -> None:
    page = serve(tmp_path, root("return sessionMap['a']")).get("/")
    assert len(page.body) == 205
    assert page.text.startswith('CherryError:\n    Session data is now manipulated through "request.sessionMap"')


def test_a_deleted_status_leaves_a_plain_page(tmp_path: Path) -> None:
    page = serve(tmp_path, root("del response.headerMap['status']", "return 'x'")).get("/")
    assert (page.status, page.text) == ("HTTP/1.0 200 OK", "KeyError: 'status'\n")


def test_sys_exit_in_a_page_is_an_error_like_any_other(tmp_path: Path) -> None:
    assert serve(tmp_path, root("sys.exit(3)")).get("/").text == "SystemExit: 3\n"


def test_an_unset_attribute_is_an_attribute_error(tmp_path: Path) -> None:
    site = serve(tmp_path, root("return getattr(request, 'nothing', 'default') + `hasattr(response, 'nothing')`"))
    assert site.get("/").text == "defaultFalse"


def test_strict_errors_have_a_status(tmp_path: Path) -> None:
    site = serve(tmp_path, root("return 1/0"), config="[server]\nstrictErrors=1\n")
    assert site.get("/nothing").status == "HTTP/1.0 404 Not Found"
    assert site.get("/").status == "HTTP/1.0 500 Internal Server Error"


def test_f220_output_without_the_flag_is_followed_by_the_page(tmp_path: Path) -> None:
    lines = ("response.wfile.write('HTTP/1.0 200 OK\\r\\n\\r\\nby hand ')", "return 'page'")
    page = serve(tmp_path, root(*lines)).get("/")
    assert page.raw.startswith(b"HTTP/1.0 200 OK\r\n\r\nby hand HTTP/1.0 200 OK\r\n")
    assert page.raw.endswith(b"\r\n\r\npage") and not page.exchange.keep


def test_a_header_map_may_be_a_plain_dict(tmp_path: Path) -> None:
    line = "response.headerMap = {'status': '201 Made', 'Content-Type': 'text/css', 'content-length': 0}"
    page = serve(tmp_path, root(line, "return 'page'")).get("/")
    assert (page.status, page.get("content-type"), page.get("content-length")) == ("HTTP/1.0 201 Made", "text/css", "4")


def test_q32_the_text_of_a_mapping_error_stands_once_in_a_traceback(tmp_path: Path) -> None:
    before = (
        "def onError():\n    import traceback, StringIO\n    out = StringIO.StringIO()\n"
        "    traceback.print_exc(file=out)\n    response.body = out.getvalue()\n"
    )
    page = serve(tmp_path, root("return ''", before=before)).get("/nothing")
    assert page.text.rstrip("\n").rpartition("\n")[2].startswith("CherryError: couldn't map URL")


def test_whatever_fails_last_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    serve(tmp_path, root("raise ValueError('first')", before="def onError():\n    raise KeyError('again')\n")).get("/")
    told = [record.exc_info[0] for record in caplog.records if record.exc_info]
    assert told == [ValueError, KeyError]
