"""README.txt: its commands and its program, run as they are printed."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import subprocess
import sys
import textwrap
from http.client import HTTPConnection

import pytest

from rawwfile.cli.arguments import CommandParser
from rawwfile.settings import OPTIONS
from tests.commands import CHECKOUT, clean_environment, finished, running

README = (CHECKOUT / "README.txt").read_text("utf-8")
BLOCKS = [textwrap.dedent(block).strip("\n") for block in re.findall(r"(?:^(?: {4}.*)?\n)+", README, re.MULTILINE)]

FORM = "application/x-www-form-urlencoded"


def block(start):
    """The indented block that begins with `start`."""
    (found,) = [block for block in BLOCKS if block.startswith(start)]
    return found


def test_it_is_plain_text_of_80_columns_but_for_the_one_command():
    assert README.isascii()
    assert [line for line in README.splitlines() if len(line) > 80] == [f"    {block('python3 -m venv')}"]


def test_the_first_command_serves_the_demo():
    words = shlex.split(block("python3 -m rawwfile demo"))
    assert words[0] == "python3"

    with running(cwd=CHECKOUT, environment={"RAWWFILE_PORT": "0"}, command=[sys.executable, "-S", *words[1:]]) as demo:
        host, port = demo.address()
        demo.wait_for(rf"^  curl -N http://{host}:{port}/howto20/$")
        demo.wait_for(rf"^  curl -i http://{host}:{port}/mistakes/short$")
        curls = [line for line in demo.lines if line.startswith("  curl ")]
        assert len(curls) == 3
        assert demo.stop() == 0


def test_the_second_command_is_the_one_that_ci_runs():
    pattern = re.search(r'sed -n "s/(.*)/\\1/p" "\$top/README.txt"', (CHECKOUT / ".ci" / "run").read_text("utf-8"))[1]
    pattern = pattern.replace("\\(", "(").replace("\\)", ")")

    assert re.findall(pattern, README, re.MULTILINE) == [block("python3 -m venv")]


def test_the_program_puts_exactly_those_bytes_on_the_wire(tmp_path):
    program = block("from rawwfile")
    assert len(program.splitlines()) <= 12
    (tmp_path / "hello.py").write_text(program + "\n", "utf-8")
    shown = block("HTTP/1.1 200 OK").replace("\n", "").replace("\\r\\n", "\r\n").replace("\\n", "\n").encode("ascii")

    with running("serve", "hello.py", "--port", "0", cwd=tmp_path) as server:
        with socket.create_connection(server.address(), timeout=30) as client, client.makefile("rb") as received:
            for _ in range(2):  # the connection stays open for the next request
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                assert received.read(len(shown)) == shown
            client.shutdown(socket.SHUT_WR)
            assert received.read() == b""


def test_the_site_of_2004_runs_in_three_ways_and_its_pages_are_the_same(tmp_path):
    words = [shlex.split(line)[1:] for line in block("rawwfile serve legacy_examples/").splitlines()]
    assert [each[0] for each in words] == ["serve", "compile", "port"]
    shutil.copytree(CHECKOUT / "legacy_examples", tmp_path / "legacy_examples")
    for each in words[1:]:
        with running(*each, cwd=tmp_path) as process:
            assert process.wait() == 0
    pages = []
    for target in (words[0][1], "GuestbookServer.py", "guestbook"):
        with running("serve", target, "--port", "0", cwd=tmp_path) as server:
            connection = HTTPConnection(*server.address(), timeout=30)
            host = {"Host": "guests.test"}
            connection.request("POST", "/sign", "name=Bob+%3Cb%3E&text=x%26y", {**host, "Content-Type": FORM})
            signed = connection.getresponse()
            assert (signed.status, signed.getheader("Location")) == (302, "http://guests.test/")
            connection.close()
            texts = []
            for path in ("/", "/raw", "/sign"):
                connection.request("GET", path, headers=host)
                texts.append(connection.getresponse().read())
                connection.close()
            pages.append(texts)
    assert pages[0] == pages[1] == pages[2]
    index, raw, refused = pages[0]
    assert b"<p><b>Bob &lt;b&gt;</b>: x&amp;y</p>" in index and raw.endswith(b"Bob <b>    x&y\n")
    assert refused.endswith(b"Fill in both, please\n")


def test_the_museum_is_shown_whole_and_exhibit_by_exhibit():
    demo, served, alone = (shlex.split(re.split(r"  +", line)[0]) for line in block("rawwfile demo  ").splitlines())
    assert demo == ["rawwfile", "demo"]
    assert served[:2] == ["rawwfile", "serve"] and alone == ["python", served[2]]
    for command in ([sys.executable, "-m", "rawwfile", *served[1:]], [sys.executable, alone[1]]):
        with running(cwd=CHECKOUT, environment={"RAWWFILE_PORT": "0"}, command=command) as server:
            connection = HTTPConnection(*server.address(), timeout=30)
            connection.request("GET", "/ticks/1")
            assert b"event: tick" in connection.getresponse().read()
            connection.close()
            assert server.stop() == 0


def test_the_page_of_the_bytes_has_an_address_of_its_own():
    words = shlex.split(block("rawwfile demo --wire=web"))

    with running(*words[1:], "--port", "0", cwd=CHECKOUT) as demo:
        page = demo.wait_for(r"http://(127\.0\.0\.1):([0-9]+)/\S*\?t=\S+")
        assert int(page[2]) != demo.address()[1]


def test_the_lines_about_the_bytes_do_what_is_said_of_them(tmp_path):
    (tmp_path / "hello.py").write_text(block("from rawwfile") + "\n", "utf-8")
    live, recorded, show, compare, check = block("rawwfile serve hello.py --wire").splitlines()
    words = shlex.split(re.split(r"  +", recorded)[0])
    with running(*words[1:], "--port", "0", cwd=tmp_path) as server:
        connection = HTTPConnection(*server.address(), timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"Hello, socket\n"
        connection.close()
        assert server.stop() == 0
    assert re.split(r"  +", live)[0] == "rawwfile serve hello.py --wire"
    shown = finished(*shlex.split(show)[1:], cwd=tmp_path)
    assert shown.returncode == 0 and "Hello, socket" in shown.stdout and "hello.py:6" in shown.stdout
    assert shlex.split(re.split(r"  +", compare)[0]) == ["rawwfile", "wire", "compare", "--cases"]
    ours = f"{shlex.quote(sys.executable)} -m rawwfile"
    checked = subprocess.run(
        ["bash", "-c", check.replace("rawwfile", ours)],
        check=False, capture_output=True, text=True, cwd=tmp_path, env=clean_environment(), timeout=30,
    )  # fmt: skip
    assert checked.returncode == 1 and "Host" in checked.stdout


def test_the_course_has_the_labs_that_are_promised(tmp_path):
    assert block("rawwfile lab start 1") in README
    listed = finished("lab", "list", cwd=tmp_path).stdout
    assert int(re.search(r"([0-9]+) labs of", README)[1]) == len(re.findall(r"^ *[0-9]+  ", listed, re.MULTILINE))
    assert "Say hello by hand" in finished("lab", "sheet", "1", cwd=tmp_path).stdout


@pytest.mark.parametrize("line", block("rawwfile serve hello.py            its root").splitlines())
def test_every_line_of_the_cheat_sheet_is_understood(line):
    command = shlex.split(re.split(r"  +", line)[0].partition(";")[0])
    assert command[0] == "rawwfile"
    if command[1] == "serve":
        parser = CommandParser("serve", "", "", "")
        parser.add_argument("targets", nargs="*")
        parser.add_options()
        assert parser.read(command[2:]).targets
    else:
        assert command[1:] in (["demo", "--tls"], ["help"])


def test_the_names_it_gives_an_option_are_right():
    (option,) = [option for option in OPTIONS if option.name == "limit_body"]

    assert f"{option.flag} 64M" in README
    assert f"{option.environment}=64M" in README


def test_the_files_it_names_are_there():
    assert all((CHECKOUT / name).exists() for name in ("legacy_examples", "LICENSE", "legacy_examples/howto20.py"))
