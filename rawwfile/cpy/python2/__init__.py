"""Python 2 of 2001 to 2004 as Python 3 `ast`, with Python 2's meaning (spec 0.3, F560 to F566).

    Translator(dialect)      .expression(text, position), .statements(lines), .module(text, file)
    runtime.builtins_for()   the `__builtins__` that translated code runs with
    dialect.decide(text)     "2" or "3", with the rules of "auto"
    quick.py                 text that both Pythons read alike, by ast.parse
    syntax.py                any other, by fissix (extra `cpy`); expressions.py, statements.py and
                             definitions.py turn its tree into that of `ast`
    meaning.py, values.py    Python 2's meaning put into either tree; scopes.py, places.py
    shortcuts.py, sorting.py what is decided there so that running costs less

Every `ast` node stands where its text stands in the original. Where 2.x meant something else the tree
gets a call of the run time, under a name with `@` that no source can hold.

What is paid: an order comparison of what is not plainly ints, `/` and `%` on what is not plainly a number,
and the methods listed in `values.METHODS` cost one Python call more. Strings are `str`, one character a
byte; unicode strings are a subclass of it, long integers one of `int`. Not as in 2.x: an int that grew long
stays an int (repr() shows its L, its type is `int`); `True + 2L` is no long; complex numbers have no `//`
and `%`; messages of built-in TypeErrors are today's; variables of a list comprehension in a class body, or
inside what another one runs over, are gone after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rawwfile.cpy.python2.dialect import decide
    from rawwfile.cpy.python2.translator import Translator

__all__ = ["Translator", "decide"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for: what only runs needs no converter."""
    if name == "Translator":
        from rawwfile.cpy.python2.translator import Translator

        return Translator
    if name == "decide":
        from rawwfile.cpy.python2.dialect import decide

        return decide
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
