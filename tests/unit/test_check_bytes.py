"""`rawwfile check` on bytes: what they are, what is wrong, and the exit code."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rawwfile.cli.main import main
from rawwfile.tape.model import IN, OUT
from rawwfile.tape.reading import tape_of
from rawwfile.tape.wirefile import write_wire

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n"

Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """check(data, options...): exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(data: bytes, *words: str, name: str = "bytes.http") -> tuple[int, str, str]:
        Path(name).write_bytes(data)
        code = main(["check", name, *words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.mark.parametrize(
    ("data", "code", "last"),
    [
        (GET, 0, "bytes.http: request, 27 bytes: nothing bad"),
        (OK, 0, f"bytes.http: response, {len(OK)} bytes: nothing bad"),
        (GET + GET, 0, "bytes.http: request, 54 bytes, 2 exchanges: nothing bad"),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 1, "bytes.http: request, 28 bytes: bad (notes: 1 bad)"),
        (b"GET / HTTP/1.1\r\nHost: a", 1, "bytes.http: request, 23 bytes: bad (notes: 1 bad)"),
        (b"GET / HTTP/1.1\r\n\r\n", 1, "bytes.http: request, 18 bytes: bad (notes: 1 bad)"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 1, "bytes.http: response, 43 bytes: bad"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello", 1, "bytes.http: response, 43 bytes: bad"),
        (b"\x16\x03\x01\x02\x00", 1, "bytes.http: request, 5 bytes: bad (notes: 1 bad)"),
        (b"\r\n\r\n" + GET, 0, "bytes.http: request, 31 bytes: nothing bad"),
        (GET[:-2] + b"Content-Length: 5\r\n\r\nhi", 1, "bytes.http: request, 48 bytes: bad (notes: 1 bad"),
    ],
)
def test_verdict_and_exit_code(check: Check, data: bytes, code: int, last: str) -> None:
    found, out, err = check(data, "--no-lint")
    assert (found, err) == (code, "")
    assert out.splitlines()[-1].startswith(last)


def test_a_fault_is_shown_at_its_line_with_what_to_do(check: Check) -> None:
    _, out, _ = check(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "--no-lint")
    rows = out.splitlines()
    assert rows[0] == f"#1 ▸ GET / HTTP/1.1␍␊{'request line':>26}{'RFC 9112 3':>32}"
    fault = next(index for index, row in enumerate(rows) if "✗ bad: field name ends in a space" in row)
    assert "Host : a" in rows[fault - 1]
    assert "(RFC 9112 5.1)" in rows[fault] + rows[fault + 1]
    assert 'Remove the space before ":".' in out
    assert "#1 = refused" in rows


def test_requests_behind_a_fault_are_not_read(check: Check) -> None:
    code, out, _ = check(GET + b"NONSENSE\r\n\r\n" + GET)
    assert code == 1
    assert "#2 = refused" in out and "#3" not in out


def test_levels(check: Check) -> None:
    data = b"HTTP/1.1 200 OK\nContent-Length: 9\r\n\r\nhello"
    for level, shown in (("good", 3), ("info", 3), ("warning", 2), ("warn", 2), ("bad", 1)):
        code, out, _ = check(data, "--no-lint", "--level", level)
        assert code == 1
        words = [word for word in ("info:", "warning:", "bad:") if f" {word} " in out]
        assert len(words) == shown, level


def test_as_and_method(check: Check) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    assert check(head, "--no-lint")[0] == 1
    assert check(head, "--no-lint", "--method", "HEAD")[0] == 0
    code, out, _ = check(head, "--as", "request", "--no-lint")
    assert code == 1 and ": request, 38 bytes: bad" in out


def test_escapes(check: Check) -> None:
    text = rb"GET / HTTP/1.1\r\n" + b"\n" + rb"Host: a\r\n" + b"\n" + rb"X: \x01\r\n" + b"\n" + rb"\r\n"
    code, out, _ = check(text, "--escapes", "--no-lint")
    assert code == 1 and "X: \\x01" in out
    assert check(text, "--no-lint")[0] == 1
    code, _, err = check(rb"GET \q", "--escapes")
    assert code == 2 and err.startswith("rawwfile check: bytes.http: line 1, column 5:")


@pytest.mark.parametrize(
    "data",
    [
        GET,
        GET + b"\r\n",
        b"\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n\x16\x03\x01",
        b"HTTP/1.1 204 No Content\r\n\r\nmore",
        b"\x00\xff",
    ],
)
def test_the_spans_in_json_are_all_of_the_bytes(check: Check, data: bytes) -> None:
    found = json.loads(check(data, "--json", "--no-lint")[1])
    spans = [span for each in found["exchanges"] for span in each["request_spans"] + each["response_spans"]]
    spans += [span for streams in found["other_spans"].values() for beside in streams.values() for span in beside]
    ends = [0]
    for start, end, _ in sorted(spans):
        assert start == ends[-1]
        ends.append(end)
    assert ends[-1] == len(data)


def test_responses_one_behind_the_other_are_all_read(check: Check) -> None:
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    code, out, _ = check(ok * 3 + b"HTTP/1.0 200 OK\r\n\r\nrest", "--no-lint")
    assert (code, "4 exchanges: nothing bad" in out) == (0, True)
    code, out, _ = check(ok + b"hi" + ok, "--no-lint")
    assert (code, "42 bytes more than its Content-Length of 2" in " ".join(out.split())) == (1, True), out


def test_json(check: Check) -> None:
    code, out, _ = check(GET + GET, "--json", "--no-lint")
    found = json.loads(out)
    assert code == 0
    assert (found["file"], found["what"], found["verdict"]) == ("bytes.http", "request", "good")
    first, second = found["exchanges"]
    assert first["request_spans"][:3] == [[0, 3, "method"], [3, 4, "sp"], [4, 5, "target"]]
    assert (second["request"], second["method"], second["notes"]) == ([27, 54], "GET", first["notes"])
    code, out, _ = check(GET[:-2] + b"Content-Length: +5\r\n\r\n", "--format", "json")
    found = json.loads(out)
    assert code == 1 and found["verdict"] == "bad" and found["notes"]["bad"] == 1
    notes: list[dict[str, Any]] = [each for each in found["exchanges"][0]["notes"] if each["source"] == "rawwfile"]
    assert notes[0]["level"] == "bad" and notes[0]["rule"].startswith("RFC ") and notes[0]["advice"]


def test_hex_and_spans(check: Check) -> None:
    assert "000000  47 45 54 20" in check(GET, "-v")[1]
    assert '0-3       method       "GET"  9112 3.1' in check(GET, "-vv")[1]


def test_secrets(check: Check) -> None:
    data = b"GET / HTTP/1.1\r\nHost: a\r\nCookie: sid=hidden42\r\n\r\n"
    for words in ([], ["--json"], ["-vv"]):
        assert "hidden42" not in check(data, *words)[1]
    assert "hidden42" in check(data, "--secrets")[1]


def test_a_recording_is_read_with_all_its_exchanges(check: Check) -> None:
    bad = OK.replace(b"200 OK", b"200  OK")
    text = io.StringIO()
    write_wire(tape_of([(0.0, IN, GET), (0.1, OUT, OK), (0.5, IN, GET), (0.6, OUT, bad + b"more")]), text)
    code, out, _ = check(text.getvalue().encode(), "--no-lint", name="a.wire")
    assert code == 1
    assert "#1 ▸ 0.000" in out and "#2 = " in out
    assert out.splitlines()[-1].startswith("a.wire: recording, ")
    assert ", 2 exchanges: bad" in out.splitlines()[-1]


def test_a_damaged_recording_is_told_with_its_line(check: Check) -> None:
    code, out, err = check(b'{"wire": 1, "by": "x", "started": "2026-11-21T00:00:00Z", "masked": true}\nno\n')
    assert code == 2 and out == ""
    assert err.startswith("rawwfile check: bytes.http, line 2: ") and err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "rawwfile check: name a FILE to check, or - for stdin."),
        (["none.http"], "rawwfile check: none.http: No such file or directory."),
        (["empty"], "rawwfile check: empty: no bytes to check."),
        (["empty", "--level", "worse"], "rawwfile check: --level: invalid choice: 'worse'"),
        (["empty", "--lint"], "rawwfile check: there is no option --lint. Did you mean --no-lint?"),
        (["empty", "-I", "x"], "rawwfile check: -I, -W and -E are for .cpy files."),
        (["a\x1b[2J"], "rawwfile check: a\\x1b[2J: No such file or directory."),
    ],
)
def test_mistakes_are_one_line(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").touch()
    assert main(["check", *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(message) and err.count("\n") == 1


def test_stdin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Input:
        buffer = io.BytesIO(GET)

    monkeypatch.setattr("sys.stdin", Input())
    assert main(["check", "-"]) == 0
    assert "stdin: request, 27 bytes: nothing bad" in capsys.readouterr().out


def test_several_files_have_the_worst_code(check: Check) -> None:
    Path("bad.http").write_bytes(b"x")
    code, out, _ = check(GET, "bad.http")
    assert code == 1 and "bytes.http: request" in out and "bad.http: request" in out


def test_large_bytes_are_read_whole(check: Check) -> None:
    size = 8 << 20
    code, out, _ = check(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"\xff" * size, "--no-lint")
    assert code == 0 and len(out) < 4000
    assert "more bytes of this" in out


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert capsys.readouterr().out.count("rawwfile check ") >= 4
