"""The login modules: their pages with cookies and sessions, and the holes that were mended (H21, H22, H39)."""

from __future__ import annotations

import base64
import threading

import pytest

from tests.cherrypy.lib_kit import BASE, App, module

CLUB = """\
use CookieAuthenticate
CherryClass Club(CookieAuthenticate):
function:
    def getPasswordListForLogin(self, login):
        return {'ann': ['secret', 'other'], 'bob': ['b1']}.get(login, [])
view:
    def index(self):
        return 'welcome ' + self.login
"""
MEMBERS = """\
use CookieSessionAuthenticate
CherryClass Root(CookieSessionAuthenticate):
view:
    def index(self):
        return 'hello ' + request.login
"""
VAULT = """\
use HttpAuthenticate
CherryClass Root(HttpAuthenticate):
function:
    def getPasswordListForLogin(self, login):
        return {'ann': ['a:b'], 'one': 'single'}.get(login, [])
view:
    def index(self):
        return 'hi ' + self.login
"""
LOGIN = "login=ann&password=secret&fromPage="


@pytest.fixture
def club(tmp_path):
    return App(tmp_path, CLUB, configuration="[server]\nsiteKey = k1\n")


def logged_in(app, **named):
    """Log in and return the cookies that the browser then sends."""
    page = app.get("/club/doLogin", form=LOGIN, **named)
    assert page.headers["status"] == 302
    return {name: morsel.value for name, morsel in page.cookies.items()}


def test_a_login_sets_three_cookies_and_leads_back(club):
    page = club.get("/club/doLogin", form=LOGIN + "inner%3Fx%3D5")
    assert page.headers["location"] == "inner?x=5"
    assert page.body == "<html><body>Nobody should see that</body></html>"
    assert sorted(page.cookie_lines) == ["CherryDate", "CherryLogin", "CherryPassword"]
    for line in page.cookie_lines.values():
        del line["value"]
        assert line == {"path": "/", "max-age": "31536000", "version": "1"}


def test_cookies_of_a_login_open_the_pages_and_are_renewed(club):
    page = club.get("/club/index", cookies=logged_in(club))
    assert page.body == "welcome ann"
    assert sorted(page.cookies) == ["CherryDate", "CherryPassword"]


def test_a_password_that_is_none_of_several_is_wrong(club):
    page = club.get("/club/doLogin?login=ann&password=b1&fromPage=x")
    assert "Message: Wrong login/password\n" in page.body
    assert 'value="ann"' in page.body
    assert not page.cookies


def test_a_logout_empties_the_password_cookie(club):
    page = club.get("/club/doLogout", cookies=logged_in(club))
    assert (page.headers["location"], page.body) == (f"{BASE}/club/logoutScreen", "")
    assert page.cookie_lines["CherryPassword"]["max-age"] == "0"


@pytest.mark.parametrize("change", [{"CherryLogin": "bob"}, {"CherryPassword": ""}, {"CherryPassword": "0" * 64}])
def test_changed_cookies_are_refused(club, change):
    assert "Message: No cookie" in club.get("/club", cookies={**logged_in(club), **change}).body


@pytest.mark.parametrize("date", ["1000", "abc", "", "-5", "99999999999", "1e9", "\u0661"])
def test_dates_out_of_range_time_out(club, date):
    assert "Message: Session timed out" in club.get("/club", cookies={**logged_in(club), "CherryDate": date}).body


def test_password_cookies_need_the_key_of_the_server(club, tmp_path):
    cookies = logged_in(club)
    again = App(tmp_path, CLUB, configuration="[server]\nsiteKey = k1\n")
    other = App(tmp_path, CLUB, configuration="[server]\nsiteKey = k2\n")
    assert again.get("/club", cookies=cookies).body == "welcome ann"
    assert "No cookie" in other.get("/club", cookies=cookies).body


def test_without_a_site_key_there_is_one_for_the_process(tmp_path):
    app = App(tmp_path, CLUB)
    assert app.get("/club", cookies=logged_in(app)).body == "welcome ann"


def test_the_parts_of_a_signature_cannot_be_shifted():
    sign = module("logins").signature
    assert sign(None, "ann1", "2", "p") != sign(None, "ann", "12", "p")


def test_login_is_that_of_the_request_alone(club):
    """Another thread's request, in the middle of this one, sees and changes nothing of it."""
    assert club.get("/club", cookies=logged_in(club)).body == "welcome ann"
    instance = club.names["club"]
    seen = []

    def index(self):
        other = threading.Thread(target=lambda: seen.append(club.get("/club/loginScreen?message=m&fromPage=f").error))
        self.login = "ann"
        other.start()
        other.join()
        seen.append(self.login)
        return ""

    type(instance).index = index
    club.get("/club")
    assert seen == ["", "ann"]
    assert instance.login == ""
    assert type(instance).login == ""


@pytest.mark.parametrize(
    "page",
    ["http://other.test/", "//other.test/", "\\\\other.test", "/\\other.test", "https:other.test", "http:/other.test",
     "http:///other.test", "javascript:alert(1)", " //other.test", "\t//other.test", "/\t/other.test", "///other.test",
     "http://oracle.test:8000@other.test/", "http://oracle.test:8000.other.test", "data:text/html,x", "x\r\ny: z",
     "HTTP://OTHER.test", "http://oracle.test/"],
)  # fmt: skip
def test_a_login_leads_to_no_other_host(club, page):
    with pytest.raises(Exception, match="loginHosts = ") as caught:
        module("logins").way_back(page, BASE, club.names["club"])
    assert type(caught.value).__name__ == "CherryError"
    assert "CherryClass Club" in str(caught.value)


@pytest.mark.parametrize("page", ["", "index", "/a/b?x=1&y=http://other.test", "?x=1", "a?b=c:d", f"{BASE}/club", BASE,
                                  "https://oracle.test:8000/x", "//oracle.test:8000/x", "#top"])  # fmt: skip
def test_a_login_leads_back_to_this_host(club, page):
    assert module("logins").way_back(page, BASE, club.names["club"]) == page


def test_an_application_may_allow_another_host(tmp_path):
    app = App(tmp_path, CLUB + "variable:\n    loginHosts = ['other.test']\n")
    page = app.get("/club/doLogin", form=LOGIN + "http://other.test/x")
    assert page.headers["location"] == "http://other.test/x"


def test_a_refused_way_back_logs_nobody_in(club):
    page = club.get("/club/doLogin", form=LOGIN + "http://other.test/")
    assert page.error.startswith("CherryError: a login may not lead to 'http://other.test/'")
    assert not page.cookies


@pytest.mark.parametrize("source, target", [(CLUB, "/club/loginScreen"), (MEMBERS, "/loginScreen")])
def test_a_login_screen_asked_for_by_url_shows_no_markup_of_the_visitor(tmp_path, source, target):
    app = App(tmp_path, source, session={})
    page = app.get(target + '?message=<script>x</script>&fromPage="><b>&login="><i>')
    assert "Message: &lt;script&gt;x&lt;/script&gt;\n" in page.body
    assert 'value="&quot;><b>"' in page.body
    assert 'value="&quot;><i>"' in page.body


def test_messages_of_the_application_may_hold_markup(tmp_path):
    app = App(tmp_path, CLUB + "variable:\n    noCookieMessage = '<b>Please</b>'\n")
    assert "Message: <b>Please</b>\n" in app.get("/club").body


# Sessions


def test_a_session_login_is_kept_under_an_id_of_its_own(tmp_path):
    session = {"_sessionId": "x"}
    app = App(tmp_path, MEMBERS, session=session)
    page = app.get("/doLogin", form="login=login&password=password&fromPage=")
    key = page.cookies["CherrySessionId"].value
    assert len(key) == 20 and session[key][0] == "login"
    assert app.get("/", cookies={"CherrySessionId": key}).body == "hello login"
    session[key] = ("login", 1.0)
    assert "Session timed out" in app.get("/", cookies={"CherrySessionId": key}).body
    assert app.get("/doLogout", cookies={"CherrySessionId": key}).headers["location"] == f"{BASE}/logoutScreen"
    assert session == {"_sessionId": "x"}


@pytest.mark.parametrize("key", ["_sessionId", "cart", "", "x" * 20])
def test_a_cookie_reaches_nothing_else_of_the_session(tmp_path, key):
    app = App(tmp_path, MEMBERS, session={"_sessionId": "x", "cart": ("admin", 9e12)})
    assert "Message: No cookie" in app.get("/", cookies={"CherrySessionId": key}).body


# Basic authentication


def basic(text):
    return {"authorization": "Basic " + base64.b64encode(text.encode("latin-1")).decode()}


@pytest.mark.parametrize("text, body", [("ann:a:b", "hi ann"), ("one:single", "hi one")])
def test_a_password_may_hold_a_colon_and_may_be_the_only_one(tmp_path, text, body):
    assert App(tmp_path, VAULT).get("/", headers=basic(text)).body == body


@pytest.mark.parametrize("text", ["ann:a", "one:sing", "one:", "ann", "", ":"])
def test_wrong_credentials_are_unauthorized(tmp_path, text):
    page = App(tmp_path, VAULT).get("/", headers=basic(text))
    assert (page.headers["status"], page.body) == (401, "<html><body>Unauthorized</body></html>\n")
    assert page.headers["WWW-Authenticate"] == 'Basic realm="Domain"'


@pytest.mark.parametrize("header", ["Basic", "Basic !!!!", "Basic YQ=", "Digest x", "\xe9", "Basic \xe9"])
def test_credentials_that_cannot_be_read_are_unauthorized(tmp_path, header):
    page = App(tmp_path, VAULT).get("/", headers={"authorization": header})
    assert (page.headers["status"], page.error) == (401, "")


def test_credentials_may_be_in_utf_8():
    found = module("logins").basic_login(
        "Basic " + base64.b64encode("zo\xeb:\xe9".encode()).decode(), lambda login: {"zo\xeb": ["\xe9"]}.get(login)
    )
    assert found == "zo\xeb"
