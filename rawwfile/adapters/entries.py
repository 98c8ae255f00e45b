"""Configuration of pages in CherryPy 3's words: `_cp_config`, paths, and `rawwfile.config`.

    response.stream           True or False: are the iterators of these pages sent piece by piece
    response.flush            when their pieces go out (see exchange/flushing.py)
    response.heartbeat        (seconds, bytes): what a silent stream says
    response.headers.NAME     a field of their responses; the handler may change it

Of several that speak of a page the last of this list wins: `rawwfile.config`; then from the root
down, object by object, the `stream` of its class or its `_cp_config`, and what the tree's own
config says of its path. The handler is the last such object, so config for its very path wins over
its attributes: that is how a site is tuned without touching its code. Keys that mean nothing here
are named in the log, once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

log = logging.getLogger("rawwfile")

STREAM = "response.stream"
HEADERS = "response.headers."
MARKS: dict[str, tuple[type, ...]] = {"stream": (bool, int), "flush": (int, float, tuple, str), "heartbeat": (tuple,)}
"""Attributes with which `@rawwfile.stream` marks; what has no such type is a page of that name, or no matter."""

_KEYS = {f"response.{name}": name for name in MARKS}

SERVER_KEYS = {
    "server.socket_host": "host",
    "server.socket_port": "port",
    "server.socket_file": "unix_socket",
    "server.socket_queue_size": "backlog",
    "server.thread_pool": "threads",
    "server.ssl_certificate": "tls_cert",
    "server.ssl_private_key": "tls_key",
}
"""Keys of `rawwfile.config` that `rawwfile.quickstart` understands, and the settings they are."""

Entries = Mapping[str, Any]
Paths = Mapping[tuple[str, ...], Entries]

_reported: set[str] = set()


def of_pages(entries: Entries, where: str) -> Iterator[tuple[str, Any]]:
    """The entries that mean something for a page; each other key is logged when it is first met."""
    for key, value in entries.items():
        if key in _KEYS or (isinstance(key, str) and key.startswith(HEADERS)):
            yield key, value
        elif key not in SERVER_KEYS and key not in _reported:
            _reported.add(key)
            log.warning('%s: the key "%s" means nothing to rawwfile; it is passed over', where, key)


class Config(dict[str, Any]):
    """The configuration of every page tree, and of `rawwfile.quickstart`: `rawwfile.config`."""

    def update(self, entries: Entries = {}, /, **more: Any) -> None:  # type: ignore[override]  # noqa: B006
        """Take in entries, those of a section "global" too. Raises TypeError for what is no mapping."""
        if not isinstance(entries, Mapping):
            raise TypeError(
                f"rawwfile.config takes a dict, not {entries!r}; a file goes with rawwfile serve --config FILE"
            )
        flat = {**entries, **more}
        flat.update(flat.pop("global", {}))
        super().update(flat)
        self.pages()

    def pages(self) -> dict[str, Any]:
        """The entries that speak of pages."""
        return dict(of_pages(self, "rawwfile.config"))


config = Config()
"""For every page of this process: `rawwfile.config.update({"response.stream": True})`."""


def path_entries(sections: Mapping[str, Entries]) -> dict[tuple[str, ...], dict[str, Any]]:
    """The config of a page tree, `{"/": {...}, "/reports": {...}}`, by the segments of its paths.

    A section "global" goes to `rawwfile.config`, as CherryPy has it. Raises TypeError, ValueError.
    """
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for path, entries in sections.items():
        if not isinstance(entries, Mapping):
            raise TypeError(f'config has a dict for each path, like {{"/": {{...}}}}; for {path!r} it has {entries!r}')
        if path == "global":
            config.update(entries)
        elif not path.startswith("/"):
            raise ValueError(f'config section "{path}" is no path: paths begin with "/"')
        else:
            found[tuple(part for part in path.split("/") if part)] = dict(of_pages(entries, f"config of {path}"))
    return found


def entries_for(
    handler: Any, own: Entries, way: Sequence[Any], values: tuple[str, ...], paths: Paths
) -> dict[str, Any]:
    """Everything that is said about the page at the path of segments `values`.

    way: the objects from the root to the handler, or to the one that it is the index or default of.
    own: what the handler's attributes say.
    """
    above = way[:-1] if way[-1] is handler else way
    if not (config or paths or _has_config(handler)) and not any(map(says_something, above)):
        return dict(own)
    entries = config.pages() if config else {}
    for depth, node in enumerate(way):
        entries.update(_said_by(node, own if node is handler else _defaults_of(type(node))))
        entries.update(paths.get(values[:depth], ()))
    if way[-1] is not handler:
        entries.update(_said_by(handler, own))
    for depth in range(len(way), len(values) + 1):
        entries.update(paths.get(values[:depth], ()))
    return entries


def says_something(node: Any) -> bool:
    """Whether an object on the way to a handler has a default for the pages below it."""
    return getattr(node, "_cp_config", None) is not None or isinstance(getattr(type(node), "stream", None), int)


def _has_config(handler: Any) -> bool:
    """Whether the handler has a `_cp_config`; asked of its function, since a method takes long to say no."""
    return getattr(getattr(handler, "__func__", handler), "_cp_config", None) is not None


def marks_of(marked: Any) -> dict[str, Any]:
    """What the attributes of a handler say of its stream."""
    found = {}
    for name, kinds in MARKS.items():
        value = getattr(marked, name, None)
        if value is not None and isinstance(value, kinds):
            found[f"response.{name}"] = value
    return found


def _defaults_of(kind: type) -> dict[str, Any]:
    """What a class says; an instance is not asked, since its attribute `stream` may be anything."""
    marks = marks_of(kind)
    return marks if STREAM in marks else {}


def _said_by(node: Any, marks: Entries) -> dict[str, Any]:
    entries = getattr(node, "_cp_config", None)
    found = dict(of_pages(entries, "_cp_config")) if isinstance(entries, Mapping) else {}
    found.update(marks)
    return found
