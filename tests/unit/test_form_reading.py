"""Form bodies read from a file into parameters, file names and types."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rawwfile.errors import RequestBodyError
from rawwfile.exchange import forms
from rawwfile.exchange.forms import FormFile, ParsedForm, parse_form
from rawwfile.http.limits import KIB, MIB

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=B"


def part(name: str, content: bytes, filename: str | None = None, content_type: str | None = None) -> bytes:
    attribute = "" if filename is None else f'; filename="{filename}"'
    head = f'Content-Disposition: form-data; name="{name}"{attribute}\r\n'
    if content_type is not None:
        head += f"Content-Type: {content_type}\r\n"
    return f"--B\r\n{head}\r\n".encode() + content + b"\r\n"


def multipart(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--B--\r\n"


class Slow(io.BytesIO):
    """Gives one byte at a time, like a client that drips."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(1)


class Endless:
    """A multipart body with one part of `total` bytes, never in memory as a whole."""

    def __init__(self, head: bytes, total: int) -> None:
        self._blocks = self._make(head, total)

    def _make(self, head: bytes, total: int) -> Iterator[bytes]:
        yield head
        for _ in range(total // 65536):
            yield bytes(65536)
        yield b"\r\n--B--\r\n"

    def read(self, size: int, /) -> bytes:
        return next(self._blocks, b"")


@pytest.fixture
def read(request: pytest.FixtureRequest) -> Iterator[object]:
    opened: list[ParsedForm] = []

    def read_form(body: bytes | object, content_type: str | None = MULTIPART, **options: object) -> ParsedForm:
        rfile = io.BytesIO(body) if isinstance(body, bytes) else body
        options.setdefault("limit", 64 * MIB)
        options.setdefault("content_length", len(body) if isinstance(body, bytes) else None)
        form = parse_form(rfile, content_type, **options)  # type: ignore[arg-type]
        opened.append(form)
        return form

    yield read_form
    for form in opened:
        form.close()


def test_urlencoded(read) -> None:
    form = read(b"a=1&b=x+y&a=%C3%A9&c", URLENCODED)
    assert form.is_form
    assert form.params == {"a": ["1", "é"], "b": "x y", "c": ""}
    assert form.filenames == {"a": [None, None], "b": None, "c": None}
    assert form.types == {"a": [None, None], "b": None, "c": None}


@pytest.mark.parametrize("content_type", [None, "", URLENCODED.upper(), URLENCODED + "; charset=UTF-8"])
def test_counts_as_urlencoded(read, content_type: str | None) -> None:
    assert read(b"a=1", content_type).params == {"a": "1"}


def test_charset_of_the_content_type_holds_if_browsers_know_it(read) -> None:
    assert read(b"a=%e9", URLENCODED + "; charset=ISO-8859-1").params == {"a": "é"}
    assert read(b"a=%e9", URLENCODED + "; charset=idna").params == {"a": "\ufffd"}
    assert read(b"a=%e9", URLENCODED, charset="iso-8859-1").params == {"a": "é"}


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/mixed; boundary=B", "x"])
def test_other_types_are_left_unread(read, content_type: str) -> None:
    rfile = io.BytesIO(b'{"a": 1}')
    form = read(rfile, content_type)
    assert (form.is_form, form.params) == (False, {})
    assert rfile.tell() == 0


def test_no_body_and_no_type_is_no_form(read) -> None:
    assert not read(b"", None).is_form
    assert read(b"", URLENCODED).is_form


def test_multipart_fields_and_files(read) -> None:
    form = read(multipart(
        part("a", b"1"),
        part("f", b"\x00\xff", "C:\\x\\y.bin", "Application/X; q=1"),
        part("empty", b"", ""),
        part("a", "é".encode(), None, "text/html; charset=utf-8"),
    ))  # fmt: skip
    assert form.params["a"] == ["1", "é"]
    assert form.filenames == {"a": [None, None], "f": "C:\\x\\y.bin", "empty": ""}
    assert form.types == {"a": ["text/plain", "text/html"], "f": "application/x", "empty": "text/plain"}
    upload = form.params["f"]
    assert isinstance(upload, FormFile)
    assert (upload.filename, upload.type, upload.content_type) == ("C:\\x\\y.bin", "application/x", "application/x")
    assert upload.value == bytes(upload) == upload.file.read() == b"\x00\xff"
    assert len(upload) == 2 and upload
    assert not form.params["empty"]
    assert repr(upload) == "<FormFile 'C:\\\\x\\\\y.bin' application/x 2 bytes>"


def test_three_files_of_one_name_come_in_order(read) -> None:
    form = read(multipart(*(part("f", str(n).encode(), f"{n}.txt") for n in range(3))))
    assert [upload.value for upload in form.params["f"]] == [b"0", b"1", b"2"]
    assert form.filenames == {"f": ["0.txt", "1.txt", "2.txt"]}


def test_charset_of_a_part(read) -> None:
    form = read(multipart(part("a", b"\xe9", None, "text/plain; charset=windows-1252"), part("b", b"\xe9")))
    assert form.params == {"a": "é", "b": "\ufffd"}


def test_dripping_client(read) -> None:
    form = read(Slow(multipart(part("a", b"1"), part("f", b"2\r\n", "x"))))
    assert (form.params["a"], form.params["f"].value) == ("1", b"2\r\n")


def test_body_is_read_to_its_end(read) -> None:
    rfile = io.BytesIO(multipart(part("a", b"1")) + b"epilogue" * 20_000)
    assert read(rfile).params == {"a": "1"}
    assert rfile.read() == b""


def test_multipart_without_any_content_is_an_empty_form(read) -> None:
    form = read(b"")
    assert form.is_form and form.params == {}


def test_a_file_can_seek_and_be_read_like_any_other(read) -> None:
    form = read(multipart(part("x", b"before", "x"), part("f", b"one\ntwo\nthree", "f"), part("y", b"after", "y")))
    upload = form.params["f"]
    assert list(upload) == [b"one\n", b"two\n", b"three"]
    assert upload.read() == b""
    assert upload.file.seek(4) == 4
    assert upload.file.readline() == b"two\n"
    assert upload.file.seek(-5, io.SEEK_END) == 8
    assert upload.read(2) == b"th"
    assert upload.file.seek(1, io.SEEK_CUR) == 11
    assert upload.read() == b"ee"
    upload.file.seek(100)
    assert upload.read() == b""
    assert str(upload) == "one\ntwo\nthree"
    upload.file.seek(0)
    copy = io.BytesIO()
    shutil.copyfileobj(upload.file, copy)
    assert copy.getvalue() == upload.value


def test_seeking_to_nowhere_is_an_error(read) -> None:
    upload = read(multipart(part("f", b"abc", "f"))).params["f"]
    raw = upload.file.raw
    with pytest.raises(ValueError, match="cannot seek to -1, before the start"):
        raw.seek(-1)
    with pytest.raises(ValueError, match="whence must be 0, 1 or 2"):
        raw.seek(0, 7)


def test_files_of_one_form_may_be_read_in_threads(read) -> None:
    contents = [bytes([n]) * 100_000 for n in range(8)]
    form = read(multipart(*(part("f", content, "x") for content in contents)))

    def in_blocks(upload: FormFile) -> bytes:
        return b"".join(iter(lambda: upload.read(1000), b""))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(in_blocks, form.params["f"])) == contents


def test_uploads_move_to_disk_past_the_limit(read) -> None:
    small = read(multipart(part("f", bytes(forms.SPOOL_SIZE), "f")))
    assert not small.spool().file._rolled
    large = read(multipart(part("f", bytes(forms.SPOOL_SIZE), "f"), part("g", b"x", "g")))
    assert large.spool().file._rolled
    assert (len(large.params["f"]), large.params["g"].value) == (forms.SPOOL_SIZE, b"x")


def test_many_small_files_share_one_temporary_file(read, monkeypatch) -> None:
    made: list[object] = []
    real = forms.tempfile.SpooledTemporaryFile
    monkeypatch.setattr(forms.tempfile, "SpooledTemporaryFile", lambda **k: made.append(1) or real(**k))
    form = read(multipart(*(part("f", b"x" * 1000, "f") for _ in range(1000))))
    assert len(form.params["f"]) == 1000
    assert made == [1]


def test_long_text_becomes_a_file_without_a_name(read) -> None:
    form = read(multipart(
        part("short", b"a" * forms.TEXT_SIZE), part("long", b"\xe9" + b"b" * forms.TEXT_SIZE, None,
        "text/x; charset=latin-1"), part("after", b"c"),
    ))  # fmt: skip
    assert form.params["short"] == "a" * forms.TEXT_SIZE
    assert form.params["after"] == "c"
    text = form.params["long"]
    assert isinstance(text, FormFile) and text.filename is None
    assert str(text) == "é" + "b" * forms.TEXT_SIZE
    assert form.filenames == {"short": None, "long": None, "after": None}


def test_memory_stays_constant(read) -> None:
    import tracemalloc

    head = part("f", b"", "f").removesuffix(b"\r\n")
    tracemalloc.start()
    form = read(Endless(head, 32 * MIB))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(form.params["f"]) == 32 * MIB
    assert peak < MIB


@pytest.mark.parametrize("content_type", [URLENCODED, MULTIPART, None])
def test_limit_is_inclusive(read, content_type: str | None) -> None:
    body = multipart(part("a", b"1"))
    assert read(body, content_type, limit=len(body)).is_form
    assert read(body, content_type, limit=None).is_form
    for length in (len(body), None):
        with pytest.raises(RequestBodyError, match=f"more than {len(body) - 1} bytes.*--limit-form") as caught:
            read(body, content_type, limit=len(body) - 1, content_length=length)
        assert caught.value.status == 413


def test_announced_length_past_the_limit_reads_nothing(read) -> None:
    rfile = io.BytesIO(b"a=1")
    with pytest.raises(RequestBodyError):
        read(rfile, URLENCODED, limit=2, content_length=3)
    assert rfile.tell() == 0


def test_endless_upload_stops_at_the_limit(read) -> None:
    head = part("f", b"", "f").removesuffix(b"\r\n")
    with pytest.raises(RequestBodyError, match="more than 1024 bytes"):
        read(Endless(head, 512 * MIB), limit=KIB)


def test_missing_boundary(read) -> None:
    with pytest.raises(RequestBodyError, match="no boundary parameter") as caught:
        read(b"x", "multipart/form-data")
    assert caught.value.status == 400


def test_a_broken_form_leaves_nothing_open(read, monkeypatch) -> None:
    made = []
    real = forms.tempfile.SpooledTemporaryFile
    monkeypatch.setattr(forms.tempfile, "SpooledTemporaryFile", lambda **k: made.append(real(**k)) or made[-1])
    with pytest.raises(RequestBodyError, match="the body ends within part 1") as caught:
        read(part("f", b"x" * 300_000, "f"))
    assert caught.value.status == 400
    assert [file.closed for file in made] == [True]


def test_an_error_of_the_reader_passes_through(read) -> None:
    class Gone(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        read(Gone())


def test_after_close_files_say_so(read) -> None:
    form = read(multipart(part("f", b"x", "f")))
    upload = form.params["f"]
    form.close()
    form.close()
    with pytest.raises(ValueError, match="closed file"):
        upload.value  # noqa: B018
    ParsedForm().close()
