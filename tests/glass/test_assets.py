"""The files of the page: small, of this machine alone, and each said what it is for."""

from __future__ import annotations

import re

import pytest

from tests.glass.fake_inspector import ASSETS

FILES = sorted(ASSETS.iterdir())
MODULES = [file for file in FILES if file.suffix == ".js"]
MOST_LINES = 300


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_a_file_is_small_and_asks_nobody_else(file):
    text = file.read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(len, text.splitlines())) <= 130
    addresses = set(re.findall(r"(?:https?:)?//[a-z][^\s\"'`]*", text)) - {"http://www.w3.org/2000/svg"}
    assert not addresses


@pytest.mark.parametrize("file", MODULES, ids=[file.name for file in MODULES])
def test_a_module_says_what_it_and_each_thing_it_gives_is_for(file):
    lines = file.read_text("utf-8").splitlines()
    assert lines[0].startswith("/**")
    bare = [line for before, line in zip(lines, lines[1:], strict=False)
            if re.match(r"export (async )?(function|const) ", line) and not before.strip().endswith("*/")]  # fmt: skip
    assert not bare
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.findall(markup, "".join(lines))


def test_the_page_has_no_inline_script_or_style():
    text = (ASSETS / "index.html").read_text("utf-8")
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", text)
    for name in re.findall(r'(?:href|src)="(assets/[^"]+)"', text):
        assert (ASSETS.parent / name).is_file()
    for name in re.findall(r'from "\./([^"]+)"', "".join(file.read_text("utf-8") for file in MODULES)):
        assert (ASSETS / name).is_file()
