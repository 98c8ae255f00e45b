"""From the path of a request to an object of the page tree.

The rules are CherryPy 3's, with its rough edges taken off:

1. The raw path is split at '/', then each segment is percent-decoded, so '%2F' is part of a
   segment. Empty segments count for nothing: '/x', '/x/' and '//x' reach the same handler, and
   it answers at once, without a redirect to the other spelling.
2. Each segment is an attribute. One with punctuation is looked for as it is, then with '_'
   for every punctuation character: '/robots.txt' is `root.robots_txt`. No name that begins
   with '_' is ever looked for, in either spelling.
3. Where all segments are found, the object's `index` answers, else the object itself if it is
   exposed, else its `default`.
4. Else walk back: at each object from the deepest up, its `default`, then the object itself
   if exposed, gets the rest of the segments as arguments. One without room for so many is passed
   over; if all are, the answer is 404 "too many path segments".
5. Nothing is inside a class, and a class is no handler: put an instance into the tree.

Only what is_exposed() says yes to is ever called. The tree may change while the server runs:
what is remembered about a path depends on its text alone.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from types import FunctionType, MethodType
from typing import Any
from urllib.parse import unquote

from rawwfile.adapters.arguments import accepts, known_method, shown
from rawwfile.adapters.entries import says_something
from rawwfile.adapters.expose import ONLY_EXPOSED, is_exposed
from rawwfile.errors import NotFound

_CACHE_SIZE = 512
"""Paths whose segments are remembered; at most 512 times the next number of characters."""

_LONGEST_CACHED = 128
"""Characters; longer paths are mostly made of data and seldom come again."""

_UNDERSCORES = str.maketrans(dict.fromkeys(string.punctuation, "_"))


class Segments:
    """A raw path taken apart; depends on nothing but the text."""

    __slots__ = ("names", "plain", "values")

    values: tuple[str, ...]
    """The segments, decoded; what a handler gets as arguments."""
    names: tuple[tuple[str, ...], ...]
    """For each segment the attribute names to try: none, one or two."""
    plain: tuple[str, ...] | None
    """The attribute names if each segment has just one, else None."""

    def __init__(self, raw_path: str) -> None:
        parts = [part for part in raw_path.split("/") if part]
        self.values = tuple(unquote(part, errors="surrogateescape") if "%" in part else part for part in parts)
        self.names = tuple(_attribute_names(value) for value in self.values)
        single = all(len(names) == 1 for names in self.names)
        self.plain = tuple(names[0] for names in self.names) if single else None


_remembered: dict[str, Segments] = {}


def segments_of(raw_path: str) -> Segments:
    """Take a raw (undecoded) path apart; remembers the last few hundred short ones."""
    found = _remembered.get(raw_path)
    if found is None:
        found = Segments(raw_path)
        if len(raw_path) <= _LONGEST_CACHED:
            if len(_remembered) >= _CACHE_SIZE:
                _remembered.clear()
            _remembered[raw_path] = found
    return found


def plain_handler(root: object, raw_path: str) -> Callable[[], Any] | None:
    """Return the handler if the path names a method that is only exposed and takes no argument.

    The usual case at a quarter of the cost, and the same answer as resolve() gives: a
    method whose function has no attribute but `exposed` has no `index` and no options either, and
    no object above it has a default for it. None means nothing but "ask resolve()".
    """
    segments = _remembered.get(raw_path)
    if segments is None or segments.plain is None:
        return None
    node: Any = root
    for name in segments.plain:
        if isinstance(node, type) or says_something(node):
            return None
        node = getattr(node, name, None)
    if type(node) is MethodType:
        function = node.__func__
        if type(function) is FunctionType and function.__dict__ == ONLY_EXPOSED:
            accepted = known_method(function)
            if accepted is not None and accepted.bare:
                return node  # type: ignore[no-any-return]
    return None


def resolve(
    root: object, raw_path: str, mounts: Mapping[str, object] | None = None
) -> tuple[Callable[..., Any], tuple[str, ...], list[Any]]:
    """Return the handler for a raw path, the segments left over for its arguments, and the way to it.

    The way is the objects from the root to the handler, or to the one that it is the index or
    default of. mounts: objects reached by the first segment, before the attributes of the root.
    Raises NotFound. What a property or `__getattr__` of the tree raises comes through.
    """
    segments = segments_of(raw_path)
    return _walk_back(_trail(root, segments, mounts or {}), segments, raw_path)


def _attribute_names(value: str) -> tuple[str, ...]:
    if value.isidentifier():
        return () if value.startswith("_") else (value,)
    translated = value.translate(_UNDERSCORES)
    return tuple(n for n in dict.fromkeys((value, translated)) if not n.startswith("_"))


def _trail(root: object, segments: Segments, mounts: Mapping[str, object]) -> list[Any]:
    """The root and the objects found below it, one for each segment, as far as they go."""
    trail: list[Any] = [root]
    for position, names in enumerate(segments.names):
        node = None
        for name in names:
            if position == 0 and name in mounts:
                node = mounts[name]
            else:
                node = getattr(trail[-1], name, None)
            if node is not None:
                break
        if node is None or isinstance(node, type):
            break
        trail.append(node)
    return trail


def _walk_back(
    trail: list[Any], segments: Segments, raw_path: str
) -> tuple[Callable[..., Any], tuple[str, ...], list[Any]]:
    total = len(segments.values)
    refused = None
    for depth in range(len(trail) - 1, -1, -1):
        node = trail[depth]
        rest = segments.values[depth:]
        candidates: tuple[Any, ...]
        if depth == total:
            candidates = (getattr(node, "index", None), node, getattr(node, "default", None))
        else:
            candidates = (getattr(node, "default", None), node)
        for candidate in candidates:
            if candidate is None or not is_exposed(candidate):
                continue
            if not rest or accepts(candidate).room >= len(rest):
                return candidate, rest, trail[: depth + 1]
            if refused is None:
                refused = depth
    if refused is not None:
        above = "/" + "/".join(segments.values[:refused])
        raise NotFound(f'too many path segments after "{shown(above)}"')
    raise NotFound(f'no page at "{shown(raw_path)}"')
