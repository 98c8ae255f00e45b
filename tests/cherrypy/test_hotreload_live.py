"""Hot reload of servers that run: by 0.10's script, by `rawwfile hotreload`, by --reload."""

from __future__ import annotations

import http.client
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rawwfile.cherrypy.build import Order, compile_to_file
from tests.commands import Running, finished, running
from tests.live import Authority

ROOT = """\
import sys
import threading
def logMessage(message, level=0):
    sys.stderr.write('[log] %s\\n' % message)
def initServer():
    global started
    started = 'once'
def hotReloadInitServer():
    logMessage('started ' + started)
CherryClass Root:
view:
    def index(self):
        return 'old'
    def count(self):
        request.sessionMap['n'] = request.sessionMap.get('n', 0) + 1
        return str(request.sessionMap['n'])
    def file(self):
        debug('seen')
        return str(_debug)
"""
OLD_SCRIPT = b"HOTRELOAD NOW HTTP/1.1\r\n"


class Server:
    """A server process and its application's folder."""

    def __init__(self, folder: Path, process: Running, where: str | tuple[str, int]) -> None:
        self.folder, self.process, self.where = folder, process, where
        self.cookie = ""

    def connect(self) -> socket.socket:
        if isinstance(self.where, tuple):
            return socket.create_connection(self.where, 30)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(30)
        connection.connect(self.where)
        return connection

    def get(self, path: str = "/") -> str:
        with self.connect() as connection:
            client = http.client.HTTPConnection("localhost")
            client.sock = connection
            client.request("GET", path, headers={"Cookie": self.cookie} if self.cookie else {})
            response = client.getresponse()
            self.cookie = (response.getheader("Set-Cookie") or self.cookie).partition(";")[0]
            return response.read().decode()

    def send_as_the_old_script(self) -> bytes:
        with self.connect() as connection:
            connection.sendall(OLD_SCRIPT)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(100)

    def change(self, old: str, new: str) -> None:
        source = self.folder / "Root.cpy"
        text = source.read_text()
        assert old in text
        # In one step: a look at the files must not see half of it.
        written = self.folder / "Root.new"
        written.write_text(text.replace(old, new))
        written.replace(source)

    def told(self, pattern: str) -> str:
        return self.process.wait_for(r"^\[log\] " + pattern).string

    @property
    def name(self) -> str:
        return self.where if isinstance(self.where, str) else f"{self.where[0]}:{self.where[1]}"


Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """serve(*words, config="") starts `rawwfile serve Root.cpy WORDS`."""
    started = []

    def start(*words: str, config: str = "", where: str = "", command: list[str] | None = None) -> Server:
        (tmp_path / "Root.cpy").write_text(ROOT)
        (tmp_path / "RootServer.cfg").write_text(config)
        place = ["--unix-socket", where] if where else ["--host", "127.0.0.1", "--port", "0"]
        serving = [sys.executable, "-m", "rawwfile", "serve", "Root.cpy"] if command is None else command
        process = running(*words, *place, cwd=tmp_path, command=serving)
        server = process.__enter__()
        started.append(process)
        if where:
            server.wait_for("^rawwfile .* serves ")
        return Server(tmp_path, server, where or server.address())

    yield start
    for process in started:
        process.__exit__(None, None, None)


@pytest.mark.parametrize("config", ["", "[server]\nthreadPool=3\n", "[server]\nthreading=1\n"])
def test_the_old_script(serve: Serve, config: str) -> None:
    server = serve("-D", config=config)
    assert server.get() == "old"
    server.change("'old'", "'new'")
    assert server.send_as_the_old_script() == b""
    server.told("Starting hot reload ...$")
    server.told("started once$")
    server.told("Hot reload finished$")
    assert server.get() == "new"


def test_without_debug_the_old_script_changes_nothing(serve: Serve) -> None:
    server = serve()
    server.change("'old'", "'new'")
    assert server.send_as_the_old_script() == b""
    server.told("Hot reload disabled when not in debug mode ...$")
    assert server.get() == "old"
    asked = finished("hotreload", server.name, cwd=server.folder)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "Hot reload disabled when not in debug mode ..." in asked.stderr


def test_the_command_shows_the_outcome(serve: Serve) -> None:
    server = serve("-D")
    server.change("'old'", "'new")
    asked = finished("hotreload", server.name, cwd=server.folder)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.startswith("Root.cpy:13: ")
    assert asked.stderr.endswith(". The old code goes on serving.\n")
    server.told("Hot reload failed: Root.cpy:13: ")
    assert server.get() == "old"
    server.change("'new", "'new'")
    asked = finished("hotreload", server.name, cwd=server.folder)
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "Hot reload finished\n", "")
    assert server.get() == "new"


def test_a_socket_file(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> None:
    server = serve("-D", where=str(tmp_path_factory.mktemp("s") / "s"))
    server.change("'old'", "'new'")
    assert finished("hotreload", server.name, cwd=server.folder).stdout == "Hot reload finished\n"
    assert server.get() == "new"
    server.change("'new'", "'newer'")
    server.send_as_the_old_script()
    server.process.wait_for("Hot reload finished")


def test_over_tls(serve: Serve, authority: Authority) -> None:
    server = serve("-D", "--tls-cert", authority.cert_file)
    server.change("'old'", "'new'")
    asked = finished("hotreload", server.name, cwd=server.folder)
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "Hot reload finished\n", "")
    server.told("Hot reload finished$")


def test_sessions_in_memory_are_gone(serve: Serve) -> None:
    server = serve("-D", config="[session]\nstorageType=ram\n")
    assert [server.get("/count"), server.get("/count")] == ["1", "2"]
    assert finished("hotreload", server.name, cwd=server.folder).returncode == 0
    assert server.get("/count") == "1"


def test_the_configuration_object_is_read_again(serve: Serve) -> None:
    server = serve("-D", config="[own]\nword=one\n")
    server.change("'old'", "configFile.get('own', 'word')")
    (server.folder / "RootServer.cfg").write_text("[server]\nsocketPort=1\n[own]\nword=two\n")
    assert finished("hotreload", server.name, cwd=server.folder).returncode == 0
    assert server.get() == "two"


def test_a_saved_file_is_loaded_at_once(serve: Serve) -> None:
    server = serve("--reload")
    assert server.get() == "old"
    server.change("'old'", "missing +")
    server.told("Hot reload failed: Root.cpy:13: ")
    assert server.get() == "old"
    server.change("missing +", "'new'")
    server.told("Hot reload finished$")
    assert server.get() == "new"


def test_a_compiled_application_reloads_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = serve().folder
    monkeypatch.chdir(folder)
    compile_to_file(Order(["Root.cpy"], debug=True))
    server = serve(command=[sys.executable, "RootServer.py"])
    assert server.get("/file") == "1"
    assert (folder / "RootServer.dbg").read_text() == "seen\n"
    server.change("'old'", "'new'")
    compile_to_file(Order(["Root.cpy"], debug=True))
    asked = finished("hotreload", server.name, cwd=folder)
    assert asked.stdout == "Hot reload finished\n"
    assert server.get() == "new"


def test_nobody_there(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        asked = finished("hotreload", str(port), cwd=tmp_path)
    assert asked.returncode == 2
    assert asked.stderr == f"rawwfile hotreload: no server answers on 127.0.0.1:{port}: Connection refused\n"


@pytest.mark.parametrize(
    "words, told",
    [(["1", "2"], "one server at a time"), (["0"], "0 is no port"), (["a:99999"], "99999 is no port")],
)
def test_wrong_words(tmp_path: Path, words: list[str], told: str) -> None:
    asked = finished("hotreload", *words, cwd=tmp_path)
    assert asked.returncode == 2
    assert told in asked.stderr


def test_a_server_of_2004_gives_no_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        heard: list[bytes] = []

        def be_old() -> None:
            connection, _ = listener.accept()
            heard.append(connection.recv(1000))
            connection.close()

        thread = threading.Thread(target=be_old)
        thread.start()
        asked = finished("hotreload", str(listener.getsockname()[1]), cwd=tmp_path)
        thread.join()
    assert heard[0].startswith(b"HOTRELOAD / HTTP/1.1\r\n")
    assert (asked.returncode, asked.stdout) == (0, "Hot reload command sent\n")
