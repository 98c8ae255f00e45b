"""What holds for every mask: text is left alone, and tags nest as Python does."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from rawwfile.cpy.errors import CpyError
from tests.cpy.template_kit import COLUMNS, make, page

LATIN = st.characters(max_codepoint=255, blacklist_characters="\r\n")
BLANKS = " \t\v\f\r\n"


def as_spec_3_1_says(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        stripped = line.strip(BLANKS)
        if not stripped or stripped.startswith("#"):
            continue
        margin = line[: len(line) - len(line.lstrip(" \t"))].replace("\t", "    ")
        lines.append(margin + line.lstrip(" \t").rstrip(BLANKS) + "\n")
    return "".join(lines)


@given(st.lists(st.text(LATIN, max_size=20), max_size=6).map("\n".join))
def test_text_without_a_tag_is_left_alone(text: str) -> None:
    if "py-" not in text:
        assert page(text) == as_spec_3_1_says(text)


@given(st.text(LATIN, max_size=30))
def test_a_template_is_left_alone_whole(text: str) -> None:
    if "py-" not in text:
        margin = len(text) - len(text.lstrip(" \t"))
        normal = text[:margin].replace("\t", "    ") if margin < len(text) else text[:margin]
        shown = normal + text[margin:] + "\n" if text else ""
        assert page('[<py-include="t">]', {"t": text}) == f"[{shown}]\n"


WORDS = st.text(string.ascii_letters + " .<>/=&", min_size=1, max_size=5).filter(
    lambda text: "py-" not in text
)


def trees(depth: int) -> st.SearchStrategy[tuple[object, ...]]:
    text = st.tuples(st.just("text"), WORDS)
    value = st.tuples(st.just("value"), st.sampled_from(["n", "n * 2", "'<%s>' % n", "[n, 'a']"]))
    if not depth:
        return st.one_of(text, value)
    inner = st.lists(trees(depth - 1), max_size=3)
    own = st.booleans()
    branch = st.tuples(
        st.just("if"), own, st.sampled_from(["n", "n > 1", "n == 2"]), inner, st.none() | inner
    )
    loop = st.tuples(st.just("for"), own, st.integers(0, 3), inner)
    return st.one_of(text, value, branch, loop)


def written(nodes: list[tuple[object, ...]]) -> str:
    """The nodes as a mask. Loops count with `n`."""
    out = ""
    for kind, *rest in nodes:
        if kind == "text":
            out += str(rest[0])
        elif kind == "value":
            out += f'<py-eval="{rest[0]}">'
        elif kind == "for":
            own, times, inner = rest
            begin, end = ("<py-for", "</py-for>") if own else ("<div py-for", "</div>")
            out += f'{begin}="n in range({times})">{written(inner)}<py-eval="_index">/<py-eval="_end">{end}'  # type: ignore[arg-type]
        else:
            own, test, inner, other = rest
            begin, end = ("<py-if", "</py-if>") if own else ("<div py-if", "</div>")
            out += f'{begin}="{test}">{written(inner)}{end}'  # type: ignore[arg-type]
            if other is not None:
                begin, end = ("<py-else>", "</py-else>") if own else ("<div py-else>", "</div>")
                out += f"{begin}{written(other)}{end}"  # type: ignore[arg-type]
    return out


def run(nodes: list[tuple[object, ...]], variables: dict[str, int], out: list[str]) -> None:
    """What the same Python would write."""
    for kind, *rest in nodes:
        if kind == "text":
            out.append(str(rest[0]))
        elif kind == "value":
            out.append(str(eval(str(rest[0]), {}, variables)))
        elif kind == "for":
            _, times, inner = rest
            for index, variables["n"] in enumerate(range(times)):  # type: ignore[call-overload]
                run(inner, variables, out)  # type: ignore[arg-type]
                out.append(f"{index}/{times - 1}")  # type: ignore[operator]
        else:
            _, test, inner, other = rest
            taken = inner if eval(str(test), {}, variables) else other or []
            run(taken, variables, out)  # type: ignore[arg-type]


@given(st.lists(trees(3), max_size=4), st.integers(0, 3))
def test_nested_tags_do_what_the_same_python_does(nodes: list[tuple[object, ...]], n: int) -> None:
    expected: list[str] = []
    run(nodes, {"n": n}, expected)
    # Letters at both ends keep the mask from being a comment or from ending in blanks.
    mask = f"x{written(nodes)}x"
    assert make(mask, arguments="n")(n) == f"x{''.join(expected)}x\n"


FRAGMENTS = st.sampled_from(
    [
        '<py-eval="',
        "1",
        '">',
        "/>",
        '<b py-attr="',
        "<div ",
        'py-if="',
        "</div>",
        "</py-if>",
        "\n",
        '<py-for="i in ',
        "[1]",
        "</py-for>",
        "<py-else>",
        "</py-else>",
        'py-code="',
        'py-exec="',
        '<py-include="t"',
        "py-debug",
        "\\",
        '"',
        "'",
        " ",
        "<",
        "x",
    ]
)


@given(st.lists(FRAGMENTS, max_size=12).map("".join), st.sampled_from(["t", "<py-else>", '"', ""]))
def test_any_mess_is_a_page_or_an_error_with_a_place(mask: str, template: str) -> None:
    try:
        make(mask, {"t": template})
    except CpyError as error:
        assert error.position is not None
        lines = mask.split("\n") if error.position.file == "Root.cpy" else [template]
        line = lines[error.position.line - 1]
        margin = COLUMNS if error.position.file == "Root.cpy" else 0
        assert 0 <= error.position.column <= margin + len(line)
