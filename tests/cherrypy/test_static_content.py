"""rawwfile.cherrypy.static: 0.10's static content, without its way out (spec 12; H01, H10)."""

from __future__ import annotations

import os

import pytest

from rawwfile.cherrypy.static import StaticContent, type_of
from rawwfile.errors import HTTPError, NotFound

MODIFIED = "Thu, 06 May 2004 07:08:09 GMT"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A working directory with `files/` to serve and `secret` beside it; answers what a path gets."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files" / "sub").mkdir(parents=True)
    (tmp_path / "filesystem").mkdir()
    for name, text in {
        "secret": "secret", "filesystem/x": "secret", "files/page.html": "page", "files/a b.txt": "decoded",
        "files/a%20c.txt": "literal", "files/sub/deep": "deep", "one.txt": "one", "files/empty": "",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, "ascii")
        os.utime(tmp_path / name, (1083827289, 1083827289))
    (tmp_path / "files" / "link").symlink_to("../secret")
    (tmp_path / "files" / "inner").symlink_to("page.html")
    (tmp_path / "files" / "up").symlink_to("..")
    os.mkfifo(tmp_path / "files" / "pipe")
    static = StaticContent([("static", "files"), ("one.txt", "one.txt"), ("static/sub", "nowhere"), ("late/", "files")])

    def answer(path, headers=(), **options):
        found = static.match(path)
        assert found is not None
        return static.open(found, dict(headers), **{"whole": True, **options})

    answer.match = static.match
    return answer


@pytest.mark.parametrize(
    ("path", "rest"),
    [("static", ""), ("static/x", "/x"), ("static/sub/x", "/sub/x"), ("one.txt", ""), ("late//x", "/x")],
)
def test_the_first_prefix_wins(site, path, rest):
    assert site.match(path).rest == rest


@pytest.mark.parametrize("path", ["", "static2", "Static/x", "/static", "one.txtx", "%73tatic/x", "late/x"])
def test_what_has_no_prefix_is_not_static(site, path):
    assert site.match(path) is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("static/page.html", b"page"), ("static//page.html", b"page"), ("static/./page.html", b"page"),
        ("static/sub/deep", b"deep"), ("static/a%20b.txt", b"decoded"), ("static/a b.txt", b"decoded"),
        ("static/a%20c.txt", b"literal"), ("static/p%61ge.html", b"page"), ("static/inner", b"page"),
        ("one.txt", b"one"), ("static/empty", b""),
    ],
)  # fmt: skip
def test_files(site, path, body):
    reply = site(path)

    assert (reply.status, reply.body, reply.headers["last-modified"]) == (None, body, MODIFIED)


@pytest.mark.parametrize(
    "path",
    [
        "static/../secret", "static/sub/../../secret", "static/%2e%2e/secret", "static/..%2fsecret", "static/..",
        "static/link", "static/up/secret", "static/up", "static/..\\secret", "static/\0", "static/%00",
        "static/../files/page.html", "static/../filesystem/x", "one.txt/..", "static/sub%2f..%2f..%2fsecret",
    ],
)  # fmt: skip
def test_nothing_leads_out(site, path):
    with pytest.raises(NotFound):
        site(path)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("static/missing.gif", FileNotFoundError), ("static/sub", IsADirectoryError), ("static", IsADirectoryError),
        ("static/page.html/x", NotADirectoryError), ("one.txt/x", NotADirectoryError),
        ("static/pipe", IsADirectoryError), ("static/" + "n" * 300, OSError),
    ],
)  # fmt: skip
def test_what_is_missing_is_an_error_that_names_the_url_only(site, path, error, tmp_path):
    with pytest.raises(error) as caught:
        site(path)

    assert f"'/{path}'" in str(caught.value)
    assert str(tmp_path) not in str(caught.value) and "files" not in str(caught.value)
    with pytest.raises(NotFound):
        site(path, strict=True)


def test_a_directory_sets_last_modified_as_in_0_10(site, tmp_path):
    os.utime(tmp_path / "files" / "sub", (0, 0))
    sent: dict = {}
    with pytest.raises(IsADirectoryError):
        site("static/sub", sent=sent)

    assert sent == {"last-modified": "Thu, 01 Jan 1970 00:00:00 GMT"}


def test_a_forbidden_file_is_an_error(site, monkeypatch):
    real = os.open

    def refuse(path, *rest, **named):
        if str(path).endswith("page.html"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match="'/static/page.html'"):
        site("static/page.html")


def test_without_descriptors_it_is_a_503(site, monkeypatch):
    def refuse(*_, **__):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(HTTPError) as caught:
        site("static/page.html")
    assert caught.value.status == 503


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.html", "text/html"), ("a.HTML", "text/plain"), ("a.Html", "text/plain"), ("a.xyz", "text/plain"),
        ("a", "text/plain"), ("dir.css/a", "text/plain"), ("a.tar.gz", "text/plain"),
        ("a.js", "application/javascript"), ("a.ico", "image/x-icon"),
        ("a.dwg", "image/x-dwg"), ("a.css", "text/css"), ("a.gif", "image/gif"),
        ("a.", "text/plain"), ("a.bmp", "image/x-ms-bmp"),
    ],
)  # fmt: skip
def test_content_types(path, kind):
    assert type_of(f"static/{path}") == kind


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (MODIFIED, 304), ("Fri, 07 May 2004 07:08:09 GMT", None), ("nonsense", None), (MODIFIED + "; length=4", None)
    ],
)  # fmt: skip
def test_only_the_very_date_is_304(site, since, status):
    reply = site("static/page.html", {"if-modified-since": since})

    assert reply.status == status
    if status:
        assert reply.headers == {} and reply.body == b""


def test_a_file_is_handed_over_open_where_nobody_wants_it_whole(site):
    reply = site("static/page.html", whole=False)

    assert (reply.body.start, reply.body.length, reply.body.read_all()) == (0, 4, b"page")
    reply.body.close()


RANGES = [
    ({"range": "bytes=1-2"}, "206 Partial Content", b"ag", "bytes 1-2/4"),
    ({"range": "bytes=-1"}, "206 Partial Content", b"e", "bytes 3-3/4"),
    ({"range": "bytes=0-0,2-2"}, None, b"page", None),
    ({"range": "lines=1"}, None, b"page", None),
    ({"range": "bytes=1-", "if-range": MODIFIED}, "206 Partial Content", b"age", "bytes 1-3/4"),
    ({"range": "bytes=1-", "if-range": '"tag"'}, None, b"page", None),
]


@pytest.mark.parametrize(("headers", "status", "body", "field"), RANGES)
def test_ranges(site, headers, status, body, field):
    reply = site("static/page.html", headers, ranges=True)

    assert (reply.status, reply.body, reply.headers.get("content-range")) == (status, body, field)
    assert site("static/page.html", headers).body == b"page"
    assert site("static/page.html", headers, ranges=True, method="POST").body == b"page"


def test_a_range_beyond_the_end(site):
    with pytest.raises(HTTPError) as caught:
        site("static/page.html", {"range": "bytes=9-"}, ranges=True)

    assert (caught.value.status, caught.value.headers) == (416, {"Content-Range": "bytes */4"})
