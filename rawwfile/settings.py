"""Every setting of the server, once.

The fields of `Settings` are the one table of options: from a field's name, kind, default and help come
the flag (`--limit-body`), the environment variable (`RAWWFILE_LIMIT_BODY`), the configuration key
(`limitBody`, `limit_body`, ...), what `--help` and `rawwfile help settings` print, and the checks.
`OPTIONS` is the same table as a tuple, for code that reads it.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from rawwfile.errors import ConfigError
from rawwfile.http.limits import DEFAULT_LIMITS, DEFAULT_TIMEOUTS, Limits, Timeouts

VERSION = "0.1.0"
"""The version of rawwfile; setup.py reads it from here."""

_SIZE = re.compile(r"([0-9]+) ?(?:([kmg])(?:i?b)?)?", re.IGNORECASE)
_SECONDS = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(ms|s|m|h)?", re.IGNORECASE)
_SECONDS_IN = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_YES_NO = {"yes": True, "on": True, "true": True, "1": True, "no": False, "off": False, "false": False, "0": False}


@dataclass(frozen=True)
class Kind:
    """A kind of value: how it is written and which values it has.

    metavar: its name in `--help`. accepted: completes the sentence "give ...".
    parse: text to value; raises ValueError. allows: says whether a value is one of the kind.
    """

    metavar: str
    accepted: str
    parse: Callable[[str], Any]
    allows: Callable[[Any], bool]


def _whole(text: str) -> int:
    # int() also takes '+5', '1_000' and digits of other scripts, which are more often a slip than a wish.
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _count(least: int, why: str = "") -> Kind:
    return Kind(
        "N",
        f"a whole number, {least} or more{why}",
        _whole,
        lambda value: type(value) is int and value >= least,
    )


def _choice(*words: str) -> Kind:
    by_lower = {word.lower(): word for word in words}

    def parse(text: str) -> str:
        if text.lower() not in by_lower:
            raise ValueError(text)
        return by_lower[text.lower()]

    accepted = " or ".join([", ".join(words[:-1]), words[-1]])
    return Kind("|".join(words), accepted, parse, lambda value: value in words)


def _parse_size(text: str) -> int | None:
    if text.lower() == "none":
        return None
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) << 10 * " kmg".index((match[2] or " ").lower())


def _size(*, or_none: bool) -> Kind:
    none = ", or none for no limit" if or_none else ""
    return Kind(
        "SIZE",
        f"a size in bytes such as 8192, 8k or 64M{none}",
        _parse_size,
        lambda value: (value is None and or_none) or (type(value) is int and value >= 1),
    )


def _parse_seconds(text: str) -> float | None:
    if text.lower() == "none":
        return None
    match = _SECONDS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return float(match[1]) * _SECONDS_IN[(match[2] or "s").lower()]


def _seconds_allowed(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < 1e9


def _parse_flag(text: str) -> bool:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _is_charset(name: Any) -> bool:
    try:
        # encode() refuses the codecs that are none of text, such as base64; lookup() would not.
        return isinstance(name, str) and bool(codecs.lookup(name)) and "".encode(name) is not None
    except (LookupError, UnicodeError, ValueError):
        return False


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and value.isprintable()


def _parse_paths(text: str) -> str | list[str]:
    paths = [path.strip() for path in re.split(rf"[{re.escape(os.pathsep)}\n]", text) if path.strip()]
    if not paths:
        raise ValueError(text)
    return paths[0] if len(paths) == 1 else paths


def _paths_allowed(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(path, str) and path for path in value)
    return value is None or (isinstance(value, str) and bool(value))


PORT = Kind(
    "PORT",
    "a number from 0 to 65535; 0 takes a free port",
    _whole,
    lambda value: type(value) is int and 0 <= value <= 65535,
)
HOST = Kind(
    "HOST",
    "a host name or address: 127.0.0.1 for this machine only, 0.0.0.0 or :: for every interface",
    str,
    lambda value: _is_line(value) and " " not in value,
)
TEXT = Kind("TEXT", "one line of printable ASCII", str, lambda value: _is_line(value) and value.isascii())
PATH = Kind("FILE", "the name of a file", str, lambda value: value is None or (isinstance(value, str) and value != ""))
PATHS = Kind("FILE", f"the name of a file, or several with {os.pathsep!r} between", _parse_paths, _paths_allowed)
WIRE = Kind(
    "term|web|FILE",
    "term, web, or the name of a file for the recording",
    str,
    lambda value: value is None or (isinstance(value, str) and value != ""),
)
FLAG = Kind("yes|no", "yes or no (or on, off, true, false, 1, 0)", _parse_flag, lambda value: type(value) is bool)
CHARSET = Kind("NAME", "a charset that Python knows, such as utf-8 or latin-1", str, _is_charset)
SIZE = _size(or_none=False)
SIZE_OR_NONE = _size(or_none=True)
GRACE = Kind(
    "SECONDS",
    "a time such as 10, 0.5, 10s or 2m; 0 does not wait",
    _parse_seconds,
    lambda value: _seconds_allowed(value) or (type(value) in (int, float) and value == 0),
)
SECONDS = Kind(
    "SECONDS",
    "a time longer than 0 such as 20, 0.5, 20s or 2m, or none for ever",
    _parse_seconds,
    lambda value: value is None or _seconds_allowed(value),
)


OldNames = dict[str, dict[str, str]]
"""0.x's name of an option: 0.x's text of a value: today's."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One row of the table.

    old_names: the option's names in CherryPy 0.x, each with how that version's values are written today;
    a value that becomes '' leaves the default. in_file: may stand in a configuration file.
    """

    name: str
    kind: Kind
    default: Any
    group: str
    help: str
    old_names: OldNames
    in_file: bool

    @property
    def flag(self) -> str:
        """The option on the command line: '--limit-body'."""
        return "--" + self.name.replace("_", "-")

    @property
    def environment(self) -> str:
        """The option's environment variable: 'RAWWFILE_LIMIT_BODY'."""
        return "RAWWFILE_" + self.name.upper()

    @property
    def default_text(self) -> str:
        """The default as a person would type it."""
        if self.default is None:
            return "none"
        if self.kind in (SIZE, SIZE_OR_NONE):
            for power, unit in ((2, "M"), (1, "k")):
                if self.default % 1024**power == 0:
                    return f"{self.default // 1024**power}{unit}"
        if self.kind is FLAG:
            return "yes" if self.default else "no"
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default)

    def parse(self, text: str, label: str) -> Any:
        """The value that `text` writes.

        label: where the text stands and the text itself, as an error shows it ("--port 80x").
        Raises ConfigError with the label and what is accepted.
        """
        try:
            value = self.kind.parse(text.strip())
        except ValueError:
            raise ConfigError(f"{label}: give {self.kind.accepted}.") from None
        self.check(value, label)
        return value

    def check(self, value: Any, label: str) -> None:
        """Raise ConfigError where `value` is none of the option's values."""
        if not self.kind.allows(value):
            raise ConfigError(f"{label}: give {self.kind.accepted}.")


def _option(
    kind: Kind, default: Any, help: str, group: str, old: OldNames | None = None, in_file: bool = True
) -> Any:
    row = {"kind": kind, "default": default, "help": help, "group": group, "old_names": old or {}, "in_file": in_file}
    return field(default=default, metadata=row)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a server is to run. Sizes are bytes, times are seconds, None is "no limit".

    Raises ConfigError for a value that its option does not have.
    """

    host: str = _option(HOST, "127.0.0.1", "address to listen on", "Address", {"socketHost": {}})
    port: int = _option(PORT, 8000, "TCP port; 0 takes a free one", "Address", {"socketPort": {}})
    unix_socket: str | None = _option(
        PATH, None, "listen on a Unix socket of this name, on no TCP port", "Address", {"socketFile": {}}
    )
    reuse_port: bool = _option(FLAG, False, "let several servers listen on one port (SO_REUSEPORT)", "Address")
    backlog: int = _option(
        _count(1), 1024, "connections that the kernel may hold for us", "Address", {"socketQueueSize": {}}
    )

    threads: int = _option(
        _count(2, ": one waits for requests while others run handlers"),
        256,
        "most handlers that run at once in a process, each in its thread",
        "Capacity",
        # One thread was 0.x's word for "no pool"; two are the least there is here.
        {"threadPool": {"0": "", "1": ""}},
    )
    workers: int = _option(_count(1), 1, "processes that serve", "Capacity", {"processPool": {"0": ""}})
    when_full: str = _option(
        _choice("queue", "503"), "queue", "all threads busy: let clients wait, or answer 503", "Capacity"
    )
    limit_streams: int = _option(
        _count(1), 1000, "streams and long waits at once, each in a thread of its own; more is 503", "Capacity"
    )
    half_close: str = _option(
        _choice("tolerate", "gone"),
        "tolerate",
        "a client that ends its sending during a stream: serve it while it listens, or count it as gone",
        "Capacity",
    )
    min_rate: int | None = _option(
        SIZE_OR_NONE, None, "bytes a second that the client of a stream must take", "Capacity"
    )
    grace: float = _option(GRACE, 10.0, "how long a stop waits for responses in flight", "Capacity")

    interface: str = _option(
        _choice("auto", "pages", "wsgi", "asgi"),
        "auto",
        "what TARGET is: page objects, a WSGI or an ASGI callable",
        "Application",
    )
    lenient_str: bool = _option(FLAG, False, "let WSGI applications give str, as those of Python 2 do", "Application")
    charset: str = _option(CHARSET, "utf-8", "how str becomes bytes in a response", "Application")
    protocol: str = _option(
        _choice("HTTP/1.1", "HTTP/1.0"),
        "HTTP/1.1",
        "HTTP/1.0 closes after each response",
        "Application",
        {"protocolVersion": {}},
    )
    server_name: str = _option(
        TEXT, "rawwfile/" + VERSION.rpartition(".")[0], "text of the Server field", "Application"
    )
    reload: bool = _option(FLAG, False, "start again when a file of the application changes", "Application")
    config: str | None = _option(PATH, None, "configuration file, as CherryPy 0.x had it", "Application", in_file=False)

    limit_request_line: int = _option(SIZE, DEFAULT_LIMITS.request_line, "longest request line; more is 414", "Limits")
    limit_header_size: int = _option(SIZE, DEFAULT_LIMITS.header_size, "all fields of a request; more is 431", "Limits")
    limit_header_count: int = _option(
        _count(1), DEFAULT_LIMITS.header_count, "fields of a request; more is 431", "Limits"
    )
    limit_body: int | None = _option(SIZE_OR_NONE, DEFAULT_LIMITS.body, "longest request body; more is 413", "Limits")
    limit_form: int | None = _option(
        SIZE_OR_NONE, DEFAULT_LIMITS.form, "longest body that is parsed as a form; more is 413", "Limits"
    )

    timeout_header: float | None = _option(
        SECONDS, DEFAULT_TIMEOUTS.header, "for a whole request head, however it drips; then 408", "Time-outs"
    )
    timeout_body: float | None = _option(
        SECONDS, DEFAULT_TIMEOUTS.body, "without one more byte of a body; then 408", "Time-outs"
    )
    timeout_send: float | None = _option(
        SECONDS, DEFAULT_TIMEOUTS.send, "without the client taking one more byte", "Time-outs"
    )
    timeout_keep_alive: float | None = _option(
        SECONDS, DEFAULT_TIMEOUTS.keep_alive, "between two requests of a connection", "Time-outs"
    )
    timeout_first_chunk: float | None = _option(
        SECONDS, None, "for a stream's first piece; then 504", "Time-outs"
    )
    timeout_stream: float | None = _option(SECONDS, None, "for a whole stream; ended at its next piece", "Time-outs")

    tls_cert: str | list[str] | None = _option(
        PATHS, None, "certificate chain, PEM; turns HTTPS on; may be repeated", "TLS", {"sslCertificateFile": {}}
    )
    tls_key: str | list[str] | None = _option(
        PATHS, None, "private key, PEM, where it is not in the --tls-cert file", "TLS", {"sslKeyFile": {}}
    )
    tls_client_ca: str | None = _option(
        PATH, None, "authorities whose client certificates are believed, PEM", "TLS", {"sslCACertificateFile": {}}
    )
    tls_client_cert: str = _option(
        _choice("none", "optional", "required"),
        "none",
        "ask clients for a certificate",
        "TLS",
        {"sslClientCertificateVerification": {"0": "none", "1": "required"}},
    )

    access_log: str | None = _option(
        PATH,
        None,
        "a line for each request: a FILE, - for stderr, or off; unset: stderr if it is a terminal",
        "Logging",
        {"logFile": {}, "logToScreen": {"0": "off", "1": "-"}},
    )
    access_log_format: str = _option(_choice("common", "combined", "json"), "common", "form of those lines", "Logging")
    log_level: str = _option(
        _choice("debug", "info", "warning", "error"), "info", "least serious message on stderr", "Logging"
    )

    wire: str | None = _option(
        WIRE, None, "record every byte and show it in the terminal, as a web page, or keep it in a FILE", "Recording"
    )
    wire_secrets: bool = _option(FLAG, False, "show Authorization and cookies in recordings, too", "Recording")
    limit_wire_connection: int = _option(
        SIZE, 128 << 20, "memory for the recording of one connection; then the oldest bytes go", "Recording"
    )
    limit_wire: int = _option(
        SIZE, 256 << 20, "memory for the whole recording; then the oldest connections go", "Recording"
    )
    limit_wire_connections: int = _option(_count(1), 20_000, "connections in a recording", "Recording")

    static_content: tuple[tuple[str, str], ...] = ()
    """(URL path without outer slashes, file or directory) pairs, first match wins: `[staticContent]` of a file."""

    def __post_init__(self) -> None:
        for option in OPTIONS:
            value = getattr(self, option.name)
            if value is not option.default:
                option.check(value, f"Settings({option.name}={value!r})")

    @cached_property
    def limits(self) -> Limits:
        """The sizes, as the parser takes them."""
        return Limits(
            request_line=self.limit_request_line,
            header_size=self.limit_header_size,
            header_count=self.limit_header_count,
            body=self.limit_body,
            form=self.limit_form,
        )

    @cached_property
    def timeouts(self) -> Timeouts:
        """The time-outs, as the server takes them."""
        return Timeouts(
            header=self.timeout_header,
            body=self.timeout_body,
            send=self.timeout_send,
            keep_alive=self.timeout_keep_alive,
        )


OPTIONS: tuple[Option, ...] = tuple(Option(name=f.name, **f.metadata) for f in fields(Settings) if f.metadata)
"""The rows of the table, in the order of `--help`."""
