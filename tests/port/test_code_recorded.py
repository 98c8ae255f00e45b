"""Converted programs print under Python 3 what they printed under Python 2.7, or the report says where to look."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

from rawwfile.port.code import convert

_spec = importlib.util.spec_from_file_location("code_kit", Path(__file__).with_name("code_kit.py"))
kit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kit)

UNLIKE = {
    ("texts", 2): "the order of string.whitespace",
    ("texts", 34): "counts the types that `types` has",
    ("dynamic_classes", 14): "writes into __dict__ of a class",
    ("dynamic_classes", 47): "gives a class __nonzero__ from outside",
    ("dynamic_classes", 49): "gives a class __cmp__ from outside",
    ("text_and_numbers", 44): "int(1e20) was a long",
    ("keywords_as_names", 18): "imports a module under a name that is a keyword now",
}


@pytest.mark.parametrize("name", sorted(kit.RECORDED))
def test_program(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recorded = kit.RECORDED[name]["source"]
    assert kit.record.digest(kit.PROGRAMS.get(name, "")) == recorded, "changed: run tests/port/record_code.py"
    found = [each for each in kit.differences(name) if (name, each[0]) not in UNLIKE]
    assert found == []


@pytest.mark.parametrize("name", sorted(kit.PROGRAMS))
def test_converting_a_result_changes_nothing(name):
    made = convert(kit.PROGRAMS[name])
    assert convert(made.text).text == made.text


@pytest.mark.parametrize("name", sorted(kit.PROGRAMS))
def test_the_result_needs_nothing_of_the_compiler(name):
    made = convert(kit.PROGRAMS[name])
    ast.parse(made.text)
    assert "rawwfile.cpy" not in made.text
    assert len(made.rows) >= made.text.count("\n")
    runs = {decision.line for decision in made.decisions if decision.code == "exec" and decision.level == "look"}
    assert "exec(" not in made.text or runs


@pytest.mark.parametrize("name", ["basket", "requests", "exceptions", "loops and dicts", "files and text"])
def test_every_comment_is_kept(name):
    made = convert(kit.PROGRAMS[name])
    for line in kit.PROGRAMS[name].split("\n"):
        if line.strip().startswith("#"):
            assert line.strip() in made.text
