"""What the run time knows of an application (rawwfile.cherrypy.site, units)."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawwfile.cherrypy.site import Plan, Site, base_of, configuration_of, name_of
from rawwfile.cherrypy.units import ClassEntry, debug_function, new_namespace, plan_of, run_units


@pytest.mark.parametrize(
    ("path", "name"),
    [("Root.cpy", "Root"), ("./Foo.cpy", "Foo"), ("../Foo.Bar.cpy", "Foo.Bar"), ("sub/Foo", "Foo"), (".cpy", ".cpy")],
)
def test_h35_only_the_ending_is_cut_from_a_name(path: str, name: str) -> None:
    assert name_of(path) == name
    assert Site(name_of(path), {}).base == f"{name}Server"


def test_the_configuration_lies_beside_the_sources_or_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    base = base_of("src/Root.cpy")
    assert configuration_of(base) == "src/RootServer.cfg"
    (tmp_path / "RootServer.cfg").touch()
    assert configuration_of(base) == "RootServer.cfg"
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "RootServer.cfg").touch()
    assert configuration_of(base) == "src/RootServer.cfg"


def test_instances_are_made_in_order_and_may_use_those_before() -> None:
    space: dict[str, object] = {}
    plan = [Plan("a", lambda: "first"), Plan("b", lambda: f"after {space['a']}", frozenset({"x"}))]
    site = Site("Root", space, plan)
    site.make_instances()
    assert space == {"a": "first", "b": "after first"}
    assert (site.targets["b"].instance, site.targets["b"].exposed) == ("after first", {"x"})


def test_a_constructor_that_fails_leaves_the_targets_as_they_were() -> None:
    site = Site("Root", {}, [Plan("a", lambda: 1)])
    site.make_instances()
    site.plan = [Plan("a", lambda: 2), Plan("b", lambda: 1 // 0)]
    with pytest.raises(ZeroDivisionError):
        site.make_instances()
    assert site.targets["a"].instance == 1


def test_a_special_function_is_looked_up_when_it_is_called() -> None:
    site = Site("Root", {"initServer": 3})
    assert site.special("initServer") is None and site.special("onError") is None
    site.namespace["onError"] = len
    assert site.special("onError") is len


def test_modules_are_there_where_the_code_names_them() -> None:
    space = new_namespace()
    run_units(space, [compile("x = string.upper('a')\ndef f():\n    return time.time()\n", "m.cpy", "exec")])
    assert space["x"] == "A" and space["f"]() > 0
    assert "urllib" not in space


def test_code_that_looks_names_up_itself_has_all_modules() -> None:
    space = new_namespace()
    run_units(space, [compile("def f(text):\n    return eval(text)\n", "m.cpy", "exec")])
    assert {"urllib", "ConfigParser", "whrandom"} <= space.keys()


def test_abstract_classes_have_no_instance() -> None:
    space = {"Root": dict, "Base": list}
    entries = [ClassEntry(None, "Base", frozenset(), frozenset()), ClassEntry("root", "Root", frozenset(), frozenset())]
    assert [(each.name, each.make()) for each in plan_of(space, entries)] == [("root", {})]


def test_debug_appends_to_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    debug_function(False, "RootServer")("nothing")
    write = debug_function(True, "RootServer")
    write("first")
    write(2)
    assert (tmp_path / "RootServer.dbg").read_text() == "first\n2\n"
