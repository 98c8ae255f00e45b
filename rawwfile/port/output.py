"""Writing a package, without loss of what a person may have changed in it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping

from rawwfile.errors import StartError

MANIFEST = ".rawwfile-port.json"
"""In the package: the files that a port wrote, each with the hash of what it wrote."""


class WouldOverwrite(StartError):
    """Files are there that no port wrote, or that were changed since. files: their names."""

    def __init__(self, directory: str, files: list[str]) -> None:
        shown = ", ".join(files[:5]) + (f" and {len(files) - 5} more" if len(files) > 5 else "")
        super().__init__(
            f"{directory} holds files that were changed since, or that no port wrote: {shown}. "
            "Nothing was written. Give another -o DIR, or --force to overwrite them."
        )
        self.files = files


def digest(data: bytes) -> str:
    """Return the hash by which a file is known."""
    return hashlib.sha256(data).hexdigest()


def write_package(directory: str, files: Mapping[str, bytes], *, force: bool = False) -> list[str]:
    """Write the files of a package and return the names of those that changed.

    files: by path with '/'. A file of an earlier port that is no part of this one is taken away if
    it was not changed. Each file is replaced as a whole. Raises WouldOverwrite before anything is
    written, and OSError.
    """
    before = _manifest(directory)
    present = {path: _read(os.path.join(directory, *path.split("/"))) for path in {*files, *before}}
    edited = [
        path
        for path, data in sorted(present.items())
        if data is not None and path in files and data != files[path] and digest(data) != before.get(path)
    ]
    if edited and not force:
        raise WouldOverwrite(directory, edited)
    changed = []
    for path, data in sorted(files.items()):
        if present[path] != data:
            _replace(os.path.join(directory, *path.split("/")), data)
            changed.append(path)
    for path in sorted(set(before) - set(files)):
        left = present[path]
        if left is not None and digest(left) == before[path]:
            os.unlink(os.path.join(directory, *path.split("/")))
            changed.append(path)
    manifest = {path: digest(data) for path, data in sorted(files.items())}
    text = (json.dumps(manifest, indent=1) + "\n").encode()
    if _read(os.path.join(directory, MANIFEST)) != text:
        _replace(os.path.join(directory, MANIFEST), text)
    return changed


def read_package(directory: str) -> dict[str, bytes]:
    """Return the files of a ported package, but for what Python and the port keep there. Raises OSError."""
    found: dict[str, bytes] = {}
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(each for each in folders if each != "__pycache__" and not each.startswith("."))
        for name in sorted(names):
            if name == MANIFEST or name.endswith(".pyc"):
                continue
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, directory).replace(os.sep, "/")] = file.read()
    return found


def _manifest(directory: str) -> dict[str, str]:
    data = _read(os.path.join(directory, MANIFEST))
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    # A path that leads out of the package is not one that a port wrote.
    return {
        path: str(value)
        for path, value in found.items()
        if not path.startswith("/") and ".." not in path.split("/")
    }


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _replace(path: str, data: bytes) -> None:
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".rawwfile-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644 & ~_mask())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _mask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
