"""`rawwfile wire`: show, send, compare, export and play, against real servers."""

from __future__ import annotations

import io
import itertools
import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rawwfile.cli.main import main
from rawwfile.cli.wire import ACTIONS
from rawwfile.tape.curl_trace import curl_trace
from rawwfile.tape.model import IN, OUT, Tape
from rawwfile.tape.reading import Crossing, add_connection, tape_of
from rawwfile.tape.wirefile import read_wire, write_wire
from tests.live import PATIENCE, Authority, Live
from tests.unit.test_har import check_har

GET = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """wire(words...): exit code, stdout, stderr; in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: str) -> tuple[int, str, str]:
        code = main(["wire", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def write(name: str, data: bytes) -> str:
    Path(name).write_bytes(data)
    return name


def recorded(name: str, *crossed: Crossing, by: str = "") -> str:
    tape = tape_of(crossed, started=1_700_000_000.0)
    for entry in tape.connections[1].stream(OUT).entries:
        entry.by = by or None
    text = io.StringIO()
    write_wire(tape, text)
    return write(name, text.getvalue().encode())


def tape_in(name: str) -> Tape:
    with open(name, encoding="utf-8") as file:
        return read_wire(file)


@pytest.fixture
def hello(serve: Callable[..., Live]) -> Live:
    """A server with pages; plain and with TLS."""
    live = serve()

    @live.page
    def hello() -> str:
        return "hello"

    @live.page
    def other() -> str:
        return "other"

    return live


@pytest.fixture
def trusted(authority: Authority) -> list[str]:
    return ["--cacert", authority.ca_file]


# -- send


def test_send_prints_and_records_the_conversation(hello: Live, wire: Command, trusted: list[str]) -> None:
    write("two.http", GET + GET.replace(b"/hello", b"/other"))
    code, out, err = wire("send", "two.http", hello.url(""), "-o", "talk.wire", *trusted)
    assert (code, err) == (0, "")
    assert "#1 ▸ 0.000  GET /hello HTTP/1.1␍␊" in out and "HTTP/1.1 200 OK␍␊" in out
    assert "#2 = complete: 5 bytes, as its Content-Length says" in out
    assert "closed by the client: every request had its answer" in out
    tape = tape_in("talk.wire")
    assert [(each.target, each.status, each.verdict) for each in tape.exchanges.values()] == [
        ("/hello", 200, "complete"), ("/other", 200, "complete"),
    ]  # fmt: skip
    assert tape.connections[1].scheme == hello.scheme and tape.connections[1].local.endswith(f":{hello.port}")
    code, out, _ = wire("show", "talk.wire")
    assert code == 0 and "GET /other" in out
    assert wire("send", "two.http", hello.url(""), "-o", "talk.wire", *trusted)[0] == 2
    assert wire("send", "two.http", hello.url(""), "-o", "talk.wire", "--force", *trusted)[0] == 0


def test_what_is_broken_is_sent_as_it_is(hello: Live, wire: Command, trusted: list[str]) -> None:
    write("broken.http", GET.replace(b"Host:", b"Host :"))
    code, out, _ = wire("send", "broken.http", hello.url(""), *trusted)
    assert code == 0
    assert "HTTP/1.1 400 Bad Request" in out and "✗ bad: field name ends in a space" in out
    assert "closed by the server" in out


def test_one_by_one_and_escapes(hello: Live, wire: Command, trusted: list[str]) -> None:
    write("typed.txt", rb"GET /hello HTTP/1.1\r\n" + b"\n[pause 0.01]\n" + rb"Host: a\r\n\r\n")
    code, out, _ = wire("send", "typed.txt", hello.url(""), "--escapes", "-o", "a.wire", *trusted)
    assert code == 0 and "200 OK" in out
    assert len(tape_in("a.wire").connections[1].stream(IN).entries) == 2
    write("get.http", GET)
    code, out, _ = wire(
        "send", "get.http", hello.url(""), "--one-by-one", "--pause", "0.001", "-o", "b.wire", *trusted
    )
    assert code == 0 and "200 OK" in out
    assert len(tape_in("b.wire").connections[1].stream(IN).entries) == len(GET)
    code, out, _ = wire("send", "get.http", hello.url(""), "--pause", "0", "-o", "c.wire", *trusted)
    assert len(tape_in("c.wire").connections[1].stream(IN).entries) == 3


def test_a_recording_is_sent_again(hello: Live, wire: Command, trusted: list[str]) -> None:
    recorded("a.wire", (0.0, IN, GET), (0.1, OUT, OK), (0.2, IN, GET), (0.3, OUT, OK))
    code, out, _ = wire("send", "a.wire", hello.url(""), "-o", "b.wire", *trusted)
    assert code == 0 and out.count("200 OK") == 2
    turns = [way for way, _ in itertools.groupby(entry.direction for entry in tape_in("b.wire").connections[1].entries)]
    assert turns == ["in", "out", "in", "out"]


def test_a_dry_run_connects_nowhere(wire: Command) -> None:
    write("get.http", GET + b"X")
    code, out, _ = wire("send", "get.http", "--dry-run", "--one-by-one", "-v")
    assert code == 0
    assert "in 21 pieces" in out and "no response" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["send"], "name a FILE and an ADDRESS"),
        (["send", "get.http", "nowhere"], "nowhere: give host:port, such as 127.0.0.1:8000."),
        (["send", "get.http", "ftp://127.0.0.1:80"], "give host:port, http://host:port or https://host:port."),
        (["send", "get.http", "192.0.2.1:80"], "192.0.2.1 is not this machine;"),
        (["send", "get.http", "127.0.0.1:8000", "--pause", "x"], "--pause x: give seconds from 0 to 60."),
        (["send", "none.http", "127.0.0.1:8000"], "none.http: No such file or directory."),
        (["send", "empty", "127.0.0.1:8000"], "empty: no bytes to send."),
        (["play"], "name a FILE to play, or - for stdin."),
        (["play", "get.http", "127.0.0.1:8000"], "get.http: no .wire file;"),
        (["show"], "name a FILE to show, or - for stdin."),
        (["show", "get.http", "--exchange", "7"], "there is no exchange 7: exchanges 1 to 1 are recorded."),
        (["show", "get.http", "--exchange", "0"], "--exchange 0: give a number from 1 on."),
        (["export", "get.http"], "name one format: --har, --curl-trace,"),
        (["export", "get.http", "--har", "--raw-in"], "name one format: --har, --curl-trace,"),
        (["export", "get.http", "--curl-trace", "--exchange", "1"], "a trace is of whole connections:"),
        (["compare"], "name two .wire files, or one FILE with a response."),
        (["compare", "get.http", "empty"], "get.http: no .wire file;"),
        (["compare", "--cases", "get.http"], "--cases goes without a FILE."),
        (["compare", "get.http", "--clients", "netscape"], "there is no client 'netscape'"),
        (["live"], "there is no action live."),
        (["sendd"], "there is no action sendd. Did you mean send?"),
        (["send", "get.http", "127.0.0.1:1", "--wiat", "1"], "there is no option --wiat. Did you mean --wait?"),
    ],
)
def test_mistakes_are_one_line_and_exit_code_2(wire: Command, words: list[str], message: str) -> None:
    write("get.http", GET)
    write("empty", b"")
    code, out, err = wire(*words)
    assert (code, out) == (2, "")
    assert err.startswith("rawwfile wire: ") and message in err and err.count("\n") == 1


def test_nobody_there(wire: Command) -> None:
    write("get.http", GET)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    code, _, err = wire("send", "get.http", f"127.0.0.1:{port}")
    assert code == 2 and err == f"rawwfile wire: http://127.0.0.1:{port}: Connection refused.\n"


def test_an_unknown_certificate_is_told(authority: Authority, wire: Command) -> None:
    live = Live("https", authority).start()
    try:
        write("get.http", GET)
        code, _, err = wire("send", "get.http", live.url(""))
        assert code == 2 and "(--cacert FILE or --insecure believes it)" in err
        assert wire("send", "get.http", live.url(""), "--insecure")[0] == 0
    finally:
        live.stop()


def test_tls_to_a_server_without_is_told(wire: Command) -> None:
    def answer_in_plain() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(PATIENCE)
            connection.recv(9999)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

    write("get.http", GET)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=answer_in_plain)
        thread.start()
        code, _, err = wire("send", "get.http", f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join(PATIENCE)
    assert code == 2
    assert err.endswith(": no TLS came back; is it plain HTTP? Then write http://.\n")


# -- play


def test_play_finds_the_same_and_what_differs(hello: Live, wire: Command, trusted: list[str]) -> None:
    write("two.http", GET + GET)
    assert wire("send", "two.http", hello.url(""), "-o", "talk.wire", *trusted)[0] == 0
    code, out, _ = wire("play", "talk.wire", hello.url(""), "-o", "again.wire", *trusted)
    assert code == 0 and out == f"2 exchanges on 1 connection with {hello.url('')}: no difference\n"
    assert wire("compare", "talk.wire", "again.wire")[0] == 0
    hello.pages.pages["hello"] = lambda: "HELLO"
    code, out, _ = wire("play", "talk.wire", hello.url(""), "--fast", *trusted)
    assert code == 1
    assert "exchange 2, GET /hello" in out
    assert '    - recorded: 5 bytes, from 0 "hello"\n    + now:      5 bytes, from 0 "HELLO"\n' in out
    assert out.endswith(": 2 differences\n")
    code, out, _ = wire("play", "talk.wire", "--fast", "--json", *trusted)  # at the recorded address
    assert code == 1 and len(json.loads(out)["differences"]) == 2


def test_play_uses_as_many_connections_and_waits_for_answers(hello: Live, wire: Command, trusted: list[str]) -> None:
    tape = tape_of([(0.0, IN, GET), (0.1, OUT, OK), (0.2, IN, GET), (0.3, OUT, OK)])
    add_connection(tape, [(0.05, IN, GET), (0.15, OUT, OK)])
    text = io.StringIO()
    write_wire(tape, text)
    write("three.wire", text.getvalue().encode())
    code, _, _ = wire("play", "three.wire", hello.url(""), "-o", "again.wire", "--ignore", "Server", *trusted)
    assert code == 1
    again = tape_in("again.wire")
    assert [len(connection.exchanges) for connection in again] == [2, 1]
    first = again.connections[1]
    assert first.exchanges[1].began >= (first.exchanges[0].ended or 0.0)


def test_an_answer_that_never_came_is_not_waited_for_again(wire: Command) -> None:
    def answer_half() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(PATIENCE)
            connection.recv(9999)
            connection.sendall(OK[:-2])

    recorded("cut.wire", (0.0, IN, GET), (0.1, OUT, OK[:-2]))
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=answer_half)
        thread.start()
        code, out, _ = wire("play", "cut.wire", f"127.0.0.1:{listener.getsockname()[1]}", "--fast")
        thread.join(PATIENCE)
    assert (code, out.endswith("no difference\n")) == (0, True)


@pytest.mark.parametrize("words", [[], ["--fast"]])
def test_content_that_waited_for_100_waits_again(
    serve: Callable[..., Live], wire: Command, words: list[str]
) -> None:
    live = serve()

    @live.page
    def echo() -> bytes:
        from rawwfile import request

        return bytes(request.rfile.read())

    if live.scheme == "https":
        words = [*words, "--insecure"]
    post = b"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    recorded("a.wire", (0.0, IN, post), (0.1, OUT, interim), (0.2, IN, b"hi"), (0.3, OUT, answer))
    ignored = ["--ignore", "Server", "--ignore", "Content-Type"]
    code, out, _ = wire("play", "a.wire", live.url(""), *ignored, *words)
    assert (code, out.endswith(": no difference\n")) == (0, True), out


def test_hidden_credentials_are_said_to_be_sent_as_asterisks(hello: Live, wire: Command, trusted: list[str]) -> None:
    recorded("a.wire", (0.0, IN, GET[:-2] + b"Cookie: sid=hidden42\r\n\r\n"), (0.1, OUT, OK))
    for words in (["send", "a.wire"], ["play", "a.wire", "--ignore", "Server", "--ignore", "Content-Type"]):
        _, _, err = wire(*words, hello.url(""), *trusted)
        assert err == "rawwfile wire: the recording hides credentials or cookies: asterisks are sent\n"


# -- show, compare, export


def test_show_of_a_recording(wire: Command) -> None:
    recorded("a.wire", (0.0, IN, GET), (0.5, OUT, OK), (1.5, IN, GET), (1.6, OUT, OK), by="hello.py:7")
    code, out, _ = wire("show", "a.wire")
    assert code == 0
    assert "· by hello.py:7" in out and "… 1.000 s …" in out and "22:13:20 UTC" in out
    assert "#1" not in wire("show", "a.wire", "--exchange", "2")[1]
    assert wire("show", "a.wire", "--connection", "1")[1] == out
    found = json.loads(wire("show", "a.wire", "--json")[1])
    connection = found["connections"][0]
    assert [entry["by"] for entry in connection["entries"]] == [None, "hello.py:7"] * 2
    assert connection["exchanges"][1]["response_spans"][0] == [43, 51, "version"]


def test_show_of_raw_bytes_has_no_times(wire: Command) -> None:
    write("get.http", GET)
    code, out, _ = wire("show", "get.http", "-vv")
    assert code == 0 and '"GET"' in out and "0.000" not in out
    assert "not understood" in wire("show", "get.http", "--as", "response")[1]


def test_compare_two_recordings(wire: Command) -> None:
    recorded("a.wire", (0.0, IN, GET), (0.1, OUT, OK))
    recorded("b.wire", (0.0, IN, GET), (0.1, OUT, OK.replace(b"hello", b"Hello")))
    assert wire("compare", "a.wire", "a.wire") == (0, "1 exchange and 1 exchange: no difference\n", "")
    code, out, _ = wire("compare", "a.wire", "b.wire")
    assert code == 1
    assert out.splitlines()[:4] == [
        "exchange 1, GET /hello",
        "  response content, from byte 0",
        '    - a.wire: 5 bytes, from 0 "hello"',
        '    + b.wire: 5 bytes, from 0 "Hello"',
    ]
    found = json.loads(wire("compare", "a.wire", "b.wire", "--json")[1])
    assert found["differ"] and found["differences"][0]["what"] == "response content, from byte 0"


def test_compare_how_clients_read_a_response(wire: Command) -> None:
    write("short.http", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
    code, out, _ = wire("compare", "short.http", "--clients", "http.client,rawwfile")
    assert code == 0 and "http.client" in out and "IncompleteRead" in out
    recorded("a.wire", (0.0, IN, GET), (0.1, OUT, OK))
    found = json.loads(wire("compare", "a.wire", "--exchange", "1", "--clients", "http.client", "--json")[1])
    assert [row["client"] for row in found["rows"]] == ["http.client"]
    code, _, err = wire("compare", "a.wire")
    assert code == 2 and "name the response with --exchange N" in err


def test_export(wire: Command) -> None:
    secret = GET[:-2] + b"Cookie: sid=hidden42\r\n\r\n"
    tape = tape_of([(0.0, IN, secret), (0.1, OUT, OK), (0.2, IN, GET), (0.3, OUT, OK[:-1] + b"O")])
    text = io.StringIO()
    write_wire(tape, text, secrets=True)
    write("a.wire", text.getvalue().encode())
    assert wire("export", "a.wire", "--har", "-o", "a.har") == (0, "", "")
    log = check_har(json.loads(Path("a.har").read_text("utf-8")))
    assert [entry["request"]["url"] for entry in log["entries"]] == ["http://a/hello"] * 2
    assert wire("export", "a.wire", "--har", "-o", "a.har")[0] == 2
    code, _, _ = wire("export", "a.wire", "--raw-in", "-o", "in.http")
    assert code == 0 and Path("in.http").read_bytes() == secret.replace(b"hidden42", b"********") + GET
    wire("export", "a.wire", "--raw-in", "--secrets", "-o", "in.http", "--force")
    assert Path("in.http").read_bytes() == secret + GET
    wire("export", "a.wire", "--raw-out", "--exchange", "2", "-o", "out.http")
    assert Path("out.http").read_bytes() == OK[:-1] + b"O"
    code, out, _ = wire("export", "a.wire", "--curl-trace-ascii", "--no-times")
    assert code == 0 and "\n0000: GET /hello HTTP/1.1\n" in out and "hidden42" not in out
    assert out.splitlines()[0].startswith("== Info:")


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_help_with_three_examples(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["wire", action, "--help"])
    out = capsys.readouterr().out
    assert caught.value.code == 0 and out.startswith(f"usage: rawwfile wire {action} ")
    options, _, examples = out.partition("\nexamples:\n")
    assert examples.count(f"rawwfile wire {action}") >= 3
    assert all(flag in options for flag in re.findall(r"(?<!\S)--?[a-z][a-z-]*", examples))


def test_help_names_the_actions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wire", "--help"]) == 0
    out = capsys.readouterr().out
    assert main(["wire"]) == 2
    assert capsys.readouterr().err == out
    assert all(f"\n  {name} " in out for name in ACTIONS)


# -- curl's own traces


class Recorder:
    """A server for one connection that answers as told and keeps what crossed."""

    def __init__(self, answers: list[bytes]) -> None:
        self.crossed: list[Crossing] = []
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(PATIENCE)
            asked = b""
            while b"\r\n\r\n" not in asked or (b"POST" in asked and not asked.endswith(b"posted")):
                asked += connection.recv(9999)
            self.crossed.append((0.0, IN, asked))
            for answer in self._answers:
                self.crossed.append((0.0, OUT, answer))
            connection.sendall(b"".join(self._answers))

    def stop(self) -> None:
        self._thread.join(PATIENCE)
        self._listener.close()


@pytest.fixture
def curl() -> Iterator[str]:
    found = shutil.which("curl")
    assert found, "needs curl; .ci/run installs it"
    yield found


@pytest.mark.parametrize("flag", ["--trace", "--trace-ascii"])
@pytest.mark.parametrize("post", [False, True])
def test_our_trace_has_the_shape_of_curls_own(curl: str, flag: str, post: bool, tmp_path: Path) -> None:
    long = b"X-Long: " + b"a" * 200 + b"\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 150\r\n" + long + b"\r\n" + b"line\r\nline\x00\xff" + b"z" * 138
    server = Recorder([answer])
    words = [curl, "-q", "-sS", "--noproxy", "*", flag, "trace.txt", "-o", "out", f"http://127.0.0.1:{server.port}/a"]
    subprocess.run([*words, *(["-d", "posted"] if post else [])], check=True, timeout=PATIENCE, cwd=tmp_path)
    server.stop()
    theirs = items_of((tmp_path / "trace.txt").read_text("latin-1"))
    ours = items_of("".join(curl_trace(tape_of(server.crossed), ascii=flag.endswith("ascii"), times=False)))
    assert ours == theirs


def items_of(trace: str) -> list[str]:
    """The items of a trace without what curl says about the connection."""
    items: list[str] = []
    for line in trace.splitlines():
        if line.startswith(("=>", "<=", "== Info")):
            items.append(line)
        else:
            items[-1] += "\n" + line
    return [item for item in items if not item.startswith("== Info")]
