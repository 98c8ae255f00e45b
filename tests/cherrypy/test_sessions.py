"""rawwfile.cherrypy.sessions: ids, cookies, expiry, the four storages (spec 10; H02, H06, H07, H23)."""

from __future__ import annotations

import os
import re
import threading
from http.cookies import SimpleCookie

import pytest

from rawwfile.cherrypy import configuration
from rawwfile.cherrypy.sessions import Sessions, flags_of, make_sessions
from rawwfile.cherrypy.sessions.cookie import CookieStorage, site_key
from rawwfile.cherrypy.sessions.custom import CustomStorage
from rawwfile.cherrypy.sessions.file import FileStorage
from rawwfile.cherrypy.sessions.ram import RamStorage
from rawwfile.cherrypy.sessions.values import Values
from rawwfile.cherrypy.site import Site
from rawwfile.errors import ConfigError, StartError

MADE_UP = "0123456789abcdef0123456789abcdef01234567"
NAME = "CherryPySession"


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Browser:
    """Visits with the cookies that it got."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.cookies = SimpleCookie()
        self.lines: list[str] = []

    def visit(self, page, *, save=True):
        """Run `page(data)`, which may return another dict to keep; return the session's id."""
        response = SimpleCookie()
        session = self.sessions.begin(self.cookies, response)
        data = session.data
        data = page(data) or data
        if save:
            self.sessions.save(session, data, response)
            for name, morsel in response.items():
                self.cookies[name] = morsel.value
        self.lines = [morsel.OutputString() for _, morsel in sorted(response.items())]
        return session.id


def count(data):
    data["n"] = data.get("n", 0) + 1


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["ram", "file", "cookie", "custom"])
def sessions(request, tmp_path, clock):
    values = Values({}, request.param)
    kept: dict[str, tuple] = {}
    namespace = {
        "saveSessionData": lambda key, data, expires: kept.update({key: (dict(data), expires)}),
        "loadSessionData": lambda key: (dict(kept[key][0]), kept[key][1]) if key in kept else None,
    }
    storage = {
        "ram": lambda: RamStorage(100),
        "file": lambda: FileStorage(str(tmp_path), values),
        "cookie": lambda: CookieStorage(values, key=b"secret", name=NAME, max_age=3600),
        "custom": lambda: CustomStorage(Site("Root", namespace)),
    }[request.param]()
    return Sessions(storage, clock=clock)


def test_a_visitor_has_his_own_data_and_one_id(sessions):
    ann, bob = Browser(sessions), Browser(sessions)

    first = ann.visit(count)
    assert re.fullmatch("[0-9a-f]{40}", first)
    assert ann.visit(count) == first != bob.visit(count)
    ann.visit(lambda data: {**data, "seen": True})
    seen: dict = {}
    ann.visit(lambda data: seen.update(data))
    assert seen == {"_sessionId": first, "n": 2, "seen": True}
    bob.visit(lambda data: seen.update(data))
    assert seen["n"] == 1


def test_the_cookie_is_that_of_0_10(sessions):
    browser = Browser(sessions)
    session_id = browser.visit(count)

    assert f"{NAME}={session_id}; Path=/; Version=1" in browser.lines


@pytest.mark.parametrize("offered", [MADE_UP, "../../etc/passwd", "", "x" * 5000, MADE_UP.upper(), MADE_UP + "\n"])
def test_an_unknown_id_is_never_adopted(sessions, offered, tmp_path):
    (tmp_path.parent / "secret").write_text("secret", "ascii")
    browser = Browser(sessions)
    browser.cookies[NAME] = "x"
    browser.cookies[NAME].set(NAME, offered, offered)

    assert browser.visit(lambda data: data.update(new=len(data))) != offered


def test_a_session_expires_and_each_visit_renews_it(sessions, clock):
    browser = Browser(sessions)
    first = browser.visit(count)
    clock.now += 3000
    assert browser.visit(count) == first
    clock.now += 3600
    assert browser.visit(count) == first
    clock.now += 3601
    second = browser.visit(count)

    assert second != first
    browser.visit(lambda data: data.update(check=data["n"] == 1))
    browser.visit(lambda data: pytest.fail("old data") if not data["check"] else None)


def test_what_is_not_saved_is_not_kept(sessions):
    browser = Browser(sessions)
    browser.visit(count)
    browser.visit(count, save=False)

    seen = {}
    browser.visit(lambda data: seen.update(data))
    # In memory it is the live dict that is kept, as in 0.10.
    assert seen["n"] == (2 if isinstance(sessions.storage, RamStorage) else 1)


def test_the_application_may_change_the_id(sessions):
    response = SimpleCookie()
    session = sessions.begin(SimpleCookie(), response)
    response[NAME] = MADE_UP
    sessions.save(session, {"a": 1}, response)

    again = SimpleCookie()
    for name, morsel in response.items():
        again[name] = morsel.value
    assert sessions.begin(again, SimpleCookie()).data == {"a": 1}
    response[NAME] = "../x"
    with pytest.raises(ValueError, match="must be 40 digits"):
        sessions.save(session, {}, response)


def test_clean_up_comes_when_it_is_due(clock):
    storage = RamStorage(10)
    sessions = Sessions(storage, timeout=60, clean_up_delay=30, clock=clock)
    Browser(sessions).visit(count)
    clock.now += 29
    Browser(sessions).visit(count)
    clock.now += 32
    sessions.clean_up()
    assert len(storage) == 1
    clock.now += 29.5
    sessions.clean_up()
    assert len(storage) == 1
    clock.now += 1
    sessions.clean_up()
    assert len(storage) == 0
    never = Sessions(storage, clean_up_delay=0, clock=clock)
    Browser(never).visit(count)
    clock.now += 1e9
    never.clean_up()
    assert len(storage) == 1
    never.forget_all()
    assert len(storage) == 0


def test_memory_has_an_end(clock):
    sessions = Sessions(RamStorage(3), clock=clock)
    ann = Browser(sessions)
    first = ann.visit(count)
    for _ in range(2):
        Browser(sessions).visit(count)
    assert ann.visit(count) == first
    for _ in range(2):
        Browser(sessions).visit(count)
    assert ann.visit(count) == first
    for _ in range(3):
        Browser(sessions).visit(count)
    assert ann.visit(count) != first


# -- files


@pytest.fixture
def in_files(tmp_path, clock):
    return Sessions(FileStorage(str(tmp_path), Values({}, "file")), clock=clock)


def test_a_file_is_named_by_the_id_and_readable_by_its_owner_only(in_files, tmp_path):
    session_id = Browser(in_files).visit(count)

    assert os.listdir(tmp_path) == [session_id]
    assert (tmp_path / session_id).stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_none_of_ours_is_no_session(in_files, tmp_path, caplog):
    (tmp_path / MADE_UP).write_bytes(b"cposix\nsystem\np1\n(S'touch pwned'\ntp2\nRp3\n.")
    browser = Browser(in_files)
    browser.cookies[NAME] = MADE_UP

    assert browser.visit(count) != MADE_UP
    assert "not written by rawwfile" in caplog.text
    assert not os.path.exists("pwned")


@pytest.mark.parametrize("content", [b"", b"rawwfile-session 1 x\n{}", b"rawwfile-session 1 2e9\n{", b"\xff"])
def test_a_damaged_file_is_no_session(in_files, tmp_path, content):
    (tmp_path / MADE_UP).write_bytes(content)
    browser = Browser(in_files)
    browser.cookies[NAME] = MADE_UP

    assert browser.visit(count) != MADE_UP


def test_a_link_is_not_followed(in_files, tmp_path):
    session_id = Browser(in_files).visit(count)
    (tmp_path / session_id).rename(tmp_path / "elsewhere")
    (tmp_path / session_id).symlink_to(tmp_path / "elsewhere")
    browser = Browser(in_files)
    browser.cookies[NAME] = session_id

    assert browser.visit(count) != session_id


def test_clean_up_deletes_what_is_over_and_nothing_else(in_files, tmp_path, clock):
    old = Browser(in_files).visit(count)
    clock.now += 3599
    new = Browser(in_files).visit(count)
    (tmp_path / "notes.txt").write_text("x", "ascii")
    (tmp_path / MADE_UP).write_text("no session", "ascii")
    stale = tmp_path / f".{MADE_UP}.00.draft"
    stale.write_text("x", "ascii")
    os.utime(stale, (0, 0))
    (tmp_path / f".{MADE_UP}.11.draft").write_text("x", "ascii")
    clock.now += 2
    in_files.clean_up()

    assert old not in os.listdir(tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted([new, "notes.txt", MADE_UP, f".{MADE_UP}.11.draft"])


def test_a_directory_that_is_not_there_is_an_error_that_names_it(tmp_path, clock, caplog):
    sessions = Sessions(FileStorage(str(tmp_path / "none"), Values({}, "file")), clock=clock)

    with pytest.raises(OSError, match="none"):
        Browser(sessions).visit(count)
    clock.now += 1e6
    sessions.clean_up()
    assert "cannot look for old sessions" in caplog.text


def test_a_value_that_cannot_be_kept_leaves_the_old_file(in_files, tmp_path):
    browser = Browser(in_files)
    session_id = browser.visit(count)
    with pytest.raises(TypeError, match=r"request\.sessionMap\['lock'\] cannot be kept in a session"):
        browser.visit(lambda data: data.update(lock=threading.Lock()))

    assert os.listdir(tmp_path) == [session_id]
    assert browser.visit(count) == session_id


# -- cookies


@pytest.fixture
def in_cookies(clock):
    return Sessions(CookieStorage(Values({}, "cookie"), key=b"secret", name=NAME, max_age=60 * 30.0), clock=clock)


def test_the_data_travel_in_0_10s_cookies(in_cookies):
    browser = Browser(in_cookies)
    browser.visit(count)

    names = [line.partition("=")[0] for line in browser.lines]
    assert names == ["CSession", "CSession-sig", NAME]
    assert all(line.endswith("; Max-Age=1800.0; Path=/") for line in browser.lines[:2])


def test_the_state_of_ones_own_browser_decides_after_a_restart(in_cookies, clock):
    browser = Browser(in_cookies)
    first = browser.visit(count)
    browser.sessions = Sessions(CookieStorage(Values({}, "cookie"), key=b"secret", name=NAME, max_age=1), clock=clock)

    assert browser.visit(count) == first
    browser.sessions = Sessions(CookieStorage(Values({}, "cookie"), key=b"other", name=NAME, max_age=1), clock=clock)
    assert browser.visit(count) != first


@pytest.mark.parametrize("change", ["data", "signature", "id", "no data", "no signature"])
def test_what_is_forged_is_no_session(in_cookies, change):
    ann, bob = Browser(in_cookies), Browser(in_cookies)
    first, second = ann.visit(count), bob.visit(count)
    if change == "data":
        ann.cookies["CSession"] = ann.cookies["CSession"].value[:-1] + "A"
    elif change == "signature":
        ann.cookies["CSession-sig"] = "0" * 64
    elif change == "id":
        ann.cookies[NAME] = second
    elif change == "no data":
        del ann.cookies["CSession"]
    else:
        ann.cookies["CSession-sig"] = "\xe9"

    assert ann.visit(count) not in (first, second)


def test_the_expiry_is_signed_too(in_cookies, clock):
    browser = Browser(in_cookies)
    first = browser.visit(count)
    clock.now += 3601

    assert browser.visit(count) != first


def test_much_data_is_compressed_and_too_much_is_told(in_cookies, caplog):
    browser = Browser(in_cookies)
    first = browser.visit(lambda data: data.update(text="a" * 100_000))
    assert browser.visit(count) == first and not caplog.text
    browser.visit(lambda data: data.update(noise=os.urandom(5000)))

    assert "browsers drop cookies of more than 4096" in caplog.text


def test_a_site_key_comes_from_the_configuration_or_is_new_each_time():
    file = configuration.read(None).file
    assert len(site_key(file, 1)) == 32 and site_key(file, 1) != site_key(file, 1)
    with pytest.raises(StartError, match="need a siteKey where several processes serve"):
        site_key(file, 2)
    file.add_section("server")
    file.set("server", "siteKey", "a key")
    assert site_key(file, 2) == b"a key"


# -- the configuration


def made(tmp_path, text, secure=False, processes=1):
    path = tmp_path / "RootServer.cfg"
    path.write_text(text, "latin-1")
    configured = configuration.read(str(path))
    return make_sessions(configured, Site("Root", {}), secure=secure, processes=processes)


def test_make_sessions_of_a_configuration(tmp_path):
    assert made(tmp_path, "") is None
    sessions = made(tmp_path, "[session]\nstorageType=ram\ntimeout=0.5\ncleanUpDelay=2\ncookieName=MyShop\n")
    assert isinstance(sessions.storage, RamStorage)
    assert (sessions.timeout, sessions.clean_up_delay, sessions.cookie_name) == (30, 120, "MyShop")
    assert isinstance(made(tmp_path, "[session]\nstorageType=custom\n").storage, CustomStorage)
    assert isinstance(made(tmp_path, "[session]\nstorageType=file\nstorageFileDir=x\n").storage, FileStorage)
    assert isinstance(made(tmp_path, "[session]\nstorageType=cookie\n").storage, CookieStorage)
    with pytest.raises(StartError, match="siteKey"):
        made(tmp_path, "[session]\nstorageType=cookie\n", processes=2)
    with pytest.raises(ConfigError, match="cookieName=a b"):
        made(tmp_path, "[session]\nstorageType=ram\ncookieName=a b\n")


@pytest.mark.parametrize(
    ("flags", "secure", "end"),
    [
        ("auto", False, "; Path=/; Version=1"),
        ("auto", True, "; HttpOnly; Path=/; Secure; Version=1"),
        ("none", True, "; Path=/; Version=1"),
        ("HttpOnly, SameSite=Lax", False, "; HttpOnly; Path=/; SameSite=Lax; Version=1"),
    ],
)
def test_flags_of_the_cookie(clock, flags, secure, end):
    browser = Browser(Sessions(RamStorage(9), flags=flags_of(flags, secure=secure), clock=clock))
    session_id = browser.visit(count)

    assert browser.lines == [f"{NAME}={session_id}{end}"]


def test_a_flag_that_nobody_knows_is_an_error():
    with pytest.raises(ConfigError, match=r"^\[session\] cookieFlags=HttpOnli: give auto, none, or some of"):
        flags_of("HttpOnli", secure=False)


def test_custom_functions_are_looked_up_at_each_call():
    namespace: dict = {}
    storage = CustomStorage(Site("Root", namespace))
    assert storage.load(MADE_UP, SimpleCookie()) is None
    storage.save(MADE_UP, {}, 1.0, SimpleCookie())
    storage.clean_up(1.0)
    storage.forget_all()
    calls = []
    namespace["cleanUpOldSessions"] = lambda: calls.append("clean")
    storage.clean_up(1.0)
    assert calls == ["clean"]
    namespace["loadSessionData"] = lambda key: {"data": 1}
    with pytest.raises(TypeError, match="loadSessionData must return None or"):
        storage.load(MADE_UP, SimpleCookie())


def test_many_requests_of_one_visitor_leave_one_whole_session(in_files, tmp_path):
    browser = Browser(in_files)
    session_id = browser.visit(count)
    failures = []

    def visit_often(number):
        mine = Browser(in_files)
        mine.cookies[NAME] = session_id
        for _ in range(30):
            if mine.visit(lambda data: data.update(by=number, text="x" * 1000 * number)) != session_id:
                failures.append(number)

    threads = [threading.Thread(target=visit_often, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == [] and os.listdir(tmp_path) == [session_id]
    seen: dict = {}
    browser.visit(lambda data: seen.update(data))
    assert len(seen["text"]) == 1000 * seen["by"]
