"""What built-in exceptions said in 2.x, where today's words differ."""

from __future__ import annotations

import re

_WORDS = [
    (re.compile(r'can only concatenate str \(not "([\w.]+)"\) to str'), r"cannot concatenate 'str' and '\1' objects"),
    (re.compile(r"could not convert string to float: '([-+.\d].*)'"), r"invalid literal for float(): \1"),
    (re.compile(r"could not convert string to float: '(.*)'"), r"could not convert string to float: \1"),
    (re.compile(r"int\(\) argument must be a string, .*, not '(\w+)'"),
     r"int() argument must be a string or a number, not '\1'"),
    (re.compile(r"float\(\) argument must be a string or a real number, not '(\w+)'"),
     r"float() argument must be a string or a number"),
    (re.compile(r"(%\w format: a) real number is required(.*)"), r"\1 number is required\2"),
    (re.compile(r"cannot import name '(\w+)' from .*"), r"cannot import name \1"),
    (re.compile(r"cannot access local variable '(\w+)' where it is not associated with a value"),
     r"local variable '\1' referenced before assignment"),
    (re.compile(r"cannot access free variable '(\w+)' where .*"),
     r"free variable '\1' referenced before assignment in enclosing scope"),
    (re.compile(r"float modulo by zero"), "float modulo"),
    (re.compile(r"(?:integer )?(?:division|modulo|division or modulo) by zero"), "integer division or modulo by zero"),
    (re.compile(r"object of type '(\w+)' has no len\(\)(.*)"), r"object of type '\1' has no len()"),
    (re.compile(r"(.* got an unexpected keyword argument '\w+')\. Did you mean .*"), r"\1"),
    (re.compile(r"\w+\(\) takes no arguments"), "this constructor takes no arguments"),
    (re.compile(r"(name '\w+' is not defined)\. Did you .*", re.DOTALL), r"\1"),
    (re.compile(r"('\w+' codec can't encode characters? )'(.*)", re.DOTALL), r"\1u'\2"),
]  # fmt: skip
_KINDS = (TypeError, ValueError, ImportError, NameError, ZeroDivisionError)


def message_of(error: BaseException) -> str:
    """Return str() of an exception as 2.x gave it."""
    text = str(error)
    if type(error) is AttributeError:
        kind = type(error.obj)
        is_told = text == f"{kind.__name__!r} object has no attribute {error.name!r}"
        if is_told and getattr(kind, "is_classic", False):
            return f"{kind.__name__} instance has no attribute {error.name!r}"
    if isinstance(error, _KINDS) and error.__class__.__module__ == "builtins":
        for pattern, words in _WORDS:
            found = pattern.fullmatch(text)
            if found:
                return found.expand(words)
    return text
