"""The helpers of ported applications answer as the run time of translated code does, which was recorded from 2.7."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawwfile.cherrypy import meanings
from rawwfile.cpy.python2.runtime import arithmetic, ordering, text

steady = settings(derandomize=True, deadline=None, max_examples=80)
BYTES = st.text(st.characters(max_codepoint=255), max_size=12)
BLANKS_AND_LETTERS = st.text("aZ \t\n\r\x0b\x0c\x1c\x85\xa0\xe9\xc3", max_size=12)
MIXED = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text("ab\xe9", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.tuples(inner, inner),
    max_leaves=4,
)


@steady
@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 9) | st.floats(0.1, 9))
def test_divide(a, b):
    try:
        wanted = arithmetic.div(a, b)
    except OverflowError:
        return
    assert meanings.divide(a, b) == wanted and type(meanings.divide(a, b)) is type(wanted)


@steady
@given(st.floats() | st.integers() | BYTES | st.none() | st.lists(st.floats(), max_size=2))
def test_as_text(value):
    assert meanings.as_text(value) == text.text_of(value)


@steady
@given(st.floats(allow_nan=False), st.integers(0, 6))
def test_rounded(value, digits):
    try:
        wanted = arithmetic.rounded(value, digits)
    except OverflowError:
        return
    got = meanings.rounded(value, digits)
    assert got == wanted and math.copysign(1, got) == math.copysign(1, wanted)


@steady
@given(st.integers(-(2**62), 2**62))
def test_octal(value):
    assert meanings.octal(value) == arithmetic.octal(value)


@steady
@given(MIXED, MIXED)
def test_compare(a, b):
    assert meanings.compare(a, b) == ordering.compare(a, b)


@steady
@given(st.lists(MIXED, max_size=5))
def test_sorted_as_before(values):
    assert meanings.sorted_as_before(values) == ordering.sorted_list(values)


@pytest.mark.parametrize("name", ["upper", "lower", "swapcase", "title", "capitalize", "splitlines", "split"])
@steady
@given(value=BYTES | BLANKS_AND_LETTERS)
def test_methods_of_byte_text(name, value):
    assert getattr(meanings, "ascii_" + name)(value) == text.BYTE_METHODS[name](value)


@steady
@given(BLANKS_AND_LETTERS, st.integers(-1, 3))
def test_split_with_a_limit(value, most):
    assert meanings.ascii_split(value, None, most) == text.BYTE_METHODS["split"](value, None, most)


@steady
@given(BLANKS_AND_LETTERS)
def test_blanks(value):
    assert value.strip(meanings.BLANKS) == text.BYTE_METHODS["strip"](value)


def test_string_exceptions_of_one_text_are_one_class():
    first, second = meanings.string_exception("no seats"), meanings.string_exception("no seats")
    assert first is second and first is not meanings.string_exception("other")
    with pytest.raises(first) as caught:
        raise second(5)
    assert caught.value.args == (5,) and first.__name__ == "no seats"


def test_ordered_by_cmp():
    @meanings.ordered_by_cmp
    class Price:
        def __init__(self, cents):
            self.cents = cents

        def __cmp__(self, other):
            return meanings.compare(self.cents, other.cents)

    assert sorted([Price(3), Price(1)])[0].cents == 1
    assert Price(1) == Price(1) and Price(1) != Price(2) and Price(1) <= Price(1) and {Price(1): 2}


def test_escaped_and_translated():
    assert meanings.escaped("<'\">", 1) == "&lt;'&quot;&gt;" and meanings.escaped('"') == '"'
    assert meanings.translated("banana", None, "n") == "baaa"
    assert meanings.translated("banana", str.maketrans("a", "o"), "n") == "booo"
