"""Bytes in, the same bytes out; or characters, where an option or a coding line says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawwfile.cpy.errors import CpyError
from tests.cpy import whole

PAGE = """\
CherryClass Root:
variable:
    name = 'caf\u00e9'
mask:
    def page(self):
        \u00e9 <py-eval="self.name + '\u20ac'"> <py-eval="len('\u00e9')"> <py-include="part.html">
view:
    def upper(self):
        return '\u00e9'.upper() + `'\u00e9'` + u'\u00e9'.encode('utf-8')
    def quoted(self):
        return '%s \u00e9' % 'x', ['\u00e9', ][0][-1], 1 and `u'\u00e9'`
"""
PART = "p\u00e4rt\n"


def page_of(folder: Path, source: bytes, part: bytes, encoding: str | None = None) -> tuple[str, str | None]:
    whole.written(folder, {"Root.cpy": source, "part.html": part})
    program, files = whole.compiled(folder, encoding=encoding)
    return whole.run(program).root.page(), files.charset


def test_utf_8_of_2004_comes_out_as_it_went_in(tmp_path: Path) -> None:
    page, charset = page_of(tmp_path, PAGE.encode("utf-8"), PART.encode("utf-8"))
    assert charset is None
    assert page.encode("latin-1") == "\u00e9 caf\u00e9\u20ac 2 p\u00e4rt\n\n".encode()


def test_latin_1_comes_out_as_it_went_in(tmp_path: Path) -> None:
    page, charset = page_of(tmp_path, PAGE.replace("\u20ac", "$").encode("latin-1"), PART.encode("latin-1"))
    assert charset is None
    assert page.encode("latin-1") == "\u00e9 caf\u00e9$ 1 p\u00e4rt\n\n".encode("latin-1")


def test_bytes_of_a_text_are_what_its_methods_see(tmp_path: Path) -> None:
    whole.written(tmp_path, {"Root.cpy": PAGE.encode("utf-8"), "part.html": b""})
    root = whole.run(whole.compiled(tmp_path)[0]).root
    assert root.upper() == "\xc3\xa9'\\xc3\\xa9'\xc3\x83\xc2\xa9"
    assert root.quoted() == ("x \xc3\xa9", "\xa9", "u'\\xc3\\xa9'")


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "cp1252"])
def test_the_option_makes_characters(encoding: str, tmp_path: Path) -> None:
    page, charset = page_of(tmp_path, PAGE.encode(encoding), PART.encode(encoding), encoding)
    assert charset == encoding
    assert page == "\u00e9 caf\u00e9\u20ac 1 p\u00e4rt\n\n"


def test_a_coding_line_of_the_first_file_decides_for_all(tmp_path: Path) -> None:
    source = "# -*- coding: utf-8 -*-\nuse Other\n" + PAGE
    whole.written(tmp_path, {"Other.cpy": "CherryClass Other:\nmask:\n    def m(self):\n        \u00e4".encode()})
    page, charset = page_of(tmp_path, source.encode(), PART.encode())
    assert charset == "utf-8"
    assert page == "\u00e9 caf\u00e9\u20ac 1 p\u00e4rt\n\n"
    assert whole.run(whole.compiled(tmp_path)[0]).other.m() == "\u00e4\n"


def test_the_option_wins_over_a_coding_line(tmp_path: Path) -> None:
    page, charset = page_of(tmp_path, ("# coding: ascii\n" + PAGE).encode(), PART.encode(), "utf-8")
    assert charset == "utf-8"
    assert page.startswith("\u00e9")


def refused(folder: Path, source: bytes, encoding: str | None = None, part: bytes = b"") -> CpyError:
    with pytest.raises(CpyError) as caught:
        page_of(folder, source, part, encoding)
    return caught.value


def test_bytes_that_do_not_fit_are_shown_with_their_place(tmp_path: Path) -> None:
    error = refused(tmp_path, b"import a\n\tx = 'caf\xe9'\n", "utf-8")
    assert str(error).split("\n")[0] == "Root.cpy:2:10: byte 0xe9 (the 19. of the file) is not valid utf-8"
    assert "save the file as utf-8" in error.hint


def test_a_template_is_decoded_too(tmp_path: Path) -> None:
    error = refused(tmp_path, ("# coding: utf-8\n" + PAGE).encode(), part=b"ok\n\xff")
    assert str(error).startswith("part.html:2:1: byte 0xff")


def test_an_unknown_encoding_is_shown_where_it_stands(tmp_path: Path) -> None:
    error = refused(tmp_path, b"\n# -*- coding: utf-9 -*-\n")
    assert error.position is not None
    assert (error.position.line, error.position.column) == (2, 14)
    assert "there is no encoding named 'utf-9'" in str(error)


def test_a_mark_of_the_byte_order_is_no_text(tmp_path: Path) -> None:
    page, charset = page_of(tmp_path, b"\xef\xbb\xbf" + PAGE.encode(), b"\xef\xbb\xbfx")
    assert charset is None
    assert page.encode("latin-1").endswith(b"\xef\xbb\xbfx\n\n")
