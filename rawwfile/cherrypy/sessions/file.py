"""Sessions in files: one for each, named by its id."""

from __future__ import annotations

import logging
import os
import secrets
import stat
import time
from http.cookies import SimpleCookie
from typing import Any

from rawwfile.cherrypy.sessions import ID
from rawwfile.cherrypy.sessions.values import Damaged, Values

log = logging.getLogger("rawwfile")

_MARK = b"rawwfile-session 1 "
_LARGEST = 64 << 20
_STALE = 3600.0
"""Seconds after which a draft is what a killed process has left."""
_DRAFT = ".draft"


class FileStorage:
    """Keeps each session in a file of `directory`, which must exist when the first is saved.

    A file is written beside its place and then put there in one step, so that nobody reads half a
    session and a crash loses none. It is readable by its owner only. Its first line says when it
    expires, the rest is what `Values` writes; nothing in it is ever executed (H02). Files that
    0.10 has left there are no sessions.
    """

    def __init__(self, directory: str, values: Values) -> None:
        self._directory = os.path.abspath(directory)
        self._values = values

    def load(self, session_id: str, cookies: SimpleCookie) -> tuple[dict[str, Any], float] | None:
        """See Storage. A damaged file is no session, and a line in the log."""
        path = self._path(session_id)
        content = _content(path)
        if content is None:
            return None
        try:
            expires, text = _split(content)
            return self._values.decode(text), expires
        except Damaged as error:
            log.warning("session file %s: %s; the visitor gets a new session", path, error)
            return None

    def save(self, session_id: str, data: dict[str, Any], expires: float, cookies: SimpleCookie) -> None:
        """See Storage. Raises OSError where the file cannot be written."""
        content = _MARK + repr(expires).encode() + b"\n" + self._values.encode(data)
        path = self._path(session_id)
        draft = os.path.join(self._directory, f".{session_id}.{secrets.token_hex(8)}{_DRAFT}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise

    def clean_up(self, now: float) -> None:
        """See Storage. What is no session file, or cannot be read, stays."""
        try:
            entries = list(os.scandir(self._directory))
        except OSError as error:
            log.warning("cannot look for old sessions: %s", error)
            return
        for entry in entries:
            try:
                if self._is_over(entry, now):
                    os.unlink(entry.path)
            except OSError:
                continue  # another process was faster

    def forget_all(self) -> None:
        """Files stay."""

    def _path(self, session_id: str) -> str:
        if not ID.fullmatch(session_id):
            raise ValueError(f"no session id: {session_id!r:.60}")
        return os.path.join(self._directory, session_id)

    @staticmethod
    def _is_over(entry: os.DirEntry[str], now: float) -> bool:
        if entry.name.endswith(_DRAFT):
            # By the clock of the file system: `now` may be a test's.
            return time.time() - entry.stat(follow_symlinks=False).st_mtime > _STALE
        if not ID.fullmatch(entry.name):
            return False
        content = _content(entry.path, most=len(_MARK) + 64)
        try:
            return content is not None and _split(content)[0] < now
        except Damaged:
            return False


def _content(path: str, most: int = -1) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size > _LARGEST:
            return None
        return file.read(most)


def _split(content: bytes) -> tuple[float, bytes]:
    head, _, text = content.partition(b"\n")
    if not head.startswith(_MARK):
        raise Damaged("not written by rawwfile")
    try:
        return float(head.removeprefix(_MARK)), text
    except ValueError:
        raise Damaged("its first line says no time") from None
