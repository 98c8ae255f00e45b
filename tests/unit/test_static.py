"""Files and directories over HTTP, and that there is no way out of a directory."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawwfile.adapters import static
from rawwfile.adapters.interface import application_for
from rawwfile.adapters.static import StaticDirectory, content_type_of, serve_file, static_router
from rawwfile.errors import HTTPError, HTTPRedirect, NotFound
from rawwfile.exchange.body import FileSlice
from rawwfile.http.dates import EARLIEST

WRITTEN = 784111777  # Sun, 06 Nov 1994 08:49:37 GMT
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
CONTENT = bytes(range(256)) * 4


class FakeRequest:
    def __init__(self, raw_path: str, method: str, headers: dict[str, str]) -> None:
        self.method = method
        self.raw_path, _, self.query_string = raw_path.partition("?")
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.isStaticFile = 0


class FakeResponse:
    def __init__(self) -> None:
        self.status: int | str = 200
        self.headers: dict[str, Any] = {"Content-Type": "text/html"}
        self.body: Any = None
        self.stream = False


class FakeExchange:
    def __init__(self, raw_path: str = "/", method: str = "GET", **headers: str) -> None:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self.request = FakeRequest(raw_path, method, fields)
        self.response = FakeResponse()
        self.announced: list[Any] = []
        self.hooks: list[Callable[[], None]] = []

    def announce(self, handler: Any) -> None:
        self.announced.append(handler)

    def on_end(self, hook: Callable[[], None]) -> None:
        self.hooks.append(hook)

    def content(self) -> bytes:
        """What the engine would send; ends the exchange."""
        body = self.response.body
        data = b"" if body is None else body.read_all() if isinstance(body, FileSlice) else b"".join(body)
        self.end()
        return data

    def end(self) -> None:
        if isinstance(self.response.body, FileSlice):
            self.response.body.close()
        for hook in reversed(self.hooks):
            hook()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """tmp/site with files, beside tmp/secret.txt and tmp/site-other."""
    root = tmp_path / "site"
    (root / "docs").mkdir(parents=True)
    (root / "bare").mkdir()
    (root / "data.bin").write_bytes(CONTENT)
    os.utime(root / "data.bin", (WRITTEN, WRITTEN))
    (root / "a b.txt").write_text("blank")
    (root / "ä.html").write_text("umlaut")
    (root / "literal%20name.txt").write_text("literal")
    (root / "empty.css").write_bytes(b"")
    (root / "docs" / "index.html").write_text("index")
    (root / "docs" / "page.html").write_text("page")
    (root / "inside.txt").symlink_to("docs/page.html")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "outdir").symlink_to(tmp_path)
    (root / "loop").symlink_to("loop")
    (root / "dangling").symlink_to("nowhere")
    (root / "linked").mkdir()
    (root / "linked" / "index.html").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(root / "fifo")
    (tmp_path / "secret.txt").write_text("SECRET")
    (tmp_path / "site-other").mkdir()
    (tmp_path / "site-other" / "secret.txt").write_text("SECRET")
    return root


@pytest.fixture
def get(site: Path) -> Iterator[Callable[..., FakeExchange]]:
    made: list[FakeExchange] = []

    def serve(relative: str, method: str = "GET", **headers: str) -> FakeExchange:
        exchange = FakeExchange("/static/" + relative, method, **headers)
        made.append(exchange)
        StaticDirectory(site).serve(exchange, relative.partition("?")[0])
        return exchange

    yield serve
    for exchange in made:
        exchange.end()


def status_of(call: Callable[[], object]) -> int:
    with pytest.raises(HTTPError) as caught:
        call()
    return caught.value.status


# -- the ordinary way


def test_whole_file(get) -> None:
    exchange = get("data.bin")
    response = exchange.response
    state = response.body.file
    info = os.fstat(state.fileno())
    assert response.status == 200
    assert response.headers == {
        "Content-Type": "application/octet-stream",
        "Last-Modified": DATE,
        "ETag": f'"{len(CONTENT):x}-{WRITTEN * 10**9:x}-{info.st_ino:x}"',
        "Accept-Ranges": "bytes",
    }
    assert (response.body.start, response.body.length) == (0, len(CONTENT))
    assert exchange.content() == CONTENT


@pytest.mark.parametrize(
    ("relative", "content", "content_type"),
    [
        ("a%20b.txt", b"blank", "text/plain"),
        ("%61%20b.txt", b"blank", "text/plain"),
        ("%C3%A4.html", b"umlaut", "text/html"),
        ("literal%20name.txt", b"literal", "text/plain"),
        ("literal%2520name.txt", b"literal", "text/plain"),
        ("docs/page.html", b"page", "text/html"),
        ("docs//page.html", b"page", "text/html"),
        ("./docs/./page.html", b"page", "text/html"),
        ("docs/", b"index", "text/html"),
        ("docs/index.html", b"index", "text/html"),
        ("inside.txt", b"page", "text/plain"),
        ("empty.css", b"", "text/css"),
        ("ä.html".encode().decode("latin-1"), b"umlaut", "text/html"),
    ],
)
def test_path_to_file(get, relative: str, content: bytes, content_type: str) -> None:
    exchange = get(relative)
    assert exchange.response.headers["Content-Type"] == content_type
    assert exchange.content() == content


def test_text_that_is_not_from_the_wire_is_utf_8(site: Path, get) -> None:
    (site / "€.txt").write_text("euro")
    assert get("€.txt").content() == b"euro"


def test_head_has_the_fields_of_get(get) -> None:
    got, head = get("data.bin"), get("data.bin", "HEAD")
    assert head.response.headers == got.response.headers
    assert head.response.body.length == len(CONTENT)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_other_methods_are_405_with_allow(get, method: str) -> None:
    with pytest.raises(HTTPError, match="GET and HEAD only") as caught:
        get("data.bin", method)
    assert (caught.value.status, caught.value.headers) == (405, {"Allow": "GET, HEAD"})


def test_directory_without_slash_is_redirected(get) -> None:
    with pytest.raises(HTTPRedirect) as caught:
        get("docs?a=1")
    assert (caught.value.url, caught.value.status) == ("/static/docs/?a=1", 301)


def test_redirect_never_leads_to_another_site(site: Path) -> None:
    exchange = FakeExchange("//example.org\\/docs")
    with pytest.raises(HTTPRedirect) as caught:
        StaticDirectory(site).serve(exchange, "docs")
    assert caught.value.url == "/example.org//docs/"


@pytest.mark.parametrize(
    "relative", ["bare", "bare/", "", "linked", "linked/", "data.bin/", "docs/page.html/", "no.html"]
)
def test_no_index_no_listing_no_file_is_404(get, relative: str) -> None:
    assert status_of(lambda: get(relative)) == 404


# -- no way out

HOSTILE = [
    "..", "../", "../secret.txt", "docs/../../secret.txt", "docs/../data.bin", "../site/data.bin",
    "../site-other/secret.txt",
    "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "..%2fsecret.txt", "..%2Fsecret.txt", ".%2e/secret.txt",
    "docs%2fpage.html",
    "%252e%252e/secret.txt", "%252e%252e%252fsecret.txt", "..%252fsecret.txt", "%25252e%25252e/secret.txt",
    "..%5csecret.txt", "..\\secret.txt", "%5c..%5csecret.txt", "docs\\page.html", "docs%5cpage.html",
    "data.bin%00", "data.bin%00.html", "%00", "..%00/secret.txt", "data.bin\0", "../secret.txt%00.bin",
    "%c0%ae%c0%ae/secret.txt", "%c0%af", "..%c0%afsecret.txt", "%e0%80%ae%e0%80%ae/secret.txt",
    "%uff0e%uff0e/secret.txt",
    "..;/secret.txt", "....//secret.txt", ".../secret.txt", "..%09/secret.txt", "%20../secret.txt",
    "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "%2fetc/passwd", "/", "//", "///../secret.txt",
    "out.txt", "outdir", "outdir/", "outdir/secret.txt", "outdir/site/data.bin%00", "outdir/../secret.txt",
    "linked/index.html", "loop", "loop/x", "dangling", "fifo",
    "data.bin/../../secret.txt", "data.bin/x", "%", "%zz", "%2", "a" * 300, "a/" * 3000, "%61" * 3000, "x" * 100_000,
    "../" * 100 + "etc/passwd", "%2e%2e/" * 100 + "etc/passwd", "%ff%fe", "\x80\xff", "\ud800",
    "C:/secret.txt", "file:///etc/passwd",
    "~/secret.txt", "data.bin ", "data.bin.", "data.bin::$DATA", "DATA.BIN", "con", "\r\nX: y", "%0d%0aX:%20y",
]  # fmt: skip


@pytest.mark.parametrize("relative", HOSTILE, ids=[f"{index} {ascii(path)[:40]}" for index, path in enumerate(HOSTILE)])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_hostile_path_is_404_and_discloses_nothing(site: Path, get, relative: str, method: str) -> None:
    with pytest.raises(NotFound) as caught:
        get(relative, method)
    assert str(caught.value) == "404 There is no such file."
    assert caught.value.__cause__ is None


pieces_of_paths = st.sampled_from(
    [
        "..", "%2e", ".", "/", "%2f", "%5c", "\\", "%00", "out", "outdir", "secret.txt", "docs", "site", "%25", "~",
        " ", "page.html", "linked", "index.html", "out.txt",
    ]
)  # fmt: skip


@given(st.lists(pieces_of_paths, max_size=9).map("".join))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_path_is_inside_or_404(site: Path, relative: str) -> None:
    exchange = FakeExchange("/static/" + relative)
    try:
        StaticDirectory(site).serve(exchange, relative)
    except (NotFound, HTTPRedirect):
        return
    assert b"SECRET" not in exchange.content()


def test_socket_is_404(site: Path, get, monkeypatch) -> None:
    monkeypatch.chdir(site)  # the name of a Unix socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("sock")
        assert status_of(lambda: get("sock")) == 404


def test_device_is_404() -> None:
    assert status_of(lambda: serve_file(FakeExchange(), "/dev/null")) == 404


def test_a_link_that_came_after_the_check_is_not_followed(site: Path, get, monkeypatch) -> None:
    monkeypatch.setattr(static.os.path, "realpath", lambda path: str(path))
    assert status_of(lambda: get("out.txt")) == 404


def test_forbidden_file_is_404(get, monkeypatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(static.os, "open", refuse)
    assert status_of(lambda: get("data.bin")) == 404


def test_no_descriptors_left_is_503(get, monkeypatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(static.os, "open", refuse)
    with pytest.raises(HTTPError, match="out of files") as caught:
        get("data.bin")
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "1"})


def test_root_of_the_file_system_and_missing_root(site: Path, tmp_path: Path) -> None:
    exchange = FakeExchange()
    StaticDirectory("/").serve(exchange, str(site / "data.bin").removeprefix("/"))
    assert exchange.content() == CONTENT
    assert status_of(lambda: StaticDirectory(tmp_path / "none").serve(FakeExchange("/x"), "")) == 404


def test_root_may_be_a_link_and_change(site: Path, tmp_path: Path) -> None:
    current = tmp_path / "current"
    current.symlink_to(site)
    directory = StaticDirectory(current)
    exchange = FakeExchange()
    directory.serve(exchange, "docs/page.html")
    assert exchange.content() == b"page"
    current.unlink()
    current.symlink_to(site / "docs")
    exchange = FakeExchange()
    directory.serve(exchange, "page.html")
    assert exchange.content() == b"page"
    assert repr(directory) == f"<StaticDirectory {str(current)!r}>"


# -- conditional requests and ranges


def test_304_has_validators_and_no_content(get) -> None:
    etag = get("data.bin").response.headers["ETag"]
    for fields in ({"if_none_match": etag}, {"if_none_match": "W/" + etag}, {"if_modified_since": DATE}):
        for method in ("GET", "HEAD"):
            response = get("data.bin", method, **fields).response
            assert (response.status, response.body) == (304, None)
            assert response.headers == {"Last-Modified": DATE, "ETag": etag}


@pytest.mark.parametrize(
    "fields", [{"if_match": '"other"'}, {"if_unmodified_since": "Sun, 06 Nov 1994 08:49:36 GMT"}]
)
def test_412(get, fields: dict[str, str]) -> None:
    assert status_of(lambda: get("data.bin", **fields)) == 412


@pytest.mark.parametrize(
    ("asked", "content_range", "content"),
    [
        ("bytes=0-0", "bytes 0-0/1024", CONTENT[:1]),
        ("bytes=1000-", "bytes 1000-1023/1024", CONTENT[1000:]),
        ("bytes=-24", "bytes 1000-1023/1024", CONTENT[1000:]),
        ("bytes=0-9,5-19", "bytes 0-19/1024", CONTENT[:20]),
    ],
)
def test_one_range(get, asked: str, content_range: str, content: bytes) -> None:
    exchange = get("data.bin", range=asked)
    assert exchange.response.status == 206
    assert exchange.response.headers["Content-Range"] == content_range
    assert exchange.response.headers["Content-Type"] == "application/octet-stream"
    assert exchange.content() == content


def test_several_ranges(get) -> None:
    exchange = get("data.bin", range="bytes=0-1,-2")
    response = exchange.response
    assert (response.status, response.stream) == (206, True)
    kind, _, boundary = response.headers["Content-Type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    assert "Content-Range" not in response.headers
    content = exchange.content()
    assert len(content) == int(response.headers["Content-Length"])
    pieces = content.split(b"--" + boundary.encode())
    assert pieces[1] == (
        b"\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes 0-1/1024\r\n\r\n" + CONTENT[:2] + b"\r\n"
    )
    assert pieces[2].endswith(b"bytes 1022-1023/1024\r\n\r\n" + CONTENT[-2:] + b"\r\n")
    assert pieces[3] == b"--\r\n"


def test_ranges_larger_than_a_block(site: Path, get) -> None:
    content = os.urandom(300_000)
    (site / "big.bin").write_bytes(content)
    exchange = get("big.bin", range="bytes=0-149999,150001-299999")
    sent = exchange.content()
    assert content[:150_000] in sent and content[150_001:] in sent


def test_a_generator_that_nobody_starts_leaves_no_file_open(get) -> None:
    exchange = get("data.bin", range="bytes=0-1,-2")
    file = exchange.hooks[0].__self__  # type: ignore[attr-defined]
    exchange.response.body = None
    exchange.end()
    assert file.closed


def test_a_file_that_shrinks_while_it_is_sent_is_an_error(site: Path, get) -> None:
    exchange = get("data.bin", range="bytes=0-1,-2")
    pieces = exchange.response.body
    next(pieces)
    os.truncate(site / "data.bin", 10)
    with pytest.raises(EOFError, match="2 bytes are missing"):
        list(pieces)


def test_unsatisfiable_range_is_416(get) -> None:
    with pytest.raises(HTTPError) as caught:
        get("data.bin", range="bytes=1024-")
    assert (caught.value.status, caught.value.headers) == (416, {"Content-Range": "bytes */1024"})


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("GET", {"range": "bytes=5-4"}),
        ("GET", {"range": "lines=0-1"}),
        ("HEAD", {"range": "bytes=0-1"}),
        ("GET", {"range": "bytes=0-1", "if_range": '"other"'}),
        ("GET", {"range": "bytes=9999-", "if_range": "Sun, 06 Nov 1994 08:49:36 GMT"}),
    ],
)
def test_range_to_be_ignored_gives_the_whole(get, method: str, fields: dict[str, str]) -> None:
    response = get("data.bin", method, **fields).response
    assert (response.status, response.body.length) == (200, len(CONTENT))
    assert "Content-Range" not in response.headers


def test_if_range_that_holds(get) -> None:
    etag = get("data.bin").response.headers["ETag"]
    for value in (etag, DATE):
        assert get("data.bin", range="bytes=0-1", if_range=value).response.status == 206


def test_304_comes_before_range(get) -> None:
    assert get("data.bin", range="bytes=9999-", if_modified_since=DATE).response.status == 304


def test_date_of_tomorrow_is_now_and_one_before_all_calendars_is_left_out(site: Path, get, monkeypatch) -> None:
    monkeypatch.setattr(static.time, "time", lambda: WRITTEN - 86400.5)
    assert get("data.bin").response.headers["Last-Modified"] == "Sat, 05 Nov 1994 08:49:36 GMT"
    monkeypatch.setattr(static.time, "time", lambda: EARLIEST - 1)
    assert "Last-Modified" not in get("data.bin").response.headers


# -- types and single files


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.html", "text/html"), ("a.HTML", "text/html"), ("a.css", "text/css"), ("a.js", "text/javascript"),
        ("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.dwg", "image/x-dwg"), ("favicon.ico", "image/x-icon"),
        ("a.tar.gz", "text/plain"), ("a.unknown", "text/plain"), ("README", "text/plain"), ("a.d/README", "text/plain"),
        ("", "text/plain"), ("a.", "text/plain"), (".html", "text/html"), ("a.woff2", "font/woff2"),
    ],
)  # fmt: skip
def test_content_type(name: str, content_type: str) -> None:
    assert content_type_of(name) == content_type


def test_content_type_of_the_first_name_that_tells() -> None:
    assert content_type_of("logo", "/srv/logo.png") == "image/png"


def test_serve_file(site: Path, monkeypatch) -> None:
    monkeypatch.chdir(site)
    for path in ("data.bin", site / "data.bin"):
        exchange = FakeExchange()
        serve_file(exchange, path, content_type="image/x-odd")
        assert exchange.response.headers["Content-Type"] == "image/x-odd"
        assert exchange.content() == CONTENT
    exchange = FakeExchange()
    serve_file(exchange, "out.txt")
    assert exchange.content() == b"SECRET", "the path of a handler is trusted, links are followed"
    for missing in ("none", "docs", "fifo", "data.bin\0", "x" * 5000):
        assert status_of(lambda: serve_file(FakeExchange(), missing)) == 404  # noqa: B023
    assert status_of(lambda: serve_file(FakeExchange(method="POST"), "data.bin")) == 405


# -- the router


@pytest.fixture
def route(site: Path) -> Callable[..., FakeExchange]:
    def application(exchange: FakeExchange) -> None:
        exchange.response.body = ["dynamic"]

    router = static_router(application, [
        ("favicon.ico", str(site / "data.bin")), ("st/docs", str(site / "docs")), ("st", str(site)),
        ("my files", str(site)), ("gone", str(site / "none")),
    ])  # fmt: skip

    def serve(raw_path: str, method: str = "GET") -> FakeExchange:
        exchange = FakeExchange(raw_path, method)
        router(exchange)
        return exchange

    return serve


@pytest.mark.parametrize(
    ("raw_path", "content"),
    [
        ("/favicon.ico", CONTENT), ("/st/data.bin", CONTENT), ("/st/docs/page.html", b"page"), ("/st/docs/", b"index"),
        ("/%73t/data.bin", CONTENT), ("/my%20files/a%20b.txt", b"blank"), ("/st/data.bin?x=1", CONTENT),
    ],
)  # fmt: skip
def test_static_paths(route, raw_path: str, content: bytes) -> None:
    exchange = route(raw_path)
    assert exchange.request.isStaticFile == 1
    assert len(exchange.announced) == 1
    assert exchange.content() == content


@pytest.mark.parametrize(
    "raw_path", ["/", "/sta", "/x/st/data.bin", "//st/data.bin", "/ST/data.bin", "/favicon", "*", "/%zz"]
)
def test_other_paths_are_for_the_application(route, raw_path: str) -> None:
    exchange = route(raw_path)
    assert exchange.response.body == ["dynamic"]
    assert exchange.request.isStaticFile == 0


@pytest.mark.parametrize(
    "raw_path",
    ["/gone", "/gone/x", "/st/none", "/favicon.ico/", "/favicon.ico/x", "/st/../secret.txt", "/st/%2e%2e/secret.txt"],
)
def test_what_is_mapped_but_missing_is_404(route, raw_path: str) -> None:
    assert status_of(lambda: route(raw_path)) == 404


def test_mapped_directory_without_slash(route) -> None:
    with pytest.raises(HTTPRedirect) as caught:
        route("/st/docs")
    assert caught.value.url == "/st/docs/"


def test_mapped_file_takes_its_type_from_the_url_then_from_the_file(route) -> None:
    exchange = route("/favicon.ico")
    exchange.end()
    assert exchange.response.headers["Content-Type"] == "image/x-icon"


def test_a_mapping_of_everything(site: Path) -> None:
    router = static_router(lambda exchange: pytest.fail("never called"), [("/", str(site))])
    exchange = FakeExchange("/docs/page.html")
    router(exchange)
    assert exchange.content() == b"page"


def test_the_router_is_an_application_as_it_is(site: Path) -> None:
    router = static_router(lambda exchange: None, [("st", str(site))])
    assert application_for(router) is router


def test_post_to_a_mapped_path_is_405(route) -> None:
    assert status_of(lambda: route("/st/data.bin", "POST")) == 405
