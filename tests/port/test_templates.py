"""Templates of a ported package: their code, their comments, and what a designer does to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rawwfile.cpy.errors import CpyError
from tests.port.kit import from_sources, loaded, page, ported, text_of

MASKS = [
    'a\n  b\n',
    '<py-for="i in range(3)">\n    <py-eval="i">/<py-eval="_end">\n</py-for>\n',
    '<py-for="k, v in [(1, 2), (3, 4)]"><b py-attr="k" id="">x</b><py-eval="v * n"></py-for>\n',
    '<div py-if="n > 1">\n    many\n</div>\n<div py-else>\n    few\n</div>\n',
    '<py-exec="x = 1; y = 2"><py-eval="x + y">\n',
    '<py-code="\n    x = []\n    for i in range(n):\n        # counts\n        x.append(str(i))\n">'
    '<py-eval="\' \'.join(x)">\n',
    '<py-code="\n    def twice(k):\n        return k * 2\n">\n<py-eval="twice(n)">\n',
    '<py-eval="\'I \\"love\\" pie\'">\n',
    '<py-if="who=="you"">same</py-if>\n',
    '<py-eval="[a * n for a in range(3)]"> <py-eval="0.1 + 0.2">\n',
    'no code, but "quotes" and \\ backslashes %s\n',
    '<py-eval="tools.getNow() and 1"> <py-eval="string.upper(who)">\n',
    '<py-eval="other.name()">\n',
    '<py-exec="other = 1"><py-eval="other">\n',
]


@pytest.mark.parametrize("mask", MASKS)
def test_a_mask_gives_the_same_page(tmp_path: Path, mask: str) -> None:
    body = "".join(f"        {row}\n" for row in mask.rstrip("\n").split("\n"))
    source = (
        "use Tools\nimport string\nCherryClass Root:\nmask:\n    def index(self, who='you', n=2):\n"
        f"{body}CherryClass Other:\nfunction:\n    def name(self):\n        return 'other'\n"
    )
    site = loaded(tmp_path, ported(tmp_path, {"Root.cpy": source}))
    assert page(site, "root.index") == page(from_sources(tmp_path), "root.index")


def test_a_designer_sees_changes_at_once_and_a_mistake_leaves_the_last_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = 'CherryClass Root:\nmask:\n    def index(self):\n        <py-include="part.html">\n'
    made = ported(tmp_path, {"Root.cpy": source, "part.html": "one\n"})
    site = loaded(tmp_path, made)
    part = next(tmp_path.glob("package_*/templates/part.html"))
    assert page(site, "root.index") == "one\n\n"
    part.write_text("<py-eval=\"'two'\">\n")
    assert page(site, "root.index") == "two\n\n"
    part.write_text('<py-if="x">\n')
    os.utime(part, ns=(1, 1))
    assert page(site, "root.index") == "two\n\n"
    assert "part.html:1" in caplog.text


def test_a_wrong_template_is_told_at_start(tmp_path: Path) -> None:
    made = ported(tmp_path, {"Root.cpy": "CherryClass Root:\nmask:\n    def index(self):\n        x\n"})
    made.files["templates/root/index.html"] = b'one\n<py-eval="1 +">\n'
    with pytest.raises(CpyError) as caught:
        loaded(tmp_path, made)
    assert "index.html:2:" in str(caught.value)


def test_a_traceback_shows_the_line_of_the_template(tmp_path: Path) -> None:
    source = 'CherryClass Root:\nmask:\n    def index(self):\n        a\n        <py-eval="1 / 0">\n'
    made = ported(tmp_path, {"Root.cpy": source})
    site = loaded(tmp_path, made)
    with pytest.raises(ZeroDivisionError) as caught:
        page(site, "root.index")
    last = caught.traceback[-1]
    assert str(last.path).endswith(os.path.join("templates", "root", "index.html"))
    assert last.lineno + 1 == 2


def test_text_that_reads_like_a_template_comment_stays_on_the_page(tmp_path: Path) -> None:
    source = "CherryClass Root:\nmask:\n    def index(self):\n        <!--# no comment -->\n"
    site = loaded(tmp_path, ported(tmp_path, {"Root.cpy": source}))
    assert page(site, "root.index") == page(from_sources(tmp_path), "root.index")


def test_imports_that_only_a_template_uses_are_kept_and_marked(tmp_path: Path) -> None:
    source = 'import math\nCherryClass Root:\nmask:\n    def index(self):\n        <py-eval="int(math.floor(2.5))">\n'
    made = ported(tmp_path, {"Root.cpy": source})
    assert "import math  # noqa: F401" in text_of(made, "root.py")
    assert page(loaded(tmp_path, made), "root.index") == "2\n"


def test_bytes_of_templates_stay_as_they_are(tmp_path: Path) -> None:
    source = "CherryClass Root:\nmask:\n    def index(self):\n        D\xe9j\xe0 <py-eval=\"len('\xe9')\">\n"
    made = ported(tmp_path, {"Root.cpy": source})
    assert made.files["templates/root/index.html"].startswith(b"D\xe9j\xe0 ")
    assert page(loaded(tmp_path, made), "root.index") == "D\xe9j\xe0 1\n"


def test_characters_in_code_of_utf8_sources_make_text_of_characters(tmp_path: Path) -> None:
    name = "caf\u00e9".encode().decode("latin-1")
    source = f"CherryClass Root:\nview:\n    def index(self):\n        return '{name}'\n"
    made = ported(tmp_path, {"Root.cpy": source})
    assert "caf\u00e9" in text_of(made, "root.py")
    assert 'charset="utf-8"' in text_of(made, "__init__.py")
    assert page(loaded(tmp_path, made), "root.index") == "caf\u00e9"


def test_arguments_that_do_not_fit_are_told_as_those_of_a_view(tmp_path: Path) -> None:
    source = "CherryClass Root:\nmask:\n    def index(self, a, b='2', *c, **d):\n        <py-eval=\"(a, b, c, d)\">\n"
    site = loaded(tmp_path, ported(tmp_path, {"Root.cpy": source}))
    method = site.targets["root"].instance.index
    assert method(1, 2, 3, e=4) == "(1, 2, (3,), {'e': 4})\n"
    assert method("1") == "('1', '2', (), {})\n"
    with pytest.raises(TypeError) as caught:
        method()
    assert len(caught.traceback) == 1
