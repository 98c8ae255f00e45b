"""rawwfile.adapters.load: from a command line word to an object."""

from __future__ import annotations

import sys

import pytest

from rawwfile.adapters.load import application_for_targets, load_target, module_name
from rawwfile.errors import TargetError

PAGES = """
from rawwfile.adapters.expose import expose
class Root:
    @expose
    def index(self):
        return "index"
    @expose
    def shop_page(self):
        return "page"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A current directory of its own; what is imported from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def write(folder, **files):
    for name, text in files.items():
        path = folder / (name.replace("__in__", "/") + ".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def refused(text):
    with pytest.raises(TargetError) as raised:
        load_target(text)
    message = str(raised.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("shop_a:thing", 1),
        ("shop_a.py:thing", 1),
        ("./shop_a.py:thing", 1),
        ("shop_a.py:Deep.er.value", 2),
        ("shop_a:Deep.er.value", 2),
        ("shop_a.py", "the root"),
        ("shop_a", "the root"),
        ("sub/shop_b.py", "the app"),
        ("sub/shop_c.py", "the application"),
        ("sub.shop_c", "the application"),
        ("sub/shop_d.py:found", "beside"),
    ],
)
def test_targets(folder, text, value):
    write(
        folder,
        shop_a="thing = 1\nclass Deep:\n  class er:\n    value = 2\napp = 3\nroot = 'the root'\n",
        sub__in__shop_b="app = 'the app'\napplication = 3\n",
        sub__in__shop_c="application = 'the application'\n",
        sub__in__shop_d="from shop_beside import found\n",
        sub__in__shop_beside="found = 'beside'\n",
    )
    assert load_target(text) == value


def test_an_absolute_path_and_one_with_colons(folder):
    write(folder, a__in__shop="root = 5")
    assert load_target(str(folder / "a" / "shop.py")) == 5
    assert load_target(f"{folder}/a/shop.py:root") == 5


def test_the_current_directory_comes_first_and_the_files_folder_second(folder):
    write(folder, a__in__shop_e="root = 1")
    sys.path.append(str(folder))
    for _ in range(2):
        load_target("a/shop_e.py")
        assert sys.path[:2] == [str(folder), str(folder / "a")]
        assert sys.path.count(str(folder)) == 1


def test_a_file_is_loaded_once_under_its_own_name(folder):
    write(folder, shop_f="root = object()\nname = __name__\n")
    assert load_target("shop_f.py") is load_target("./shop_f.py:root") is load_target("shop_f:root")
    assert load_target("shop_f.py:name") == "shop_f"
    assert sys.modules["shop_f"].root is load_target("shop_f.py")


def test_a_file_may_have_the_name_of_a_module_that_is_loaded(folder):
    write(folder, site="root = __name__", b__in__site="root = 'b'")
    python_s = sys.modules["site"]
    assert load_target("site.py") == "site_"
    assert load_target("b/site.py") == "b"
    assert load_target("site.py") == "site_"
    assert sys.modules["site"] is python_s


def test_the_name_of_the_module_is_not_main(folder):
    write(folder, shop_g='root = 1\nif __name__ == "__main__":\n    raise SystemExit\n')
    assert load_target("shop_g.py") == 1


FAILURES = [
    ("", 'target "": write module:attribute, path/to/file.py:attribute or path/to/file.py'),
    (":root", 'target ":root": write module:attribute'),
    (".shop:root", "write module:attribute"),
    ("shop.py:", 'after the ":" there must be a name, like shop.py:root'),
    ("shop.py:a..b", 'after the ":" there must be a name'),
    ("shop:make()", "like shop:root (nothing is called: do that in the module)"),
    ("nothing_here:root", "module nothing_here not found (looked in . first, then on Python's own path)"),
    ("sub.nothing:root", "module sub.nothing not found (looked in"),
    ("nothing.at.all:root", 'module nothing.at.all not found: there is no "nothing" (looked in'),
    ("good.attribute", "module good.attribute not found: good is no package; perhaps good:attribute"),
    ("god.py", "no file god.py; perhaps good.py"),
    ("sub/x.py", "no file sub/x.py; perhaps y.py"),
    ("other/x.py", "no file other/x.py: there is no folder other"),
    ("sub/", 'target "sub/": sub/ is a directory; name a file in it'),
    ("folder.py", "folder.py is a directory; name a .py file in it"),
    ("sub/y", 'target "sub/y": a file must end in .py, a module has dots for slashes; perhaps sub/y.py'),
    ("good.py:rot", 'good.py has no "rot"; perhaps root'),
    ("good:root.uper", 'good:root has no "uper"; perhaps upper'),
    ("good.py:zzz", 'good.py has no "zzz"; it has root, thing'),
    ("noroot.py", "noroot.py has none of root, app, application (it has one, two); say which: noroot.py:NAME"),
    ("empty.py", "empty.py has none of root, app, application (it defines no name at all)"),
    ("syntax.py", "syntax.py:2:7: invalid syntax: def x(:"),
    ("syntax:root", "syntax.py:2:7: invalid syntax: def x(:"),
    ("importer.py", "syntax.py:2:7: invalid syntax: def x(:"),
    ("raising.py", "raising.py failed on import at raising.py:3: ValueError: two lines"),
    ("raising:root", "raising failed on import at raising.py:3: ValueError: two lines"),
    ("deep.py", "deep.py failed on import at raising.py:3: ValueError: two lines"),
    ("in_json.py", "in_json.py failed on import at in_json.py:2: JSONDecodeError: Expecting value"),
    ("lacking.py", "lacking.py failed on import of nothing_here at lacking.py:2: there is no such module"),
    ("lacking:root", "lacking failed on import of nothing_here at lacking.py:2: there is no such module"),
    ("itself:root", "itself failed on import of itself.more at itself.py:1: there is no such module"),
    ("misnamed.py", "misnamed.py failed on import at misnamed.py:1: ImportError: cannot import name 'rot'"),
    ("leaving.py", "leaving.py ended the program on import at leaving.py:1; put what it starts under if"),
    ("failing_class.py", "failing_class.py: making an instance of the class failed at failing_class.py:3: OSError: no"),
    ("asking_class.py", "asking_class.py: making an instance of the class failed: TypeError: "),
]


@pytest.mark.parametrize(("text", "message"), FAILURES)
def test_failures_are_one_line_that_says_where(folder, text, message):
    (folder / "folder.py").mkdir()
    write(
        folder,
        good="root = 'text'\nthing = 1\n",
        sub__in__y="root = 1",
        noroot="one = 1\ntwo = 2\n",
        empty="",
        syntax="a = 1\ndef x(:\n  pass\n",
        importer="import syntax\n",
        raising="def f():\n    # below\n    raise ValueError('two\\nlines')\nf()\n",
        deep="import raising\n",
        in_json="import json\njson.loads('')\n",
        lacking="a = 1\nimport nothing_here\n",
        itself="import itself.more\n",
        misnamed="from good import rot\n",
        leaving="raise SystemExit(3)\n",
        failing_class="class root:\n    def __init__(self):\n        raise OSError('no')\n",
        asking_class="class root:\n    def __init__(self, a):\n        pass\n",
    )
    for _ in range(2):  # a second try says the same: nothing half loaded stays
        assert message in refused(text)


def test_a_file_that_cannot_be_read_as_text(folder):
    (folder / "latin.py").write_bytes(b"root = '\xe9'\n")
    assert "latin.py" in refused("latin.py")


def test_an_interrupt_is_not_swallowed(folder):
    write(folder, interrupted="raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load_target("interrupted.py")


def test_a_class_of_pages_is_instantiated_and_a_wsgi_class_is_not(folder):
    write(
        folder,
        shop_h=PAGES + "root = Root\nclass App:\n  def __init__(self, environ, start_response): pass\n",
    )
    assert type(load_target("shop_h.py")).__name__ == "Root"
    assert isinstance(load_target("shop_h.py:App"), type)


@pytest.mark.parametrize(
    ("text", "name"),
    [("a/shop.py", "shop"), ("a/shop.py:root", "shop"), ("web.shop:root", "shop"), ("shop", "shop")],
)
def test_names_of_modules(text, name):
    assert module_name(text) == name


def test_several_targets_are_mounted_under_their_modules(folder):
    write(folder, main=PAGES + "root = Root()", blog=PAGES + "root = Root", a__in__wiki=PAGES + "tree = Root()")
    app = application_for_targets(["main.py", "blog:root", "a/wiki.py:tree"])
    assert type(app.root).__name__ == "Root"
    assert set(app.mounts) == {"blog", "wiki"}
    assert application_for_targets(["main.py"]).mounts == {}


@pytest.mark.parametrize(
    ("texts", "interface", "message"),
    [
        ([], "auto", "no target: name what to serve"),
        (["main.py", "wsgi_app.py"], "auto", "the one for /wsgi_app is the function app(environ, start_response)"),
        (["wsgi_app.py", "main.py"], "auto", "each must be a page tree, and the first is the function app"),
        (["main.py", "blog.py", "a/blog.py"], "auto", 'two targets would be mounted at "/blog"'),
        (["main.py", "shop_page.py"], "auto", 'the first target has a page "/shop_page" already'),
        (["main.py", "_hidden.py"], "auto", '"/_hidden" would never be reached'),
        (["main.py", "blog.py"], "wsgi", "with --interface wsgi give one"),
        (["main.py", "empty.py:text"], "auto", "the target is a str object"),
    ],
)
def test_several_targets_that_do_not_go_together(folder, texts, interface, message):
    write(
        folder,
        main=PAGES + "root = Root()",
        blog=PAGES + "root = Root()",
        a__in__blog=PAGES + "root = Root()",
        shop_page=PAGES + "root = Root()",
        _hidden=PAGES + "root = Root()",
        empty="text = ''",
        wsgi_app="def app(environ, start_response):\n    return []\n",
    )
    with pytest.raises(TargetError) as raised:
        application_for_targets(texts, interface)
    assert message in str(raised.value)


def test_a_ready_page_tree_can_be_mounted(folder):
    write(
        folder,
        main="from rawwfile.adapters.pages import PageTree" + PAGES + "root = PageTree(Root())",
        blog=PAGES + "root = Root()",
    )
    app = application_for_targets(["main.py", "blog.py"])
    assert type(app.root).__name__ == "Root"
