"""Translated programs print what Python 2.7 printed (recorded by record_python2.py)."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def loaded(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


record = loaded("record_python2")
printed = loaded("python2_kit").printed
RECORDED = json.loads((HERE / "python2_recorded.json").read_text())

# Paid, and said so in the docstrings: no whole division of complex numbers, no L from True + 2L.
UNLIKE = {"a % b", "a // b", "divmod(a, b)"}


@pytest.mark.parametrize("name", sorted(RECORDED["programs"]))
def test_program(name):
    assert printed(record.programs()[name]).split("\n") == RECORDED["programs"][name].split("\n")


@pytest.mark.parametrize("path", sorted((HERE / "python2").glob("*.py2")), ids=lambda path: path.stem)
def test_file(path):
    recorded = path.with_suffix(".out").read_bytes().decode("latin-1")
    assert printed(path.read_text("latin-1"), file=path.name).split("\n") == recorded.split("\n")


def test_every_pair_of_values_agrees_with_the_record():
    got, index, wrong = printed(record.table()).split("\n"), 0, []
    for operator in record.OPERATORS:
        for a in record.VALUES:
            for b in record.VALUES:
                paid = (a == "True" and "2" in b) or (operator in UNLIKE and "2j" in (a, b))
                if got[index] != RECORDED["pairs"][index] and not paid:
                    wrong.append((operator, a, b, got[index], RECORDED["pairs"][index]))
                index += 1
    assert wrong == []
    assert index == len(record.OPERATORS) * len(record.VALUES) ** 2
