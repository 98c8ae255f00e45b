"""What str() said of a float, and what repr() said of a type, in 2.x."""

from __future__ import annotations

_OLD_TYPES = {"classes.ClassType": "classobj", "classes.Instance": "instance", "builtins.range": "xrange",
              "builtins.method": "instancemethod", "files.File": "file"}  # fmt: skip


def type_repr(value: type) -> str:
    """Return `<type 'int'>` of a built-in type, `<class 'a.B'>` of another."""
    old = _OLD_TYPES.get(f"{value.__module__}.{value.__name__}".rpartition("runtime.")[2])
    if old:
        return f"<type '{old}'>"
    own = type(value).__repr__
    if own is not type.__repr__:
        return own(value)
    if value.__module__ == "builtins" and not issubclass(value, BaseException):
        return f"<type '{value.__name__}'>"
    if value.__module__.startswith("rawwfile.cpy.python2.runtime"):
        return f"<type '{value.__name__}'>"
    module = "exceptions" if value.__module__ == "builtins" else value.__module__
    word = "type" if module == "exceptions" else "class"
    return f"<{word} '{module}.{value.__name__}'>"


def float_text(value: float) -> str:
    """Return str() of a float: 12 significant digits, and a point where it would look whole."""
    text = f"{value:.12g}"
    if "." in text:
        return text
    digits = text.lstrip("-")
    if not digits.isdigit():
        return text
    if len(digits) < 12:
        return text + ".0"
    # 2.7 wrote an exponent as soon as `.0` would have been the thirteenth digit.
    number, exponent = f"{value:.11e}".split("e")
    return number.rstrip("0").rstrip(".") + "e" + exponent
