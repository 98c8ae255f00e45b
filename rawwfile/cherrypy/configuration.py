"""The configuration of a CherryPy 0.10 application: `RootServer.cfg`, the defaults, and what flags say (spec 9).

0.10 ignored what it could not read: an option whose value is malformed has its default. Options that
are rawwfile's own (`limitBody=10M` in [server]) were never in a file of 2004, so a bad value of
theirs is an error. Own options besides those of `rawwfile help settings`:

    [server]   charset       codec of sources, parameters, pages and this file, when -E is not given
               socketMode    permissions of the socketFile, octal; default 660 (0.10: 777)
               strictErrors  1: errors have status 404 and 500, where 0.10 said 200
    [session]  cookieFlags   auto, none, or some of HttpOnly, Secure, SameSite=Lax (see `sessions`)
               maxSessions   most sessions in memory ('ram'); default 50000
    [cache]    maxSize       most bytes of cached pages, such as 64M
"""

from __future__ import annotations

import codecs
import configparser
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rawwfile.cherrypy import startlog
from rawwfile.cherrypy.configfile import OldConfigParser, read_text, whole_number
from rawwfile.cherrypy.options import CacheOptions, OptionReader, ServerOptions, SessionOptions
from rawwfile.errors import ConfigError
from rawwfile.ini import ConfigEntry, ConfigFile
from rawwfile.settings import OPTIONS, SIZE, Option, Settings

__all__ = ["CacheOptions", "Configuration", "ServerOptions", "SessionOptions", "read"]

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what an empty socketHost means
DEFAULT_PORT = 8000
_OWN = {"charset", "config"}
"""Settings that are not taken from [server] by their own name: read apart, or no key of a file."""


@dataclass
class Configuration:
    """All that file and flags say. See `read`."""

    name: str
    file: OldConfigParser
    server: ServerOptions
    session: SessionOptions
    cache: CacheOptions
    static_content: list[tuple[str, str]]
    charset: str | None
    socket_mode: int
    strict_errors: bool
    values: dict[str, Any] = field(repr=False)
    """For Settings."""
    warnings: list[str] = field(default_factory=list)

    @property
    def log_to_screen(self) -> bool:
        """Whether the default logMessage prints."""
        return bool(self.server.logToScreen)

    @property
    def log_file(self) -> str:
        """The file that the default logMessage appends to, or ''."""
        return self.server.logFile

    @property
    def reverse_dns(self) -> bool:
        """Whether request.headerMap['remote-host'] is a name."""
        return bool(self.server.reverseDNS)

    @property
    def xmlrpc(self) -> bool:
        """Whether XML-RPC calls are decoded."""
        return "xmlRpc" in self.server.typeOfRequests

    @property
    def model(self) -> str:
        """Who runs the application's code (spec 15)."""
        server = self.server
        if server.threadPool > 1:
            return "threadPool"
        if self.values.get("workers", 1) > 1:
            return "processPool"
        return "threading" if server.threading else "forking" if server.forking else "plain"

    @property
    def model_count(self) -> int:
        """How many threads or processes the pool has; 1 where there is none."""
        model = self.model
        if model == "threadPool":
            return self.server.threadPool
        return int(self.values["workers"]) if model == "processPool" else 1

    def settings(self) -> Settings:
        """The settings of the server. Raises ConfigError."""
        return Settings(**self.values)

    def lines(self) -> list[str]:
        """The lines of the start-up log, as scripts parse them (Q31)."""
        return startlog.lines(self)

    def check(self) -> None:
        """Raise StartError, with 0.10's text, for what cannot be meant. To be called after `lines`."""
        startlog.check(self)

    def serving_line(self, address: Any) -> str:
        """The last line of the start-up log. address: of the socket, as getsockname gives it."""
        return startlog.serving_line(self, address)


def read(name: str | None, *, must_exist: bool = False, given: Mapping[str, Any] | None = None) -> Configuration:
    """Read the configuration file `name`; None or "" is no file, and all defaults.

    must_exist: somebody asked for the file; else 0.10 ran with the defaults where it is missing.
    given: values that win over the file's, by their names in Settings. Nothing is checked yet that
    0.10 checked after its log: see `Configuration.check`. Raises ConfigError for a file that is
    missing or no INI file, and for bad values of rawwfile's own options.
    """
    given = dict(given or {})
    file, charset = _read_file(name, must_exist, given.get("charset"))
    options = OptionReader(file)
    server = _server_options(options, given)
    values = _own_settings(file, options)
    warnings: list[str] = []
    values.update(_old_settings(server, values, options, warnings))
    values.update(given)
    values.pop("charset", None)
    if name:
        values["config"] = name
    return Configuration(
        name=name or "",
        file=options.parser,
        server=_with_given(server, values),
        session=_session_options(options),
        cache=CacheOptions(
            flush_delay=options.number("cache", "flushCacheDelay", 0),
            most_bytes=options.parsed("cache", "maxSize", SIZE.parse, SIZE.accepted) or CacheOptions.most_bytes,
        ),
        static_content=_static_content(options.parser),
        charset=charset,
        socket_mode=options.parsed("server", "socketMode", _mode, "permissions in octal, such as 660") or 0o660,
        strict_errors=bool(options.whole("server", "strictErrors", 0)),
        values=values,
        warnings=warnings,
    )


def _read_file(name: str | None, must_exist: bool, charset: str | None) -> tuple[ConfigFile, str | None]:
    found = read_text(name, "latin-1") if name else None
    if found is None:
        if must_exist:
            reason = "No such file or directory" if not os.path.exists(name or "") else "it cannot be read"
            raise ConfigError(f"--config {name}: {reason}.")
        return ConfigFile(name or ""), charset
    entry = found.entries("server").get("charset")
    if charset is None and entry is not None and entry.value:
        try:
            charset = codecs.lookup(entry.value).name
        except LookupError:
            raise ConfigError(f"{found.label('server', entry)}: Python knows no charset of that name.") from None
    if charset is not None and name:
        try:
            found = read_text(name, charset) or found
        except UnicodeDecodeError as error:
            place = f"{name}: byte {error.start} is no {charset}"
            raise ConfigError(f"{place}. Set charset= to what the file is written in.") from None
    return found, charset


def _mode(text: str) -> int:
    mode = int(text, 8)
    if not 0 < mode <= 0o777:
        raise ValueError(text)
    return mode


def _server_options(options: OptionReader, given: Mapping[str, Any]) -> ServerOptions:
    plain = ServerOptions()
    values: dict[str, Any] = {}
    for name, default in vars(plain).items():
        if name == "typeOfRequests":
            values[name] = tuple(options.text("server", name, "web").split(","))
        elif isinstance(default, int):
            values[name] = options.whole("server", name, default)
        else:
            values[name] = options.text("server", name, default)
    if "unix_socket" in given:
        values["socketHost"], values["socketPort"] = plain.socketHost, 0
    elif "port" in given or "host" in given:
        values["socketFile"] = ""
    return ServerOptions(**values)


def _with_given(server: ServerOptions, values: Mapping[str, Any]) -> ServerOptions:
    """The options with what flags and own names say instead, for log and checks."""
    changed: dict[str, Any] = {}
    for old, own in (("protocolVersion", "protocol"), ("socketFile", "unix_socket"), ("socketQueueSize", "backlog")):
        if values.get(own):
            changed[old] = values[own]
    if values["host"] != (server.socketHost or EVERYWHERE):
        changed["socketHost"] = values["host"]
    if values["port"] != (server.socketPort or DEFAULT_PORT):
        changed["socketPort"] = values["port"]
    if values.get("workers", 1) > 1:
        changed["processPool"] = values["workers"]
    return ServerOptions(**{**vars(server), **changed})


def _folded(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _own_settings(file: ConfigFile, options: OptionReader) -> dict[str, Any]:
    """Settings that [server] gives by rawwfile's names. [DEFAULT] does not count: it is the application's."""
    by_key = {_folded(option.name): option for option in OPTIONS if option.in_file and option.name not in _OWN}
    values = {}
    for entry in file.entries("server").values():
        option = by_key.get(_folded(entry.name))
        if option is not None and entry.value:
            values[option.name] = _parsed_own(file, entry, option)
    return values


def _parsed_own(file: ConfigFile, entry: ConfigEntry, option: Option) -> Any:
    return option.parse(file.get("server", entry), file.label("server", entry))


def _old_settings(
    server: ServerOptions, own: Mapping[str, Any], options: OptionReader, warnings: list[str]
) -> dict[str, Any]:
    """What the settings are by 0.10's options; own names win."""
    values: dict[str, Any] = {
        "protocol": server.protocolVersion,
        "host": server.socketHost or EVERYWHERE,
        "port": server.socketPort or DEFAULT_PORT,
        # The application's own log has a line for each request already.
        "access_log": "off",
    }
    if server.protocolVersion not in ("HTTP/1.0", "HTTP/1.1"):
        del values["protocol"]
    if server.socketFile:
        values["unix_socket"] = server.socketFile
    if options.whole("server", "socketQueueSize", 0) > 0:
        values["backlog"] = server.socketQueueSize
    if server.processPool > 1:
        values["workers"] = server.processPool
    if server.sslKeyFile and server.sslCertificateFile:
        values["tls_key"], values["tls_cert"] = server.sslKeyFile, server.sslCertificateFile
        if server.sslClientCertificateVerification:
            values["tls_client_ca"] = server.sslCACertificateFile or None
            values["tls_client_cert"] = "required"
            if server.sslVerifyDepth != 1:
                warnings.append("sslVerifyDepth does nothing here: OpenSSL bounds the chain itself")
    if server.forking:
        warnings.append("forking=1 is served like threading=1: changes of state are kept, not lost with a process")
    return {name: value for name, value in values.items() if name not in own}


def _session_options(options: OptionReader) -> SessionOptions:
    default = SessionOptions()
    most = options.parsed("session", "maxSessions", whole_number, "a whole number, 1 or more")
    if most is not None and most < 1:
        raise ConfigError(f"[session] maxSessions={most}: give a whole number, 1 or more.")
    return SessionOptions(
        storage_type=options.text("session", "storageType", default.storage_type),
        timeout=options.number("session", "timeout", default.timeout),
        clean_up_delay=options.number("session", "cleanUpDelay", default.clean_up_delay),
        cookie_name=options.text("session", "cookieName", default.cookie_name),
        storage_file_dir=options.text("session", "storageFileDir", default.storage_file_dir),
        cookie_flags=options.text("session", "cookieFlags", default.cookie_flags),
        most_sessions=most or default.most_sessions,
    )


def _static_content(parser: OldConfigParser) -> list[tuple[str, str]]:
    # Those of [DEFAULT] stand behind every section, and were static content in 0.10 too.
    if not parser.has_section("staticContent"):
        return []
    pairs = []
    for name in parser.options("staticContent"):
        try:
            pairs.append((name, parser.get("staticContent", name)))
        except configparser.Error:
            # 0.10 read no further, either: what cannot be read is as if it were not there.
            break
    return pairs
