"""From URL to method (spec 5): the table of the reference, and the texts of what is not found."""

from __future__ import annotations

import pytest

from rawwfile.cherrypy.failures import CherryError
from rawwfile.cherrypy.mapping import method_for
from rawwfile.cherrypy.site import Target


class Named:
    """An instance whose methods return where they stand."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, method: str) -> object:
        if method.startswith("__"):
            raise AttributeError(method)
        return lambda: f"{self.name}.{method}"


def target(name: str, *exposed: str, xmlrpc: tuple[str, ...] = ()) -> Target:
    return Target(Named(name), frozenset(exposed), frozenset(xmlrpc))


TARGETS = {
    "root": target("root", "index", "x", "one", "sub"),
    "x2": target("x2", "index"),
    "one": target("one", "index"),
    "a": target("a", "b", "index"),
    "a_b": target("a_b", "c", "index"),
    "a_b_c": target("a_b_c", "index"),
    "root_sub": target("root_sub", "index", "foo"),
    "sub2": target("sub2", "index"),
    "empty": target("empty"),
    "noindex": target("noindex", "page"),
    "rpc": target("rpc", "add", "page", xmlrpc=("add",)),
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", "root.index"), ("index", "root.index"), ("root/index", "root.index"), ("root", "root.index"),
        ("root/root", "root.index"), ("x", "root.x"), ("x2", "x2.index"), ("a/b", "a.b"), ("a/b/c", "a_b.c"),
        ("a_b", "a_b.index"), ("a_b/c", "a_b.c"), ("a_b_c", "a_b_c.index"), ("root_sub/foo", "root_sub.foo"),
        ("root/sub/foo", "root_sub.foo"), ("root/sub2", "sub2.index"), ("root/sub", "root.sub"),
    ],
)  # fmt: skip
def test_a_path_leads_to(path: str, found: str) -> None:
    assert method_for(path, TARGETS)() == found


def test_q26_a_view_on_the_shorter_path_wins() -> None:
    assert method_for("one", TARGETS)() == "root.one"


@pytest.mark.parametrize(
    ("path", "tried"),
    [
        ("nothing", '"root.nothing" and "nothing.index"'), ("/x", '".x" and "_x.index"'),
        ("%69ndex", '"root.%69ndex" and "%69ndex.index"'), ("Index", '"root.Index" and "Index.index"'),
        ("empty", '"root.empty" and "empty.index"'), ("noindex", '"root.noindex" and "noindex.index"'),
        ("a/", '"a." and "a_.index"'),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere(path: str, tried: str) -> None:
    with pytest.raises(CherryError) as error:
        method_for(path, TARGETS)
    assert str(error.value) == f"couldn't map URL to an existing non-hidden mask or view (tried {tried})"


def test_without_a_path_one_name_was_tried() -> None:
    with pytest.raises(CherryError, match=r'\(tried "root.index"\)$'):
        method_for("", {})


def test_xmlrpc_and_web_methods_are_kept_apart() -> None:
    assert method_for("rpc/add", TARGETS, xmlrpc=True)() == "rpc.add"
    with pytest.raises(CherryError, match='^Method "add" of CherryClass "rpc" is an XML-RPC method$'):
        method_for("rpc/add", TARGETS)
    with pytest.raises(CherryError, match='^method "page" of CherryClass "rpc" is not an xmlrpc method$'):
        method_for("rpc/page", TARGETS, xmlrpc=True)
