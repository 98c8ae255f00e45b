"""Marks of ported classes, and what they mean for URLs and form fields."""

from __future__ import annotations

import pytest

from rawwfile import cherrypy
from rawwfile.cherrypy import CONTINUE, CherryClass, DepthFirst, abstract, hidden, view, xmlrpc
from rawwfile.cherrypy.decorators import marks_of
from rawwfile.cherrypy.package import exposure_of
from tests.port.kit import in_request


def exposed(cherry_class: type) -> list[str]:
    return sorted(exposure_of(cherry_class)[0])


class Base(CherryClass):
    @view
    def index(self) -> str:
        return "index"

    @hidden
    @view
    def part(self) -> str:
        return "part"

    def helper(self) -> str:
        return "helper"

    @xmlrpc
    @view
    def remote(self) -> str:
        return "remote"


def test_views_are_exposed_unless_they_are_hidden() -> None:
    assert exposed(Base) == ["index", "remote"]
    assert exposure_of(Base)[1] == {"remote"}


def test_a_mark_for_xmlrpc_is_not_inherited() -> None:
    child = type("Child", (Base,), {})
    assert exposed(child) == ["index", "remote"]
    assert exposure_of(child)[1] == frozenset()


def test_all_of_a_class_for_xmlrpc_is_for_xmlrpc() -> None:
    child = xmlrpc(type("Child", (Base,), {}))
    assert exposure_of(child) == (frozenset({"index", "remote"}),) * 2


@pytest.mark.parametrize("mark", [abstract, hidden])
def test_an_abstract_or_hidden_class_shows_nothing_itself(mark) -> None:
    assert exposed(mark(type("Closed", (Base,), {}))) == []


def test_an_abstract_class_shows_its_views_in_its_children_and_a_hidden_one_does_not() -> None:
    above, closed = abstract(type("Above", (Base,), {})), hidden(type("Closed", (Base,), {}))
    assert exposed(type("Child", (above,), {})) == ["index", "remote"]
    assert exposed(type("Child", (closed,), {})) == []


def test_a_function_in_front_of_a_view_hides_it() -> None:
    child = type("Child", (Base,), {"index": lambda self: "function"})
    assert exposed(child) == ["remote"]
    assert exposed(type("Grandchild", (child,), {})) == ["remote"]


def test_marks_of_a_class_are_its_own() -> None:
    above = abstract(type("Above", (Base,), {}))
    assert marks_of(above).abstract
    assert not marks_of(type("Child", (above,), {})).abstract


def test_names_that_became_keywords_are_reached_under_the_old_name() -> None:
    class Later(CherryClass):
        @view
        def with_(self, as_: str = "", class_: str = "") -> str:
            return as_ + class_

    assert exposed(Later) == ["with", "with_"]
    assert Later().with_(**{"as": "a", "class_": "c"}) == "ac"
    assert Later().with_("b") == "b"
    with pytest.raises(TypeError):
        Later().with_(**{"class": "c"})


def test_the_path_of_a_class() -> None:
    with in_request(base="http://host"):
        made = type("Air_line", (Base,), {})()
        assert (made.getPath(), made.getPath(0)) == ("http://host/air/line", "/air/line")


def test_parents_depth_first() -> None:
    class Top(CherryClass):
        name = "top"

    class Left(Top):
        pass

    class Both(Top, Left, metaclass=DepthFirst):
        pass

    assert Both.__mro__ == (Both, Top, Left, CherryClass, object)


def test_every_offered_name_is_there() -> None:
    assert cherrypy.__all__ == sorted(cherrypy.__all__)
    for name in cherrypy.__all__:
        assert getattr(cherrypy, name) is not None
    assert repr(CONTINUE) == "CONTINUE"
    with pytest.raises(AttributeError):
        _ = cherrypy.nothing


def test_an_attribute_that_is_not_there_is_told_as_in_2004() -> None:
    with pytest.raises(AttributeError, match="^Base instance has no attribute 'nothing'$"):
        _ = Base().nothing
    assert not hasattr(Base(), "nothing")
