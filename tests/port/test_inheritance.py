"""Aspects, parents and marks of ported classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.port.kit import exposure, from_sources, loaded, page, ported, text_of

DIAMOND = """\
CherryClass G:
view:
    def who(self):
        return 'G'
CherryClass L(G):
CherryClass R(G):
view:
    def who(self):
        return 'R'
CherryClass D(L, R):
CherryClass E(D):
"""


def test_a_method_is_found_depth_first_where_that_matters(tmp_path: Path) -> None:
    made = ported(tmp_path, {"Root.cpy": DIAMOND})
    site = loaded(tmp_path, made)
    assert [page(site, f"{name}.who") for name in "glrde"] == ["G", "G", "R", "G", "G"]
    text = text_of(made, "root.py")
    assert text.count("who = G.who") == 1
    assert "DepthFirst" not in text
    assert [one.code for one in made.report.sorted()].count("lookup") == 1


def test_an_order_of_parents_that_python_3_refuses_gets_a_type_that_takes_it(tmp_path: Path) -> None:
    source = DIAMOND + "CherryClass F(G, L):\nview:\n    def own(self):\n        return self.who()\n"
    made = ported(tmp_path, {"Root.cpy": source})
    site = loaded(tmp_path, made)
    assert page(site, "f.own") == "G"
    assert any(one.code == "lookup" and one.level == "look" for one in made.report.sorted())


MARKED = """\
CherryClass Base abstract:
view:
    def shown(self):
        return 's'
    def covered(self) hidden:
        return 'c'
    def remote(self) xmlrpc:
        return 'r'
CherryClass Root(Base):
function:
    def shown(self):
        return 'no view any more'
view:
    def covered(self):
        return 'open'
CherryClass Closed(Base) hidden:
view:
    def inside(self):
        return 'i'
CherryClass Child(Closed):
view:
    def own(self):
        return self.inside()
CherryClass Calls(Base) xmlrpc:
view:
    def more(self):
        return 'm'
CherryClass Plain(Base):
"""


def test_marks_reach_as_far_as_they_did(tmp_path: Path) -> None:
    made = ported(tmp_path, {"Root.cpy": MARKED})
    site = loaded(tmp_path, made)
    assert exposure(site) == exposure(from_sources(tmp_path))
    assert page(site, "child.own") == "i"


ASPECTS = """\
CherryClass Frame abstract:
aspect:
    (method.type == 'mask') start:
        _page.append('<%s>' % self.label)
    (method.type == 'mask') end:
        _page.append('(%s %s)' % (total, _end))
CherryClass Guard abstract:
aspect:
    (method.name != 'closed' and method.type != 'function') start:
        # Only with the key.
        key = request.paramMap.get('key')
        if key != 'open':
            return self.closed()
    (1) end:
        late = 1
view:
    def closed(self):
        return 'closed'
CherryClass Root(Frame, Guard):
variable:
    label = 'root'
mask:
    def index(self, **kw):
        <py-exec="total = 7"><py-for="i in range(3)"><py-eval="i"></py-for>
view:
    def page(self, **kw): return 'page'
    def other(self, **kw):
        '''Has a docstring.'''
        return 'other'
function:
    def inner(self):
        return 'inner'
"""


@pytest.mark.parametrize("key", ["open", "shut"])
def test_aspects_run_where_they_ran(tmp_path: Path, key: str) -> None:
    made = ported(tmp_path, {"Root.cpy": ASPECTS})
    site, old = loaded(tmp_path, made), from_sources(tmp_path)
    for name in ("index", "page", "other"):
        assert page(site, f"root.{name}", key=key) == page(old, f"root.{name}", key=key)


def test_a_long_aspect_becomes_a_method_and_a_short_one_stands_in_each(tmp_path: Path) -> None:
    text = text_of(ported(tmp_path, {"Root.cpy": ASPECTS}), "root.py")
    assert text.count("def guard_start(self)") == 1
    assert text.count("self.guard_start()") == 3
    assert text.count("# Only with the key.") == 1
    assert text.count("# aspect of Frame: start") == 1


def test_end_code_behind_a_return_is_left_out_and_told(tmp_path: Path) -> None:
    made = ported(tmp_path, {"Root.cpy": ASPECTS})
    messages = [one.message for one in made.report.sorted() if "never ran in page" in one.message]
    assert len(messages) == 1


def test_an_aspect_that_shares_variables_with_its_methods_stays_in_them(tmp_path: Path) -> None:
    source = """\
CherryClass Base abstract:
aspect:
    (1) start:
        found = 'f'
        other = found + n
        third = other
CherryClass Root(Base):
view:
    def a(self, n='1'):
        return third
    def b(self, n='2'):
        n = third + n
        return n
"""
    site = loaded(tmp_path, ported(tmp_path, {"Root.cpy": source}))
    assert (page(site, "root.a"), page(site, "root.b")) == ("f1", "f22")


def test_a_template_that_ends_the_mask_ends_the_method(tmp_path: Path) -> None:
    source = """\
CherryClass Base abstract:
aspect:
    (1) end:
        _page.append('end')
CherryClass Root(Base):
mask:
    def index(self, stop=''):
        before
        <py-code="
            if stop:
                return 'stopped'
        ">after
"""
    site = loaded(tmp_path, ported(tmp_path, {"Root.cpy": source}))
    assert (page(site, "root.index"), page(site, "root.index", stop="1")) == ("before\nafter\nend", "stopped")
