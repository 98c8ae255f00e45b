"""Where log lines go: short ones on stderr, and the access log where `--access-log` says.

What clients send ends up in log lines, so control characters are escaped here, for every logger below
'rawwfile': nobody can fake a line or move a terminal's cursor.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys

from rawwfile.cli.suggest import shown
from rawwfile.errors import ConfigError, StartError
from rawwfile.settings import Settings

_SILENT = logging.CRITICAL + 1


class ShortLines(logging.Formatter):
    """'HH:MM:SS level message', with a traceback below it where an error brings one.

    A StartError brings none: its message says what to do, and the fault is not in a line of code.
    """

    def __init__(self) -> None:
        super().__init__(datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of `record`; a newline stands in it only before a traceback's lines."""
        level = record.levelname.lower()
        lines = [f"{self.formatTime(record, self.datefmt)} {level} {escaped(record.getMessage())}"]
        kind = record.exc_info[0] if record.exc_info else None
        if record.exc_info and kind is not None and not issubclass(kind, StartError):
            lines += map(escaped, self.formatException(record.exc_info).splitlines())
        return "\n".join(lines)


def escaped(text: str) -> str:
    """`text` with everything that is no printable character written as Python would ('\\n', '\\x1b')."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def set_up_logging(settings: Settings) -> None:
    """Send the logger 'rawwfile' to stderr and 'rawwfile.access' to its own place.

    Neither passes records on to the root logger, which is the application's. Calling it again replaces
    what the call before set up. Raises ConfigError where the access log cannot be opened.
    """
    messages = logging.StreamHandler(sys.stderr)
    messages.setFormatter(ShortLines())
    _equip("rawwfile", messages, logging.getLevelName(settings.log_level.upper()))

    access = _access_handler(settings.access_log)
    _equip("rawwfile.access", access, logging.INFO if access is not None else _SILENT)


def _equip(name: str, handler: logging.Handler | None, level: int) -> None:
    logger = logging.getLogger(name)
    for old in logger.handlers[:]:
        logger.removeHandler(old)
        old.close()
    if handler is not None:
        logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False


def _access_handler(target: str | None) -> logging.Handler | None:
    if target == "off" or (target is None and not sys.stderr.isatty()):
        return None
    if target is None or target == "-":
        return logging.StreamHandler(sys.stderr)
    try:
        # Watched: when logrotate moves the file, the next line opens a new one.
        return logging.handlers.WatchedFileHandler(target, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise ConfigError(f"--access-log {shown(target)}: {error.strerror or error}.") from error
