"""The template languages of masks, CHTL and CGTL (spec 3): template text in, Python 3 `ast` out.

    text.py      characters of a mask, each with the file, line and column it came from
    scan.py      where quotes, ends of tags and closing tags are
    includes.py  py-include put in place, py-debug taken out: both before anything else is read
    tree.py      what a mask consists of; parse.py makes it
    generate.py  that tree to statements
    runtime.py   the few names which the statements call

`compile_mask` runs all of it. It reads no file: templates come from the caller's `include`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rawwfile.cpy.template.runtime import NAMES

if TYPE_CHECKING:
    from rawwfile.cpy.template.generate import compile_mask

__all__ = ["NAMES", "compile_mask"]


def __getattr__(name: str) -> Any:
    """Import the compiler when it is asked for: what only runs needs `NAMES` alone."""
    if name == "compile_mask":
        from rawwfile.cpy.template.generate import compile_mask

        return compile_mask
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
