"""Values put into pages. A page that was well-formed in 0.10 stays the same, byte for byte (H21).

So no value is turned into entities as a whole: applications of the time did that themselves, or put
markup into labels and defaults on purpose. Only what would end the place where a value stands is
replaced.
"""

from __future__ import annotations

import re
from typing import Any

from rawwfile.cherrypy.lib.perrequest import is_called_by_url

_END_OF_TEXTAREA = re.compile(r"<(?=/textarea)", re.IGNORECASE | re.ASCII)


def quoted(value: str) -> str:
    """Return text for between the double quotes of an attribute."""
    return value.replace('"', "&quot;")


def in_textarea(value: str) -> str:
    """Return text for inside a <textarea>."""
    return _END_OF_TEXTAREA.sub("&lt;", value)


def plain(value: str) -> str:
    """Return text for between tags that shows its own < and >."""
    return value.replace("<", "&lt;").replace(">", "&gt;")


def shown(instance: Any, method: str, value: str) -> str:
    """Return an argument of a mask that may hold markup, unless a visitor called the mask by URL."""
    return quoted(plain(value)) if is_called_by_url(instance, method) else value
