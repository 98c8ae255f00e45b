"""The values of Python 2's numbers and strings."""

from __future__ import annotations

import ast
import re
import warnings

_PREFIX = re.compile("[a-zA-Z]*")
_UNICODE_ESCAPE = re.compile(r"\\(\\|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_GUARDED = re.compile(r'(\\(?:.|\n))|"', re.DOTALL)
_OCTAL = re.compile(r"\\(?:\\|([4-7][0-7][0-7]))")
_ONLY_UNICODE = re.compile(r"(\\\\)|\\(?=[uUN])")


class LiteralError(ValueError):
    """A number or string that Python 2 did not know either."""


def number(text: str) -> tuple[object, bool]:
    """Return (value, is_long) of a number as Python 2 wrote it: `0777`, `10L`, `0xFFL`, `1.5`, `2j`."""
    is_long = text[-1] in "lL"
    digits = text[:-1] if is_long else text
    if "_" in digits:
        raise LiteralError("a number has no _ in Python 2")
    lower = digits.lower()
    if lower[:1] == "0" and lower.isdigit():
        if "8" in lower or "9" in lower:
            raise LiteralError(f"invalid digit in the octal number {digits}; leave the leading 0 out for a decimal one")
        return int(lower, 8), is_long
    if lower.startswith(("0x", "0o", "0b")):
        return int(lower, 0), is_long
    if lower.isdigit():
        return int(lower), is_long
    if lower.endswith("j"):
        return complex(lower), False
    return float(lower), False


def string(token: str) -> tuple[str, bool]:
    """Return (value, is_unicode) of one string token.

    A plain string is bytes, one character each. A unicode string of a byte-transparent source holds
    what the characters of the source say (latin-1, as 2.x took them without a coding line).
    """
    prefix = _PREFIX.match(token).group().lower()  # type: ignore[union-attr]
    body = token[len(prefix) :]
    if "f" in prefix:
        raise LiteralError("f-strings are Python 3.6 and later")
    quote = body[:3] if body[:3] in ('"""', "'''") else body[:1]
    inside = body[len(quote) : -len(quote)]
    is_unicode = "u" in prefix
    if "r" in prefix:
        return (_raw_unicode(inside) if is_unicode else inside), is_unicode
    if not is_unicode:
        inside = _OCTAL.sub(_eight_bits, inside)
        inside = _ONLY_UNICODE.sub(lambda found: found.group(1) or "\\\\", inside)
    return _escapes(inside), is_unicode


def _escapes(inside: str) -> str:
    if "\\" not in inside:
        return inside
    try:
        # Quotes are guarded so that any body fits in one kind of literal; unknown escapes stay as they are.
        guarded = _GUARDED.sub(lambda found: found.group(1) or '\\"', inside)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval('"""' + guarded + '"""')
    except (SyntaxError, ValueError) as error:
        raise LiteralError("an escape in this string is not complete: \\x needs two digits") from error


def _eight_bits(found: re.Match[str]) -> str:
    """Return an escape with the bits that a byte holds; a doubled backslash stays."""
    return f"\\x{int(found.group(1), 8) & 255:02x}" if found.group(1) else found.group()


def _raw_unicode(inside: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found.group(2) or found.group(3)
        return chr(int(code, 16)) if code else found.group()

    return _UNICODE_ESCAPE.sub(character, inside)
