"""`--reload`: saved files, broken ones, and clients that notice neither."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import threading
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from rawwfile.errors import TargetError
from rawwfile.server.reload import WatchedFiles, describe_failure
from tests.commands import PATIENCE, running

PROGRAM = """
    import sys
    from rawwfile.cli.main import main
    from rawwfile.server import reload

    reload.POLL_SECONDS = 0.02
    sys.exit(main(["serve", "--reload", "--port", "0", *sys.argv[1:]]))
"""

SITE = """
    from words import greeting

    class Site:
        rawwfile_application = True

        def __call__(self, exchange):
            if exchange.request.path == "leave":
                import os
                os._exit(9)
            exchange.response.body = greeting

    root = Site()
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM))
    (tmp_path / "shop.py").write_text(textwrap.dedent(SITE))
    (tmp_path / "words.py").write_text("greeting = 'one'\n")
    return tmp_path


@pytest.fixture
def site(place):
    """Serve shop.py, again after each change."""

    def start(*words):
        return running(*(words or ("shop.py",)), cwd=place, command=(sys.executable, "program.py"))

    return start


def ask(process, path="/") -> tuple[int, str]:
    with closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


def ask_until(process, wanted) -> None:
    """Ask until the page has `wanted` in it. Every request must be answered."""
    end = time.monotonic() + PATIENCE
    while wanted not in (answer := ask(process))[1]:
        assert time.monotonic() < end, f"{wanted!r} never came; last: {answer}; log: {process.lines}"


def test_a_saved_file_is_served(place, site):
    with site() as process:
        assert ask(process) == (200, "one")
        # Of the same size, within the same second: what byte code files cannot tell apart.
        for word in ("two", "six", "ten"):
            (place / "words.py").write_text(f"greeting = '{word}'\n")
            ask_until(process, word)
        process.wait_for("words.py has changed: loading the application again")
        assert process.stop() == 0
        assert not (place / "__pycache__").exists()


def test_no_client_is_refused_while_the_code_changes(place, site):
    with site() as process:
        process.address()
        done, failures, answers = threading.Event(), [], set()

        def keep_asking():
            while not done.is_set():
                try:
                    answers.add(ask(process))
                except OSError as error:
                    failures.append(error)

        clients = [threading.Thread(target=keep_asking) for _ in range(4)]
        for client in clients:
            client.start()
        try:
            for word in ("two", "three", "four"):
                (place / "words.py").write_text(f"greeting = '{word}'\n")
                ask_until(process, word)
        finally:
            done.set()
            for client in clients:
                client.join(PATIENCE)
        assert failures == []
        assert (200, "four") in answers


@pytest.mark.parametrize(
    "text, message",
    [
        ("greeting = \n", "words.py:1: SyntaxError: invalid syntax"),
        ("\ngreeting = missing\n", "words.py:2: NameError: name 'missing' is not defined"),
        ("raise SystemExit('no words today')\n", "words.py:1: SystemExit: no words today"),
        ("import json\ngreeting = json.loads('')\n", "words.py:2: JSONDecodeError: Expecting value"),
        ("greetings = 'two'\n", "shop.py:2: ImportError: cannot import name 'greeting' from 'words'"),
    ],
    ids=["syntax", "name", "exit", "in a library", "import"],
)
def test_what_does_not_load_is_shown_until_the_next_save(place, site, text, message):
    with site() as process:
        assert ask(process) == (200, "one")
        (place / "words.py").write_text(text)
        ask_until(process, "500")
        status, page = ask(process)
        assert status == 500
        assert message in page.replace("&#x27;", "'").replace("&#39;", "'")
        assert "Traceback" not in "\n".join(process.lines)
        process.wait_for("Every request is answered with this until a file changes.")
        (place / "words.py").write_text("greeting = 'mended'\n")
        ask_until(process, "mended")
        assert process.stop() == 0


def test_a_site_that_is_broken_from_the_start(place, site):
    (place / "shop.py").write_text("root = (\n")
    with site() as process:
        status, page = ask(process)
        assert status == 500
        assert "shop.py:1: SyntaxError" in page
        (place / "shop.py").write_text(textwrap.dedent(SITE))
        ask_until(process, "one")
        assert process.stop() == 0


def test_a_module_that_is_made_later(place, site):
    os.remove(place / "words.py")
    with site() as process:
        assert ask(process)[0] == 500
        (place / "words.py").write_text("greeting = 'at last'\n")
        ask_until(process, "at last")


def test_a_file_that_is_replaced_by_a_rename(place, site):
    with site() as process:
        assert ask(process) == (200, "one")
        (place / "draft").write_text("greeting = 'renamed'\n")
        os.remove(place / "words.py")
        os.rename(place / "draft", place / "words.py")
        ask_until(process, "renamed")


def test_a_target_that_is_not_there_is_no_page_but_one_line(site):
    with site("chop.py") as process:
        assert process.wait() == 2
        assert len(process.lines) == 1
        process.wait_for("no file chop.py")


def test_a_target_that_goes_away_later_is_a_page(place, site):
    with site("shop.py:root") as process:
        assert ask(process) == (200, "one")
        (place / "shop.py").write_text("rood = None\n")
        ask_until(process, "500")
        (place / "shop.py").write_text(textwrap.dedent(SITE))
        ask_until(process, "one")


def test_a_process_that_ends_by_itself_is_replaced(site):
    with site() as process:
        assert ask(process) == (200, "one")
        with closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
            connection.request("GET", "/leave")
            with pytest.raises(OSError):
                connection.getresponse()
        process.wait_for(r"worker process \d+ has ended.*exit code 9")
        assert ask(process) == (200, "one")


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_it(site, signum):
    with site() as process:
        assert ask(process) == (200, "one")
        assert process.stop(signum) == 0


def test_workers_are_ignored_and_it_says_so(site):
    with site("shop.py", "--workers", "3") as process:
        assert ask(process) == (200, "one")
        process.wait_for("--reload serves with one process; --workers 3 is ignored")


def test_over_tls_the_page_is_over_tls_too(place, site):
    trustme = pytest.importorskip("trustme")
    import ssl
    from http.client import HTTPSConnection

    authority = trustme.CA()
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(place / "cert.pem"))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    (place / "words.py").write_text("greeting = \n")
    with site("shop.py", "--tls-cert", "cert.pem") as process:
        with closing(HTTPSConnection(*process.address(), timeout=PATIENCE, context=context)) as connection:
            connection.request("GET", "/")
            response = connection.getresponse()
            assert response.status == 500
            assert b"words.py:1: SyntaxError" in response.read()


# -- files


def test_watched_files(tmp_path):
    kept, new, gone = (tmp_path / name for name in ("kept.py", "new.py", "gone.py"))
    kept.write_text("1")
    gone.write_text("1")
    files = WatchedFiles([str(kept), str(new), str(gone)])
    assert files.find_change() is None
    gone.unlink()
    assert files.find_change() is None
    new.write_text("1")
    assert files.find_change() == str(new)
    files = WatchedFiles([str(kept)])
    kept.write_text("22")
    files.add([str(kept)])
    assert files.find_change() == str(kept)
    files.keep_only([str(new)])
    assert files.paths == {str(new)}
    assert files.find_change() is None


def test_new_sources_are_noticed_where_one_was_missing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "shop.py").write_text("import words")
    files = WatchedFiles()
    files.watch_sources([str(tmp_path / "lib" / "shop.py")])
    (tmp_path / "notes.txt").write_text("not code")
    assert files.find_change() is None
    (tmp_path / "words.py").write_text("")
    assert files.find_change() == str(tmp_path / "words.py")
    (tmp_path / "words.py").unlink()
    (tmp_path / "lib" / "words.cpy").write_text("")
    assert files.find_change() == str(tmp_path / "lib" / "words.cpy")
    (tmp_path / "lib" / "words.cpy").unlink()
    (tmp_path / "lib" / "shop.py").unlink()
    (tmp_path / "lib").rmdir()
    assert files.find_change() is None


def test_the_number_of_files_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("rawwfile.server.reload.MOST_FILES", 3)
    files = WatchedFiles(str(tmp_path / f"{number}.py") for number in range(10))
    assert len(files.paths) == 3


# -- failures


def failure_of(text, path="shop.py", **names):
    try:
        exec(compile(text, path, "exec"), names)
    except BaseException as error:
        return error
    raise AssertionError("it did not fail")


@pytest.mark.parametrize(
    "text, place, message",
    [
        ("1/0", "shop.py:1", "shop.py:1: ZeroDivisionError: division by zero"),
        ("\nraise KeyError('a\\nb')", "shop.py:2", r"shop.py:2: KeyError: 'a\nb'"),
        ("raise ValueError('two\\nlines')", "shop.py:1", "shop.py:1: ValueError: two lines"),
        ("try:\n 1/0\nexcept Exception as e:\n raise TypeError('x') from e", "shop.py:4", "shop.py:4: TypeError: x"),
        ("raise TargetError('not so')", "shop.py:1", "shop.py:1: not so"),
        ("__import__('json').loads('')", "shop.py:1", None),
    ],
)
def test_a_failure_in_one_line(text, place, message):
    found, line = describe_failure(failure_of(text, TargetError=TargetError))
    assert found is not None and found.endswith(place)
    assert message is None or line.endswith(message)
    assert "\n" not in line


def test_a_failure_that_is_no_files_fault():
    assert describe_failure(TargetError("no such module")) == (None, "no such module")
    assert describe_failure(OSError(5, "broken disk")) == (None, "OSError: [Errno 5] broken disk")


def test_a_failure_behind_one_of_ours():
    ours = TargetError("cannot load shop")
    ours.__cause__ = failure_of("\n\n1/0")
    assert describe_failure(ours) == ("shop.py:3", "shop.py:3: ZeroDivisionError: division by zero")


def test_a_failure_that_goes_round_in_circles():
    one, two = TargetError("one"), TargetError("two")
    one.__cause__, two.__cause__ = two, one
    assert describe_failure(one) == (None, "one")
