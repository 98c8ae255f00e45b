"""Hot reload: what the new code changes, and that a fault in it changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest

from rawwfile.cherrypy import compiled, hotreload
from rawwfile.cherrypy.build import Order, compile_to_file
from rawwfile.cherrypy.sources import site_of_sources
from rawwfile.cli.reloading import Reloading
from rawwfile.errors import HTTPError

ROOT = """\
def logMessage(message, level=0):
    told.append(message)
def initProgram():
    told = []
def hotReloadInitServer():
    told.append('again')
CherryClass Root:
function:
    def __init__(self):
        self.visits = 0
view:
    def index(self):
        return 'one'
    def old(self):
        return 'old'
"""


SMALL = "CherryClass Root:\nview:\n    def index(self): return 1\n"


class App:
    """An application in the current directory, and its site."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.folder = folder
        self.write(**(files or {"Root": ROOT}))
        self.site = site_of_sources(["Root.cpy"], debug=True)
        self.site.make_instances()

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.cpy").write_text(dedent(text))

    def change(self, old: str, new: str) -> None:
        text = (self.folder / "Root.cpy").read_text()
        assert old in text
        self.write(Root=text.replace(old, new))

    def page(self, path: str = "index") -> Any:
        *instance, name = path.split("/")
        target = self.site.targets[instance[0] if instance else "root"]
        assert name in target.exposed
        return getattr(target.instance, name)()

    @property
    def told(self) -> list[str]:
        return self.site.namespace["told"]

    def reload(self) -> hotreload.Outcome:
        return hotreload.reload(self.site)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., App]:
    """Makes an application of sources given by name."""
    monkeypatch.chdir(tmp_path)
    return lambda **files: App(tmp_path, **files)


def test_changed_methods_and_new_classes_serve(app: Callable[..., App]) -> None:
    one = app()
    one.site.targets["root"].instance.visits = 7
    one.change("'one'", "'two'")
    one.change("    def old", "    def new")
    one.change("CherryClass Root:", "CherryClass Shop:\nview:\n    def index(self): return 'shop'\nCherryClass Root:")
    assert one.reload() == hotreload.Outcome(True, "Hot reload finished")
    assert one.page() == "two"
    assert one.page("shop/index") == "shop"
    assert one.site.targets["root"].exposed == {"index", "new"}
    assert one.site.targets["root"].instance.visits == 0
    assert one.told == ["again", "Hot reload finished"], "initProgram ran again, so the list is new"


def test_what_init_server_made_is_there_and_init_server_is_not_called_again(app: Callable[..., App]) -> None:
    one = app(Root="def initServer():\n    global link\n    link = object()\n" + SMALL.replace("1", "link"))
    one.site.namespace["initServer"]()
    before = one.page()
    one.change("return link", "return link, 'new'")
    assert one.reload().done
    assert one.page() == (before, "new")


def test_a_class_that_is_gone_has_no_instance(app: Callable[..., App]) -> None:
    one = app(Root=SMALL + SMALL.replace("Root", "Shop"))
    one.write(Root=SMALL)
    assert one.reload().done
    assert list(one.site.targets) == ["root"]
    assert "shop" not in one.site.namespace


def test_special_functions_come_and_go(app: Callable[..., App]) -> None:
    one = app(Root="def onError():\n    return 1\ndef initRequest():\n    pass\n" + SMALL)
    one.change("def onError():\n    return 1\n", "def initResponse():\n    return 2\n")
    assert one.reload().done
    assert one.site.special("onError") is None
    assert one.site.special("initRequest") is not None
    assert one.site.namespace["initResponse"]() == 2


def test_a_template_and_a_used_module_are_read_again(app: Callable[..., App]) -> None:
    (Path.cwd() / "part.html").write_text("<p>old</p>\n")
    one = app(
        Root="use Base\nCherryClass Root(Base):\nmask:\n    def index(self):\n"
        '        <py-include="part.html"><py-eval="self.name()">\n',
        Base="CherryClass Base abstract:\nfunction:\n    def name(self): return 'old'\n",
    )
    assert one.page() == "<p>old</p>\nold\n"
    (one.folder / "part.html").write_text("<p>new</p>\n")
    one.write(Base="CherryClass Base abstract:\nfunction:\n    def name(self): return 'new'\n")
    assert one.reload().done
    assert one.page() == "<p>new</p>\nnew\n"


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("return 'one'", "return 'one", r"Root.cpy:13: "),
        ("CherryClass Root:", "CherryClass Root", r"Root.cpy:7: CherryClass declaration line doesn't end with ':'"),
        ("told = []", "told = [] + missing", r"Root.cpy:4: NameError: name 'missing' is not defined"),
        ("self.visits = 0", "raise ValueError, 'no  way'", r"Root.cpy:10: ValueError: no way"),
        ("told.append('again')", "import sys; sys.exit(3)", r"Root.cpy:6: SystemExit: 3"),
    ],
)
def test_a_fault_in_the_new_code_changes_nothing(
    app: Callable[..., App], caplog: pytest.LogCaptureFixture, old: str, new: str, told: str
) -> None:
    one = app()
    before, instance = dict(one.site.namespace), one.site.targets["root"].instance
    one.change(old, new)
    one.change("def old", "def new")
    outcome = one.reload()
    assert not outcome.done
    assert outcome.text.startswith(told)
    assert outcome.text.endswith(". The old code goes on serving.")
    assert one.told == ["Starting hot reload ...", f"Hot reload failed: {outcome.text}"]
    assert one.site.namespace == before
    assert one.site.targets["root"].instance is instance
    assert (one.page(), one.page("old")) == ("one", "old")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    one.change(new, old)
    assert one.reload().done
    assert one.page("new") == "old"


def test_a_fault_in_log_message_stops_nothing(app: Callable[..., App], caplog: pytest.LogCaptureFixture) -> None:
    one = app()
    one.change("told.append(message)", "told.append(missing)")
    one.change("'one'", "'two'")
    assert one.reload().done
    assert one.page() == "two"
    assert "Hot reload finished (logMessage failed: Root.cpy:2: NameError" in caplog.text


def test_only_what_has_changed_is_translated(app: Callable[..., App]) -> None:
    one = app(Root="use Base\n" + ROOT, Base=SMALL.replace("Root", "Base"))
    sources: Any = one.site.recompile
    assert (sources.translator.translated, sources.translator.remembered) == (len(sources.translator._pieces), 0)
    one.change("'one'", "'two'")
    assert one.reload().done
    assert sources.translator.translated == 1
    before = sources.translator.remembered
    assert one.reload().done
    assert (sources.translator.translated, sources.translator.remembered) == (0, before + 1)


def test_a_compiled_application_is_read_again(app: Callable[..., App]) -> None:
    one = app()
    compile_to_file(Order(["Root.cpy"], debug=True))
    one.site = compiled.site_of_compiled("RootServer.py")
    one.site.make_instances()
    one.change("'one'", "'two'")
    compile_to_file(Order(["Root.cpy"], debug=True))
    assert one.reload().done
    assert one.page() == "two"
    (one.folder / "RootServer.py").write_text("not Python at all")
    assert one.reload().text.startswith("RootServer.py was changed after it was compiled")
    assert one.page() == "two"


def test_a_look_at_the_files_reloads_what_has_changed(app: Callable[..., App]) -> None:
    (Path.cwd() / "own.py").write_text("word = 'old'\n")
    one = app(Root="import own\nCherryClass Root:\nview:\n    def index(self): return own.word, 1\n")
    outcomes: list[hotreload.Outcome] = []
    reloading = Reloading(one.site, done=outcomes.append)
    assert not reloading.look()
    one.change(", 1", ", 22")
    assert reloading.look()
    assert one.page() == ("old", 22)
    (one.folder / "own.py").write_text("word = 'newer'\n")
    assert reloading.look()
    assert one.page() == ("newer", 22)
    one.change(", 22", ", (333")
    assert reloading.look()
    assert not reloading.look(), "what is wrong is not tried again until it changes"
    one.change(", (333", ", (4444)")
    assert reloading.look()
    assert one.page() == ("newer", 4444)
    assert [outcome.done for outcome in outcomes] == [True, True, False, True]


def test_a_fault_in_a_module_of_the_application_changes_nothing(app: Callable[..., App]) -> None:
    (Path.cwd() / "own.py").write_text("word = 'old'\n")
    one = app(Root="import own\nCherryClass Root:\nview:\n    def index(self): return own.word\n")
    module = one.site.namespace["own"]
    reloading = Reloading(one.site)
    (one.folder / "own.py").write_text("word = missing\n")
    assert reloading.look()
    assert one.page() == "old"
    assert one.site.namespace["own"] is module
    (one.folder / "own.py").write_text("word = 'mended'\n")
    assert reloading.look()
    assert one.page() == "mended"


@pytest.mark.parametrize(
    "address, near",
    [
        ("", True),
        ("127.0.0.1", True),
        ("127.9.8.7", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("localhost", False),
    ],
)
def test_who_is_near(address: str, near: bool) -> None:
    assert hotreload.is_near(address) is near


def exchange(address: str = "127.0.0.1", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = SimpleNamespace(status=200, headers={}, body=None)
    channel = SimpleNamespace(peer=lambda: (address, 1))
    return SimpleNamespace(request=SimpleNamespace(headers=named), response=response, channel=channel)


def test_the_answer_says_what_came_of_it(app: Callable[..., App]) -> None:
    one = app()
    asked = exchange(host="localhost:8000")
    hotreload.answer(asked, one.site)
    assert (asked.response.status, asked.response.body) == (200, "Hot reload finished\n")
    one.change("CherryClass Root:", "CherryClass Root")
    hotreload.answer(asked, one.site)
    assert asked.response.status == 500
    assert asked.response.body.startswith("Root.cpy:7: ")


@pytest.mark.parametrize(
    "asked",
    [
        exchange("192.0.2.1"),
        exchange(host="attacker.example:8000"),
        exchange(host="192.0.2.1"),
        exchange(x_forwarded_for="192.0.2.1"),
        exchange(via="1.1 proxy"),
    ],
)
def test_strangers_are_refused(app: Callable[..., App], asked: Any) -> None:
    one = app()
    one.change("'one'", "'two'")
    with pytest.raises(HTTPError) as caught:
        hotreload.answer(asked, one.site)
    assert caught.value.status == 403
    assert not hotreload.Door(one.site)(b"GET / HTTP/1.1\r\n", "127.0.0.1")
    assert hotreload.Door(one.site)(b"HOTRELOAD NOW HTTP/1.1\r\n", "192.0.2.1")
    assert one.page() == "one"
    assert one.told == []


def test_without_debug_it_is_only_logged(app: Callable[..., App]) -> None:
    one = app()
    one.site.debug = False
    with pytest.raises(HTTPError) as caught:
        hotreload.answer(exchange(), one.site)
    assert caught.value.status == 501
    assert hotreload.Door(one.site)(b"HOTRELOAD NOW HTTP/1.1\r\n", "127.0.0.1")
    assert one.told == ["Hot reload disabled when not in debug mode ..."] * 2
