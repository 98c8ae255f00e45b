"""Errors as CherryPy 0.10 showed them: exact texts, tracebacks that begin in the application's files."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_LIBRARY = os.path.join(_OURS, "cherrypy", "lib") + os.sep
_HOW_TO = (
    "Check out the HowTo about sessions on the cherrypy.org website to learn how to use sessions."
)
SESSIONS_OFF = f"You are trying to use sessions but sessions are not enabled in the config file. {_HOW_TO}"
OLD_SESSION_MAP = (
    'CherryError:\n    Session data is now manipulated through "request.sessionMap" instead of just "sessionMap".\n'
    f"    {_HOW_TO}\n"
)
"""The page for a use of the bare name `sessionMap` (spec 7.6)."""
SESSIONS_OFF_PAGE = (
    "CherryError:\n    You are trying to use sessions but sessions are not enabled in the config file.\n"
    f"    {_HOW_TO}\n"
)
"""The page for a use of `request.sessionMap` without sessions, where the site has one thread."""
UNICODE_PAGE = "The mask or view returned a unicode string instead of a regular string !"
NO_STRING_PAGE = "The mask or view didn't return a string !"


class CherryError(Exception):
    """0.10's own errors, strings then; the last line of a traceback is 'CherryError: <message>'."""

    # Python 2 printed no module, and pages are searched for the bare name (Q32).
    __module__ = "builtins"


class SessionsOff(Exception):
    """A use of `request.sessionMap` without sessions; see `sessions_are_off`."""


# It was a string exception: the text alone was the last line of its traceback.
_SessionsOff = type(SESSIONS_OFF, (SessionsOff,), {"__module__": "builtins"})


def sessions_are_off() -> Exception:
    """Return the error for a use of `request.sessionMap` without sessions; it prints as the text alone."""
    return _SessionsOff()


def last_line(error: BaseException, text_of: Callable[[Any], str] = str) -> str:
    """Return the last line of a traceback as Python 2 wrote it: no module before the name.

    text_of: `str` as the application's code has it.
    """
    name = type(error).__name__
    try:
        text = text_of(error)
    except Exception:  # noqa: BLE001 - an application's own __str__
        text = "<unprintable error>"
    return f"{name}: {text}\n" if text else f"{name}\n"


def traceback_text(error: BaseException, text_of: Callable[[Any], str] = str) -> str:
    """Return the whole traceback in Python 2's form, with the frames of the application only."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_ours(frame.filename)]
    rows = ["Traceback (most recent call last):\n", *traceback.format_list(frames)] if frames else []
    return "".join(rows) + last_line(error, text_of)


def from_application(trace: TracebackType | None) -> TracebackType | None:
    """Return the part of a traceback that begins in the application; all of it if nothing does."""
    found = trace
    while found is not None and _is_ours(found.tb_frame.f_code.co_filename):
        found = found.tb_next
    return found or trace


def is_old_session_map(error: BaseException) -> bool:
    """Whether the application used the global name `sessionMap` of earlier versions."""
    return isinstance(error, NameError) and "'sessionMap'" in str(error)


def _is_ours(file: str) -> bool:
    return file.startswith(_OURS) and not file.startswith(_LIBRARY)
