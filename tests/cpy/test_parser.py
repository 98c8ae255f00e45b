"""Module level, headers and sections (spec 1.2 to 1.5)."""

from __future__ import annotations

from textwrap import dedent

import pytest

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.parser import parse_module
from rawwfile.cpy.source import read_lines
from rawwfile.cpy.tree import SPECIALS, CherryClass, Module, special_header


def parse(source: str, **options: object) -> Module:
    text = dedent(source[1:]) if source.startswith("\n") else source
    lines = read_lines(text.encode("latin-1"), "Root.cpy")
    return parse_module(lines, "Root.cpy", **options)


def only_class(source: str) -> CherryClass:
    (cherry_class,) = parse(source).classes
    return cherry_class


def where(error: CpyError) -> tuple[int, int]:
    assert error.position is not None
    assert error.position.file == "Root.cpy"
    return error.position.line, error.position.column


@pytest.mark.parametrize(
    "header, name, parents, flags",
    [
        ("Root:", "Root", (), ""),
        ("Spaced ( One , Two.Three ) :", "Spaced", ("One", "Two.Three"), ""),
        ("A():", "A", (), ""),
        ("A(f(x, y), B):", "A", ("f(x,y)", "B"), ""),
        ("A abstract:", "A", (), "abstract"),
        ("A(B) xmlrpc hidden abstract:", "A", ("B",), "xmlrpc hidden abstract"),
        ("A(B) abstract xmlrpc :  ", "A", ("B",), "xmlrpc abstract"),
        ("A hidden xmlrpc:", "A", (), "xmlrpc hidden"),
        ("Foo bar:", "Foobar", (), ""),
        ("Aabstract:", "Aabstract", (), ""),
    ],
)
def test_class_headers(header: str, name: str, parents: tuple[str, ...], flags: str) -> None:
    made = only_class(f"CherryClass {header}")
    assert (made.name, made.parent_names) == (name, parents)
    found = [flag for flag in ("xmlrpc", "hidden", "abstract") if getattr(made, flag)]
    assert " ".join(found) == flags


@pytest.mark.parametrize("name, instance", [("Root", "root"), ("AirFrench", "airFrench"), ("Xml_rpc", "xml_rpc")])
def test_the_instance_has_the_name_with_a_small_first_letter(name: str, instance: str) -> None:
    assert only_class(f"CherryClass {name}:").instance == instance


def test_use_lines_are_read_at_the_top_only() -> None:
    module = parse("use A, B ,sub/C\nuse  D\n\nimport os\n")
    assert [use.name for use in module.uses] == ["A", "B", "sub/C", "D"]
    assert [use.line.position.column for use in module.uses] == [4, 7, 10, 5]
    assert module.imports[0].text == "import os"


def test_a_byte_order_mark_is_passed_over() -> None:
    lines = read_lines(b"\xef\xbb\xbfuse A", "Root.cpy")
    assert [use.name for use in parse_module(lines, "Root.cpy").uses] == ["A"]


def test_imports_of_both_forms_may_stand_between_sections() -> None:
    module = parse(
        """
        import os, sys
        CherryClass A:
        view:
            def a(self):
                pass
        from os.path import join
            def b(self):
                pass
        """
    )
    assert [line.text for line in module.imports] == ["import os, sys", "from os.path import join"]
    assert [method.name for method in module.classes[0].methods] == ["a", "b"]


def test_blank_lines_comments_and_trailing_blanks_go_everywhere() -> None:
    made = only_class(
        """
        # first
        CherryClass A:

        # second
        mask:

            # third
            def a(self):
          # fourth
                one  \t

                #two
                three # four
        """
    )
    (method,) = made.methods
    assert [line.text for line in method.body] == ["one", "three # four"]
    assert [line.position.line for line in method.body] == [10, 13]


def test_strings_lose_their_blank_and_comment_lines_too() -> None:
    made = only_class('CherryClass A:\nvariable:\n    x = """a\n\n    # b\n        c"""\n')
    assert [line.text for line in made.variables] == ['    x = """a', '        c"""']


def test_a_section_word_may_carry_a_comment_behind_four_blanks() -> None:
    made = only_class("CherryClass A:\nmask:    # the pages\n    def a(self):\n        x\n")
    assert made.methods[0].name == "a"


def test_sections_of_a_kind_are_put_together_and_may_be_empty() -> None:
    made = only_class(
        """
        CherryClass A:
        view:
            def one(self): return 1
        function:
        variable:
            x = 1
        view:
            def two(self):
                return 2
        variable:
              y = 2
        """
    )
    assert [(one.kind, one.name) for one in made.methods] == [("view", "one"), ("view", "two")]
    assert [line.text.strip() for line in made.variables] == ["x = 1", "y = 2"]


@pytest.mark.parametrize(
    "line, hidden, xmlrpc",
    [
        ("def a(self) hidden:", True, False),
        ("def a( self , b=')') xmlrpc:", False, True),
        ("def a(self)hidden xmlrpc:", True, True),
        ("def a(self) hidden : # why", True, False),
        ("def a(self, hidden=1):", False, False),
        ("def a(self, (b, c)):", False, False),
    ],
)
@pytest.mark.parametrize("kind", ["view", "mask"])
def test_suffix_words_are_blanked_out_in_place(kind: str, line: str, hidden: bool, xmlrpc: bool) -> None:
    made = only_class(f"CherryClass A:\n{kind}:\n    {line}\n        pass\n")
    (method,) = made.methods
    assert (method.hidden, method.xmlrpc) == (hidden, xmlrpc)
    assert len(method.header[0].text) == len(line) + 4
    assert "hidden:" not in method.header[0].text


def test_a_def_of_a_view_may_go_over_several_lines() -> None:
    made = only_class(
        """
        CherryClass A:
        view:
            def a(self, b=(1,
                    2), c="):"
                    ) hidden:
                return b
        """
    )
    (method,) = made.methods
    assert method.hidden
    assert [len(method.header), len(method.body)] == [3, 1]


@pytest.mark.parametrize("line", ["def a(self) -> str:", "def a(self, b: int = 1):"])
def test_annotations_are_left_alone(line: str) -> None:
    made = only_class(f"CherryClass A:\nview:\n    {line}\n        return 'x'\n")
    assert made.methods[0].header[0].text.strip() == line


def test_mask_text_has_its_first_eight_columns_cut_off() -> None:
    made = only_class("CherryClass A:\nmask:\n\tdef a(self):\n\t\ta\n\t\t  b\n")
    assert [line.text for line in made.methods[0].body] == ["a", "  b"]
    assert [line.position.column for line in made.methods[0].body] == [2, 2]


def test_aspects_have_condition_and_time() -> None:
    made = only_class(
        """
        CherryClass A:
        aspect:
            (method.type == 'mask') start:
                x = 1

                y = 2
            * end:
        """
    )
    first, second = made.aspects
    assert (first.condition.text, first.when, len(first.body)) == ("(method.type == 'mask')", "start", 2)
    assert first.condition.position.column == 4
    assert (second.condition.text, second.when, second.body) == ("*", "end", ())


def test_a_second_aspect_section_replaces_the_first_with_a_warning() -> None:
    module = parse(
        """
        CherryClass A:
        aspect:
            * start:
                x = 1
        aspect:
            * end:
                y = 1
        """
    )
    assert [aspect.when for aspect in module.classes[0].aspects] == ["end"]
    (warning,) = module.warnings
    assert "replaces the earlier one of A" in warning.message
    assert where(warning) == (6, 4)


def test_an_empty_aspect_section_replaces_nothing() -> None:
    made = only_class("CherryClass A:\naspect:\n    * start:\n        x = 1\naspect:\nview:\naspect:\n")
    assert len(made.aspects) == 1


@pytest.mark.parametrize("name", SPECIALS)
def test_special_functions_are_found_by_their_exact_header(name: str) -> None:
    module = parse(f"{special_header(name)}\n    a = 1\n    # c\n    b = 2\nCherryClass A:\n")
    (special,) = module.specials
    assert (special.name, len(special.body)) == (name, 2)
    assert len(module.classes) == 1


def test_a_section_may_go_on_after_a_special_function() -> None:
    module = parse(
        """
        CherryClass A:
        view:
            def a(self): return 1
        def initServer():
            x = 1
        mask:
            def b(self):
                text
        """
    )
    assert [method.name for method in module.classes[0].methods] == ["a", "b"]


@pytest.mark.parametrize("rest, warned", [(" pass", True), (" # c", False), ("", False)])
def test_text_on_the_line_of_a_special_function_is_told(rest: str, warned: bool) -> None:
    module = parse(f"def initServer():{rest}\n    x = 1\n")
    assert [w.message.startswith("'pass' is not run") for w in module.warnings] == [True] * warned


def test_debug_lines_are_dropped_without_debugging() -> None:
    assert parse("debug('x')\nCherryClass A:\n").classes
