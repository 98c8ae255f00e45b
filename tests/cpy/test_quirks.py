"""Quirks that applications rely on, and holes that stay shut (spec 21), with all rooms together."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawwfile.cpy.errors import CpyError
from tests.cpy import whole


def mask(folder: Path, text: str, **files: str) -> str:
    """Return the page of a mask with this text."""
    rows = "\n".join("        " + row if row.strip() else row for row in text.split("\n"))
    named = {f"{name}.html": content for name, content in files.items()}
    return whole.app(folder, {"Root.cpy": f"CherryClass Root:\nmask:\n    def m(self):\n{rows}\n", **named}).root.m()


def view(folder: Path, code: str, above: str = "") -> object:
    """Return what a view with this body returns."""
    rows = "\n".join("        " + row for row in code.split("\n"))
    return whole.app(folder, f"{above}CherryClass Root:\nview:\n    def v(self):\n{rows}\n").root.v()


def test_h33_a_lone_quote_between_tags(tmp_path: Path) -> None:
    assert mask(tmp_path, '<py-eval="1">"<py-eval="2">') == '1"2\n'


def test_h33_an_empty_py_if(tmp_path: Path) -> None:
    assert mask(tmp_path, '<py-if="1"></py-if>a<py-if="0"></py-if><py-else>b</py-else>') == "ab\n"


def test_h33_a_list_comprehension_in_py_for(tmp_path: Path) -> None:
    assert mask(tmp_path, '<py-for="i in [j for j in (1, 2)]"><py-eval="i + j"></py-for>') == "34\n"


def test_h35_only_the_ending_of_a_name_is_cut(tmp_path: Path) -> None:
    whole.written(tmp_path, {"a.b/Foo.Bar.cpy": "CherryClass Root:\nmask:\n    def m(self):\n        x\n"})
    program, files = whole.compiled(tmp_path, ["./a.b/Foo.Bar"])
    assert whole.run(program).root.m() == "x\n"


def test_h36_a_file_of_the_application_shadows_nothing_of_ours(tmp_path: Path) -> None:
    code = "import string, rawwfile\nreturn string.upper('x'), rawwfile.__name__"
    whole.written(tmp_path, {"rawwfile.py": "print 'shadow'", "httpTools.py": "print 'shadow'"})
    assert view(tmp_path, code) == ("X", "rawwfile")


def test_h37_the_items_of_py_for_are_worked_out_once(tmp_path: Path) -> None:
    text = '<py-exec="calls = []"><py-for="i in calls.append(1) or [1, 2]"><py-eval="_end"></py-for><py-eval="calls">'
    assert mask(tmp_path, text) == "11[1]\n"


def test_q01_comment_lines_go_even_out_of_masks_and_strings(tmp_path: Path) -> None:
    assert mask(tmp_path, "a\n#menu { color: red }\n   # b\nc #d") == "a\nc #d\n"
    assert view(tmp_path, "return '''a\n# b\nc'''") == "a\n        c"


def test_q02_blank_lines_go_and_white_space_stays(tmp_path: Path) -> None:
    assert mask(tmp_path, "a\n\n  b\n\n\nc") == "a\n  b\nc\n"
    assert mask(tmp_path, '<py-for="i in range(2)">\n    <py-eval="i">\n</py-for>') == "\n    0\n\n    1\n\n"


def test_q03_blanks_at_the_ends_of_lines_go(tmp_path: Path) -> None:
    assert mask(tmp_path, "a  \t\nb ") == "a\nb\n"
    assert view(tmp_path, "return '''a  \nb '''") == "a\n        b '''"[:-3]


ASPECTS = """\
CherryClass G abstract:
aspect:
    * start:
        order.append('g' + method_name)
CherryClass N1(G) abstract:
aspect:
    * start:
        order.append('n1')
    (method.type != 'mask') end:
        order.append('n1 end')
CherryClass N2(G) abstract:
aspect:
    * start:
        order.append('old')
aspect:
    * start:
        order.append('n2')
CherryClass Root(N1, N2):
function:
    def __init__(self):
        order.append('init')
    def f(self):
        order.append('f')
"""


def test_q04_q05_order_of_aspects_and_the_section_that_replaces(tmp_path: Path) -> None:
    source = "def initProgram():\n    order = []\n    method_name = ''\n" + ASPECTS
    site = whole.app(tmp_path, source)
    assert site.order == ["g", "g", "n1", "n2", "init", "n1 end"]
    del site.order[:]
    site.root.f()
    assert site.order == ["g", "g", "n1", "n2", "f", "n1 end"]


def test_q06_marks_for_xmlrpc_are_not_inherited(tmp_path: Path) -> None:
    whole.written(
        tmp_path,
        {"Root.cpy": "CherryClass A:\nview:\n    def x(self) xmlrpc:\n        return 1\nCherryClass Root(A):\n"},
    )
    classes = whole.compiled(tmp_path)[0].classes
    assert (set(classes["A"].xmlrpc_methods), set(classes["Root"].xmlrpc_methods)) == ({"x"}, set())
    assert "x" in classes["Root"].exposed


def test_q07_masks_before_views_before_functions_and_variables_first(tmp_path: Path) -> None:
    source = (
        "CherryClass Root:\nmask:\n    def a(self):\n        mask\nview:\n    def a(self): return 'view'\n"
        "    def b(self, n=count): return n\nfunction:\n    def a(self): return 'function'\n    def b(self): return 0\n"
        "variable:\n    count = 7 / 2\n"
    )
    root = whole.app(tmp_path, source).root
    assert (root.a(), root.b()) == ("mask\n", 3)


def test_q08_quotes_inside_py_if_and_py_for(tmp_path: Path) -> None:
    text = '<py-exec="name = \'World\'"><py-if="name=="World"">yes</py-if><py-for="i in ["a"]"><py-eval="i"></py-for>'
    assert mask(tmp_path, text) == "yesa\n"


def test_q09_index_and_end(tmp_path: Path) -> None:
    inner = '<py-eval="_index">/<py-eval="_end">;'
    assert mask(tmp_path, f'<py-for="i in \'ab\'">{inner}</py-for>{inner}') == "0/1;1/1;-1/-1;\n"
    assert mask(tmp_path, f'<py-for="i in xrange(2)">{inner}</py-for>') == "0/1;1/1;\n"
    assert mask(tmp_path, f'<py-for="i in (x for x in [5, 6])">{inner}</py-for><py-eval="i">') == "0/-1;1/-1;6\n"


def test_q17_attributes_of_the_one_instance_stay(tmp_path: Path) -> None:
    site = whole.app(
        tmp_path,
        "CherryClass Root:\nvariable:\n    n = 0\nview:\n"
        "    def count(self):\n        self.n += 1\n        return self.n\n",
    )
    assert [site.root.count(), site.root.count(), site.Root.n] == [1, 2, 0]


def test_q18_py_eval_drops_text_and_div(tmp_path: Path) -> None:
    assert mask(tmp_path, '<b class="k" py-eval="2">old <i>it</i></b>') == '<b class="k">2<i>it</i></b>\n'
    assert mask(tmp_path, 'a<div py-eval="1">x<div>y</div></div>b') == "a1b\n"


def test_q19_bodies_of_special_functions_are_put_together(tmp_path: Path) -> None:
    site = whole.app(
        tmp_path,
        {
            "Root.cpy": "use Tools\ndef initProgram():\n    seen = []\ndef initServer():\n    seen.append('root')\n",
            "Tools.cpy": "def initServer():\n    seen.append('tools')\n",
        },
    )
    site.initServer()
    assert site.seen == ["tools", "root"]


def test_q22_string_exceptions_can_be_caught(tmp_path: Path) -> None:
    assert view(tmp_path, "try: raise 'Error'\nexcept: return 'caught'") == "caught"
    assert view(tmp_path, "try: raise 'Error', 5\nexcept 'Error', n: return n") == 5


@pytest.mark.parametrize("new_style", [False, True])
def test_q25_classic_lookup(new_style: bool, tmp_path: Path) -> None:
    source = (
        "CherryClass G abstract:\nview:\n    def who(self): return 'G'\nCherryClass L(G) abstract:\n"
        "CherryClass R(G) abstract:\nview:\n    def who(self): return 'R'\nCherryClass D(L, R):\nCherryClass E(G, D):\n"
    )
    if new_style:
        source = source.replace("CherryClass G abstract", "CherryClass G(object) abstract")
        source = source.replace("CherryClass E(G, D):\n", "")
        assert whole.app(tmp_path, source).d.who() == "R"
    else:
        site = whole.app(tmp_path, source)
        assert (site.d.who(), site.e.who()) == ("G", "G")


def test_a_cpy_file_of_python_3_keeps_its_meaning(tmp_path: Path) -> None:
    site = whole.app(
        tmp_path,
        {
            "Root.cpy": "use Old\nCherryClass Root:\nview:\n    def new(self, n: int = 7) -> str:\n"
            "        return f'{n / 2}'\n    def half(self):\n        return 7 / 2\n",
            "Old.cpy": "CherryClass Old:\nview:\n    def half(self):\n        return 7 / 2\n",
        },
    )
    assert (site.root.new(), site.root.half(), site.old.half()) == ("3.5", 3.5, 3)


def test_a_mask_may_have_a_tuple_as_parameter(tmp_path: Path) -> None:
    source = "CherryClass Root:\nmask:\n    def m(self, (a, b), c=3):\n        <py-eval=\"a + b * c\">\n"
    assert whole.app(tmp_path, source).root.m((1, 2)) == "7\n"


def test_division_of_the_future_holds_in_its_file(tmp_path: Path) -> None:
    above = "from __future__ import division\n"
    assert view(tmp_path, "return 7 / 2, 7 // 2, {}.keys(), `1`", above) == (3.5, 3, [], "1")


def test_an_error_inside_a_class_names_it(tmp_path: Path) -> None:
    whole.written(tmp_path, {"Root.cpy": "CherryClass Root:\nmask:\n    def m(self):\n        <py-eval='x'>\n"})
    with pytest.raises(CpyError) as caught:
        whole.compiled(tmp_path)
    assert caught.value.old_text() == (
        "CherryError: Tag 'py-eval' should be followed by '=\"'\n"
        "    in File 'Root.cpy', in CherryClass 'Root', in function 'm', line 4"
    )
