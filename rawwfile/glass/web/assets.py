"""The files of the page. All of them are read when the server starts: no path of a request is ever opened."""

from __future__ import annotations

from importlib import resources
from typing import Any

from rawwfile.glass.web.guard import Refused

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
}  # fmt: skip
PAGE = "index.html"


def _type_of(name: str) -> str | None:
    return TYPES.get("." + name.rpartition(".")[2])


class Assets:
    """The files by name. folder: anything with iterdir(), as importlib.resources has it; None: our own.

    fresh: read a file anew for each request, for who works on the page; its names stay those of the start.
    """

    def __init__(self, folder: Any = None, *, fresh: bool = False) -> None:
        folder = resources.files("rawwfile.glass") / "assets" if folder is None else folder
        files = [each for each in folder.iterdir() if each.is_file() and _type_of(each.name)]
        self._files = {each.name: each for each in files}
        self._read = None if fresh else {name: each.read_bytes() for name, each in self._files.items()}

    @property
    def names(self) -> list[str]:
        """The names that can be asked for."""
        return sorted(self._files)

    def get(self, name: str) -> tuple[bytes, str]:
        """Content and media type of a file. Raises Refused (404)."""
        found = self._files.get(name)
        kind = _type_of(name)
        if found is None or kind is None:
            raise Refused(404, "There is no such file.")
        return (found.read_bytes() if self._read is None else self._read[name]), kind
