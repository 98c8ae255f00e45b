"""Who may use the inspector: each rule by itself, and nobody else."""

from __future__ import annotations

import http.client
import re
import socket

import pytest

from rawwfile.glass.web.actions import ACTIONS
from rawwfile.glass.web.answers import FIELDS
from rawwfile.glass.web.views import VIEWS
from tests.glass.inspecting import Page, Watched, encoded
from tests.live import PATIENCE

PATHS = ["/wire/", "/wire/assets/index.html", *(f"/wire/api/{name}" for name in VIEWS)]


def test_the_secret_address_gives_the_cookie_and_leaves_no_secret_behind(watched: Watched) -> None:
    page = Page(watched.inspector.url)
    answer = page.enter()
    assert (answer.status, answer.fields["Location"], answer.body) == (303, "/wire/", b"")
    pattern = rf"rawwfile-wire-{page.port}=[0-9a-f]{{64}}; Path=/wire/; HttpOnly; SameSite=Strict"
    assert re.fullmatch(pattern, answer.fields["Set-Cookie"])
    assert page.token not in answer.fields["Set-Cookie"] and len(page.token) >= 43
    assert page.ask("GET", "/wire/").status == 200


@pytest.mark.parametrize("path", PATHS)
def test_without_the_cookie_there_is_nothing(watched: Watched, path: str) -> None:
    good = watched.page.cookie
    name, _, value = good.partition("=")
    for cookie in (None, "", name, f"{name}=", f"{name}={value[:-1]}", f"{name}={value}x", f"other={value}", value,
                   f"{name}={watched.page.token}", f"{name}=\xff", f"x{good}"):  # fmt: skip
        answer = watched.page.ask("GET", path, {"Cookie": cookie})
        assert answer.status == 403 and "Open the address" in answer.json["error"], cookie


def test_a_person_is_told_in_plain_words(watched: Watched) -> None:
    for path, status in (("/", 403), ("/wire/", 403), ("/nowhere", 403)):
        answer = watched.page.ask("GET", path, {"Cookie": None, "Accept": "text/html,*/*"})
        assert answer.status == status and answer.fields["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.body.startswith(b"Open the address that rawwfile printed")


def test_the_cookie_may_stand_among_others(watched: Watched) -> None:
    assert watched.page.ask("GET", "/wire/", {"Cookie": f"a=b; {watched.page.cookie};c=d"}).status == 200


@pytest.mark.parametrize("name", ACTIONS)
def test_no_action_without_the_cookie(watched: Watched, name: str) -> None:
    assert watched.page.ask("POST", f"/wire/api/{name}", {"Cookie": None}, {}).status == 403


def test_a_token_in_the_address_opens_nothing_but_the_door(watched: Watched) -> None:
    token = watched.page.token
    for path in PATHS:
        assert watched.page.ask("GET", f"{path}?t={token}", {"Cookie": None}).status == 403
    for query in ("", "?t=", "?t=x", f"?t={token[:-1]}", f"?t={token}x", "?t=%ff", f"?x={token}"):
        answer = watched.page.ask("GET", f"/{query}", {"Cookie": None})
        assert answer.status == 403 and answer.fields["Set-Cookie"] is None


def test_another_inspectors_cookie_is_none_here(watched: Watched) -> None:
    from tests.glass.inspecting import watching

    with watching() as other:
        assert other.page.ask("GET", "/wire/", {"Cookie": watched.page.cookie}).status == 403


@pytest.mark.parametrize("path", ["/", "/wire/", "/wire/api/state"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost", "127.0.0.1.evil.example:{port}",
     "127.0.0.2:{port}", "[::1]:{port}", "127.1:{port}", ""],
)  # fmt: skip
def test_a_name_of_somebody_else_that_leads_here_is_refused(watched: Watched, host: str, path: str) -> None:
    query = f"?t={watched.page.token}" if path == "/" else ""
    host = host.format(port=watched.page.port)
    answer = watched.page.ask("GET", path + query, {"Host": host})
    assert answer.status == 403 and "another host" in answer.json["error"]


def test_the_target_cannot_name_another_host_either(watched: Watched) -> None:
    other = f"http://evil.example:{watched.page.port}"
    for target, status in ((f"{other}/wire/", 403), (f"{watched.page.origin}/wire/", 200)):
        assert watched.page.ask("GET", target).status == status


def test_localhost_is_the_other_name(watched: Watched) -> None:
    host = f"localhost:{watched.page.port}"
    assert watched.page.ask("GET", "/wire/", {"Host": host}).status == 200
    fields = {"Host": host, "Origin": f"http://{host}"}
    assert watched.page.ask("POST", "/wire/api/clear", fields, {}).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense", ""])
def test_other_sites_are_refused_by_what_the_browser_says(watched: Watched, site: str) -> None:
    for method, path in (("GET", "/wire/api/state"), ("GET", f"/?t={watched.page.token}"), ("POST", "/wire/api/clear")):
        answer = watched.page.ask(method, path, {"Sec-Fetch-Site": site}, {} if method == "POST" else None)
        assert answer.status == 403 and "another site" in answer.json["error"]


def test_a_client_that_is_no_browser_needs_no_fetch_metadata(watched: Watched) -> None:
    assert watched.page.ask("GET", "/wire/api/state", {"Sec-Fetch-Site": None}).status == 200


@pytest.mark.parametrize(
    "origin",
    [None, "", "null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1", "http://127.0.0.1:1",
     "http://localhost:{port}", "http://127.0.0.1:{port}/", "http://127.0.0.1:{port}, http://evil.example"],
)  # fmt: skip
def test_a_post_comes_from_our_own_page(watched: Watched, origin: str | None) -> None:
    origin = origin and origin.format(port=watched.page.port)
    for name in ACTIONS:
        answer = watched.page.ask("POST", f"/wire/api/{name}", {"Origin": origin}, {})
        assert answer.status == 403 and "Origin" in answer.json["error"]


@pytest.mark.parametrize("value", [None, "", "0", "true"])
def test_a_post_has_the_field_that_no_form_can_send(watched: Watched, value: str | None) -> None:
    for name in ACTIONS:
        answer = watched.page.ask("POST", f"/wire/api/{name}", {"X-Rawwfile": value}, {})
        assert answer.status == 403 and "X-Rawwfile" in answer.json["error"]


def test_nothing_is_said_to_other_origins(watched: Watched) -> None:
    fields = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST",
              "Access-Control-Request-Headers": "x-rawwfile", "Sec-Fetch-Site": None}  # fmt: skip
    for method in ("OPTIONS", "GET", "HEAD"):
        answer = watched.page.ask(method, "/wire/api/state", fields)
        assert not [name for name in answer.fields if name.lower().startswith("access-control")]
    assert watched.page.ask("OPTIONS", "/wire/api/state", fields).status == 405


def test_every_answer_guards_the_page(watched: Watched) -> None:
    page = watched.page
    watched.fetch()
    answers = [page.ask("GET", path) for path in PATHS if not path.endswith("/events")]
    answers += [page.ask("GET", path) for path in ("/", f"/?t={page.token}", "/nowhere", "/wire/x", "/wire/api/x",
                                                  "/wire/assets/x", "/wire/api/bytes/1/in", "/wire/api/spans/1/out",
                                                  "/wire/api/exchange/1", "/wire/api/exchange/99")]  # fmt: skip
    answers += [page.ask("GET", "/wire/", {"Cookie": None}), page.ask("GET", "/wire/", {"Host": "x"})]
    answers += [page.ask("POST", f"/wire/api/{name}", None, b"x") for name in [*ACTIONS, "nowhere"]]
    answers += [page.ask("PUT", "/wire/", None, b"x"), page.ask("POST", "/", None, b""), page.ask("HEAD", "/wire/")]
    for answer in answers:
        assert {name: answer.fields[name] for name in FIELDS} == FIELDS
        assert answer.fields.get_all("Content-Security-Policy") == [FIELDS["Content-Security-Policy"]]
    with page.events() as events:
        assert {name: events.fields[name] for name in FIELDS} == FIELDS
    assert {answer.status for answer in answers} == {200, 303, 400, 403, 404, 405}


def test_the_policy_lets_nothing_in_but_our_own_files() -> None:
    policy = dict(part.split(" ", 1) for part in FIELDS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"


@pytest.mark.parametrize(
    "name",
    ["../inspector.py", "..%2finspector.py", "%2e%2e/inspector.py", "..\\inspector.py", "/etc/passwd",
     "%2fetc%2fpasswd", "", ".", "..", "index.html/", "index.html/..", "./index.html", "INDEX.HTML", "index.html%00.js",
     "__init__.py", "sub/index.html", "index.html?", "x" * 5000],
)  # fmt: skip
def test_only_the_files_of_the_page_are_served(watched: Watched, name: str) -> None:
    answer = watched.page.ask("GET", f"/wire/assets/{name}")
    assert answer.status == (200 if name == "index.html?" else 404)
    assert b"root:" not in answer.body and b"import" not in answer.body


def test_the_files_have_types_that_need_no_sniffing(watched: Watched) -> None:
    page = watched.page
    assert page.ask("GET", "/wire/").fields["Content-Type"] == "text/html; charset=utf-8"
    assert page.ask("GET", "/wire/assets/api.js").fields["Content-Type"] == "text/javascript; charset=utf-8"
    assert page.ask("GET", "/wire/assets/base.css").fields["Content-Type"] == "text/css; charset=utf-8"
    assert page.ask("GET", "/wire/assets/mark.svg").fields["Content-Type"] == "image/svg+xml"


def test_it_listens_on_this_machine_alone(watched: Watched) -> None:
    assert watched.inspector._server.server_address == ("127.0.0.1", watched.page.port)
    with socket.socket() as other:
        other.settimeout(PATIENCE)
        assert other.connect_ex(("127.0.0.2", watched.page.port)) != 0


def test_http_1_0_without_a_host_is_refused(watched: Watched) -> None:
    with socket.create_connection(("127.0.0.1", watched.page.port), PATIENCE) as sock:
        sock.sendall(f"GET /wire/api/state HTTP/1.0\r\nCookie: {watched.page.cookie}\r\n\r\n".encode())
        response = http.client.HTTPResponse(sock)
        response.begin()
        assert response.status == 403


def test_sending_goes_to_the_watched_server_whatever_the_page_says(watched: Watched) -> None:
    pieces = encoded(b"GET http://evil.example/hello HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    answer = watched.page.post("send", {"pieces": pieces, "address": ["evil.example", 80], "url": "http://evil.example/"})
    assert answer["ended"] == "complete" and answer["connection"] == 1
