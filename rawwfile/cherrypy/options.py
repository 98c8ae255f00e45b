"""The options of a CherryPy 0.10 configuration file, and the rule by which they are read (spec 9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from rawwfile.cherrypy.configfile import OldConfigParser, number, whole_number
from rawwfile.errors import ConfigError
from rawwfile.ini import ConfigFile

T = TypeVar("T")


@dataclass(frozen=True)
class ServerOptions:
    """`[server]`, by 0.10's names; what the file does not say, or says wrongly, has the default."""

    logToScreen: int = 1  # noqa: N815
    logFile: str = ""  # noqa: N815
    protocolVersion: str = "HTTP/1.0"  # noqa: N815
    socketHost: str = "127.0.0.1"  # noqa: N815
    socketPort: int = 0  # noqa: N815
    socketFile: str = ""  # noqa: N815
    reverseDNS: int = 0  # noqa: N815
    socketQueueSize: int = 5  # noqa: N815
    processPool: int = 1  # noqa: N815
    threadPool: int = 1  # noqa: N815
    threading: int = 0
    forking: int = 0
    sslKeyFile: str = ""  # noqa: N815
    sslCertificateFile: str = ""  # noqa: N815
    sslClientCertificateVerification: int = 0  # noqa: N815
    sslCACertificateFile: str = ""  # noqa: N815
    sslVerifyDepth: int = 1  # noqa: N815
    typeOfRequests: tuple[str, ...] = ("web",)  # noqa: N815


@dataclass(frozen=True)
class SessionOptions:
    """`[session]`. timeout, clean_up_delay: minutes; clean_up_delay 0 is never.

    They stay as the file has them: the start-up log shows 60 for the default and 60.0 for `timeout=60`.
    """

    storage_type: str = ""
    timeout: float = 60
    clean_up_delay: float = 60
    cookie_name: str = "CherryPySession"
    storage_file_dir: str = ""
    cookie_flags: str = "auto"
    most_sessions: int = 50_000


@dataclass(frozen=True)
class CacheOptions:
    """`[cache]`. flush_delay: minutes, 0 is never. most_bytes: of all pages together."""

    flush_delay: float = 0
    most_bytes: int = 64 << 20


class OptionReader:
    """Reads options by 0.10's rule: what is missing or malformed has the default."""

    def __init__(self, file: ConfigFile) -> None:
        self.source = file
        self.parser = OldConfigParser(file)

    def text(self, section: str, option: str, default: str) -> str:
        """A text."""
        return self._read(section, option, default, str)

    def whole(self, section: str, option: str, default: int) -> int:
        """A whole number."""
        return self._read(section, option, default, whole_number)

    def number(self, section: str, option: str, default: float) -> float:
        """A number; not a number is malformed."""
        return self._read(section, option, default, number)

    def _read(self, section: str, option: str, default: T, parse: Callable[[str], T]) -> T:
        # Any failure: a section or option that is missing, a bad reference, a bad number.
        try:
            value = parse(self.parser.get(section, option))
        except Exception:  # noqa: BLE001
            return default
        return default if value != value else value

    def parsed(self, section: str, option: str, parse: Callable[[str], T], accepted: str) -> T | None:
        """One of rawwfile's own options; None if it is not there. Raises ConfigError."""
        entry = self.source.entries(section).get(option.lower())
        if entry is None or not entry.value:
            return None
        try:
            return parse(self.source.get(section, entry))
        except ValueError:
            raise ConfigError(f"{self.source.label(section, entry)}: give {accepted}.") from None
