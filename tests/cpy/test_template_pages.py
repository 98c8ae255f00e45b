"""Masks and their pages: recorded from CherryPy 0.10, and what we accept beyond it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cpy.template_kit import make, page

RECORDED = json.loads(Path(__file__).with_name("template_pages.json").read_text("utf-8"))
CASES = [
    pytest.param(group, pair["mask"], pair["page"], id=pair["mask"][:40].replace("\n", "|"))
    for group in RECORDED["groups"]
    for pair in group["pages"]
]


@pytest.mark.parametrize("group, mask, expected", CASES)
def test_the_page_is_that_of_the_original(group: dict[str, Any], mask: str, expected: str) -> None:
    assert make(mask, group["templates"], group["arguments"])() == expected


ACCEPTED = {  # spec 3.10: where 0.10 made a program that did not start
    "empty if": ('a<py-if="1"></py-if>b', "ab\n"),
    "a lone double quote": ('a<py-eval="1">"<py-eval="2">b', 'a1"2b\n'),
    "a second in": ('<py-for="i in [k for k in (1, 2)]"><py-eval="i"></py-for>', "12\n"),
    "half a unit": ('<py-code="\n x = 1\n y = 2\n"><py-eval="x + y">', "3\n"),
    "a blank before a statement": ('<py-exec=" x = 1"><py-eval="x">', "1\n"),
    "a tab before else": ('<py-if="0">a</py-if> \t <py-else>b</py-else>', "b\n"),
    "only debug in an if": ('<py-if="1"><py-debug="x"></py-if>b', "b\n"),
    "_index before a loop": ('<py-for="i in [_index]"><py-eval="i"></py-for>', "-1\n"),
}


@pytest.mark.parametrize("mask, expected", ACCEPTED.values(), ids=ACCEPTED)
def test_what_0_10_could_not_compile(mask: str, expected: str) -> None:
    assert page(mask) == expected


def test_no_lines_make_an_empty_page() -> None:
    assert page("") == ""


@pytest.mark.parametrize("debug, expected", [(True, [2, 3]), (False, [])])
def test_debug_never_writes(debug: bool, expected: list[int]) -> None:
    said: list[object] = []
    mask = 'a<py-debug="1 + 1">b<div py-debug="3">gone<div></div></div>c'
    method = make(mask, debug=debug)
    method.__globals__["debug"] = said.append  # type: ignore[attr-defined]
    assert method() == "abc\n"
    assert said == expected


def test_items_are_evaluated_once() -> None:
    calls: list[int] = []

    def items() -> list[int]:
        calls.append(1)
        return [7]

    assert page('<py-for="i in items()"><py-eval="i"></py-for>', items=items) == "7\n"
    assert calls == [1]


def test_a_return_ends_the_page_from_inside_a_template() -> None:
    assert page('a<py-include="t">b', {"t": "<py-exec=\"return 'early'\">"}) == "early"


def test_a_template_sees_and_sets_the_variables_of_the_mask() -> None:
    mask = '<py-exec="n = 1"><py-include="t"><py-eval="[n, m]">'
    assert page(mask, {"t": '<py-exec="n = n + 1"><py-exec="m = n * 2"/>'}) == "\n[2, 4]\n"
