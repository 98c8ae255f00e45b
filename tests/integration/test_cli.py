"""The command line as processes of their own: start-up, errors, every way to say what and where to serve."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import trustme

from tests.commands import CHECKOUT, clean_environment, finished, running

PAGES = """
from rawwfile import expose, request

class Root:
    @expose
    def index(self):
        return f"pages at {request.base}"

root = Root()
"""

WSGI = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"wsgi"]
"""


@pytest.fixture
def folder(tmp_path):
    """A working directory with an application of each kind."""
    (tmp_path / "hello.py").write_text(PAGES, "utf-8")
    (tmp_path / "gate.py").write_text(WSGI, "utf-8")
    return tmp_path


def get(address, path="/", tls=None):
    """Status and text of one page."""
    host, port = address
    if tls is None:
        connection = http.client.HTTPConnection(host, port, timeout=30)
    else:
        connection = http.client.HTTPSConnection(host, port, timeout=30, context=tls)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


def answers(address):
    """The page, over and over, while one process takes over from another on the same socket.

    The old one may still answer, or close a connection that it took and has read nothing of.
    """
    for _ in range(1000):
        try:
            yield get(address)[1]
        except ConnectionError:
            continue


# -- what is served ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "path", "text"),
    [
        (["hello.py"], "/", "pages at http://127.0.0.1:"),
        (["hello.py:root"], "/", "pages at"),
        (["hello.py:Root"], "/", "pages at"),
        (["hello"], "/", "pages at"),
        (["hello:root"], "/", "pages at"),
        (["gate:app"], "/", "wsgi"),
        (["--interface", "wsgi", "gate.py"], "/", "wsgi"),
        (["--interface", "pages", "hello.py"], "/", "pages at"),
        (["hello.py", "hello"], "/hello", "pages at"),
    ],
    ids=" ".join,
)
def test_targets(folder, words, path, text):
    with running("serve", "--port", "0", *words, cwd=folder) as server:
        status, body = get(server.address(), path)

    assert status == 200
    assert body.startswith(text)


def test_options_may_stand_between_targets(folder):
    with running("serve", "hello.py", "--port", "0", "hello", cwd=folder) as server:
        assert get(server.address(), "/hello")[0] == 200


def test_a_bare_checkout_needs_nothing_installed(folder):
    shutil.copy(folder / "hello.py", folder / "elsewhere.py")
    bare = [sys.executable, "-S", "-s", "-m", "rawwfile"]

    with running("serve", str(folder / "elsewhere.py"), "--port", "0", cwd=CHECKOUT, command=bare) as server:
        assert get(server.address())[0] == 200


def test_static_content_before_pages(folder):
    (folder / "files").mkdir()
    (folder / "files" / "a.txt").write_text("static", "utf-8")
    (folder / "site.conf").write_text("[server]\nsocketPort=0\n[staticContent]\nfiles=files\n", "utf-8")

    with running("serve", "hello.py", "--config", "site.conf", cwd=folder) as server:
        assert get(server.address(), "/files/a.txt") == (200, "static")
        assert get(server.address())[1].startswith("pages at")


def test_static_content_needs_no_target(folder):
    (folder / "site.conf").write_text("[staticContent]\nhello=hello.py\n", "utf-8")

    with running("serve", "--port", "0", "--config", "site.conf", cwd=folder) as server:
        assert get(server.address(), "/hello") == (200, PAGES)
        assert get(server.address())[0] == 404


# -- where, and how it is said -------------------------------------------------------------------


def test_the_first_line_is_the_address(folder):
    with running("serve", "hello.py", "--port", "0", cwd=folder) as server:
        match = server.wait_for(r"^rawwfile \S+ serves hello.py on http://127.0.0.1:(\d+)/ \(Ctrl-C stops\)$")

        assert int(match[1]) > 0
        assert server.lines == [match[0]]


def test_an_ipv6_address_is_in_brackets(folder):
    with running("serve", "hello.py", "--port", "0", "--host", "::1", cwd=folder) as server:
        server.wait_for(r" on http://\[::1\]:\d+/ ")

        assert get(server.address())[0] == 200


def test_every_interface_is_shown_with_an_address_that_works(folder):
    with running("serve", "hello.py", "--port", "0", "--host", "0.0.0.0", cwd=folder) as server:
        server.wait_for(r" on http://127\.0\.0\.1:(\d+)/ and on every other address of this machine, port \1 ")

        assert get(server.address())[0] == 200


def test_a_unix_socket(folder):
    with running("serve", "hello.py", "--unix-socket", "s", cwd=folder) as server:
        server.wait_for(r" on http\+unix:s ")
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30)
            client.connect(str(folder / "s"))
            client.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")

            assert client.recv(12) == b"HTTP/1.1 200"
        assert server.stop() == 0
    assert not (folder / "s").exists()


def test_https(folder):
    authority = trustme.CA()
    pair = authority.issue_cert("127.0.0.1")
    pair.private_key_pem.write_to_path(folder / "key.pem")
    pair.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    client = ssl.create_default_context()
    authority.configure_trust(client)

    with running("serve", "hello.py", "--port=0", "--tls-cert=cert.pem", "--tls-key=key.pem", cwd=folder) as server:
        server.wait_for(r" on https://127\.0\.0\.1:\d+/ ")

        assert get(server.address(), tls=client)[1].startswith("pages at https://127.0.0.1:")


def test_environment_and_file(folder):
    (folder / "site.conf").write_text("[server]\nsocketPort=1\nsocketHost=::1\nforking=1\n", "utf-8")
    environment = {"RAWWFILE_CONFIG": "site.conf", "RAWWFILE_PORT": "0", "RAWWFILE_PROTT": "1"}

    with running("serve", "hello.py", cwd=folder, environment=environment) as server:
        assert server.address()[0] == "::1"
        server.wait_for(r"warning site\.conf:4: forking does nothing here: use workers=N")
        server.wait_for(r"warning RAWWFILE_PROTT is not read\. Did you mean RAWWFILE_PORT\?")


# -- logs ----------------------------------------------------------------------------------------


def test_the_access_log_is_a_file(folder):
    with running("serve", "hello.py", "--port", "0", "--access-log", "log", cwd=folder) as server:
        get(server.address(), "/nowhere")
        assert server.stop() == 0

    assert '"GET /nowhere HTTP/1.1" 404 ' in (folder / "log").read_text("utf-8")


def test_the_access_log_goes_to_stderr_in_a_format(folder):
    words = ("--access-log", "-", "--access-log-format", "json")

    with running("serve", "hello.py", "--port", "0", *words, cwd=folder) as server:
        get(server.address())
        server.wait_for(r'^\{.*"status": ?200')


def test_no_access_log_where_stderr_is_no_terminal(folder):
    with running("serve", "hello.py", "--port", "0", "--log-level", "warning", cwd=folder) as server:
        get(server.address())
        assert server.stop() == 0

        assert len(server.lines) == 1


# -- stopping, workers, reload -------------------------------------------------------------------


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("words", [[], ["--workers", "2"], ["--reload"]], ids=" ".join)
def test_a_signal_stops_it_with_exit_code_0(folder, words, signum):
    with running("serve", "hello.py", "--port", "0", *words, cwd=folder) as server:
        assert get(server.address())[0] == 200

        assert server.stop(signum) == 0
        assert not any("Traceback" in line for line in server.lines)


def test_reload_serves_the_changed_file(folder):
    with running("serve", "hello.py", "--port", "0", "--reload", cwd=folder) as server:
        assert get(server.address())[1].startswith("pages at")
        (folder / "hello.py").write_text(PAGES.replace("pages at", "changed at"), "utf-8")
        server.wait_for(r"info hello\.py has changed")

        assert any(text.startswith("changed at") for text in answers(server.address()))


# -- what cannot start ---------------------------------------------------------------------------

FAULTS = [
    # words, files of the working directory, the line
    (["nowhere.py"], {}, "rawwfile serve: no file nowhere.py"),
    (["nowhere:root"], {}, "rawwfile serve: module nowhere not found"),
    (["hello:rot"], {}, 'rawwfile serve: hello has no "rot"; perhaps root'),
    (["broken.py"], {"broken.py": "def f(:\n"}, "rawwfile serve: broken.py:1:"),
    (["broken.py"], {"broken.py": "import nowhere\n"}, "rawwfile serve: broken.py failed on import of nowhere"),
    (["broken.py"], {"broken.py": "root = 1 / 0\n"}, "rawwfile serve: broken.py failed on import at broken.py:1: Zero"),
    (["empty.py"], {"empty.py": "x = 1\n"}, "rawwfile serve: empty.py has none of root, app, application"),
    (["hello.py", "--host", "192.0.2.1"], {}, "rawwfile serve: address 192.0.2.1 is not one of this machine."),
    (["hello.py", "--unix-socket", "hello.py"], {}, "rawwfile serve: hello.py exists and is no socket"),
    (["hello.py", "--tls-cert", "no.pem"], {}, "rawwfile serve: --tls-cert no.pem cannot be read"),
    (["hello.py", "--access-log", "no/log"], {}, "rawwfile serve: --access-log no/log: No such file or directory."),
    (["hello.py", "--config", "c"], {"c": "[server]\nx=1\n"}, "rawwfile serve: c:2: [server] has no key"),
]


@pytest.mark.parametrize(("words", "files", "message"), FAULTS, ids=lambda part: part if type(part) is str else "")
@pytest.mark.parametrize("more", [[], ["--workers", "2"]], ids=["one process", "workers"])
def test_a_fault_is_one_line_and_exit_code_2(folder, words, files, message, more):
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")

    done = finished("serve", "--port", "0", *words, *more, cwd=folder)

    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert done.returncode == 2


@pytest.mark.parametrize("words", [["serve", "hello.py"], ["demo"]], ids=" ".join)
def test_a_port_in_use_is_one_line_and_exit_code_2(folder, words):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = finished(*words, "--port", str(port), cwd=folder)

    assert done.returncode == 2
    assert done.stderr == (
        f"rawwfile {words[0]}: port {port} is taken (address in use). "
        "Try --port 0 for a free one, or stop the program that holds it.\n"
    )


def test_the_tls_demo_without_its_extra_says_what_to_install():
    bare = [sys.executable, "-S", "-s", "-m", "rawwfile"]

    done = finished("demo", "--tls", "--port", "0", cwd=CHECKOUT, command=bare)

    assert done.returncode == 2
    assert done.stderr == (
        'rawwfile demo: the TLS demo needs the "tls" extra, which is not installed: pip install "rawwfile[tls]"\n'
    )


def test_a_reader_that_goes_away_is_no_error():
    with subprocess.Popen(
        [sys.executable, "-m", "rawwfile", "help", "settings"],
        cwd=CHECKOUT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()

        assert process.stderr.read() == b""
        assert process.wait(30) == 0


# -- installed -----------------------------------------------------------------------------------


def files_of(package: str) -> list[str]:
    """The files of a package, data too; what tools leave behind is hidden or a cache."""
    found = (path.relative_to(CHECKOUT) for path in (CHECKOUT / package).rglob("*") if path.is_file())
    return [str(path) for path in found if not any(part[0] == "." or part == "__pycache__" for part in path.parts)]


def test_an_installed_wheel_has_all_it_needs(tmp_path):
    source, empty = tmp_path / "source", tmp_path / "empty"
    source.mkdir()
    empty.mkdir()
    for name in ("setup.py", "pyproject.toml", "README.txt", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    for name in ("rawwfile", "legacy_examples"):
        shutil.copytree(CHECKOUT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", tmp_path, source], check=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert set(archive.namelist()) >= set(files_of("rawwfile"))
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", "--no-index", wheel], check=True, timeout=300)
    installed = {"PYTHONPATH": "", "PATH": os.defpath}
    command = [str(Path(python).parent / "rawwfile")]

    assert finished("help", "handlers", cwd=empty, environment=installed, command=command).returncode == 0
    with running("demo", "--port", "0", cwd=empty, environment=installed, command=command) as server:
        page = get(server.address())[1]

        assert all(f'href="/{file.stem}/"' in page for file in (CHECKOUT / "legacy_examples").glob("*.py"))
    (empty / "hello.py").write_text(PAGES, "utf-8")
    with running("serve", "hello:root", "--port=0", cwd=empty, environment=installed, command=command) as server:
        assert get(server.address())[0] == 200
