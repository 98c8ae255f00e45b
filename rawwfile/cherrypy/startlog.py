"""The start-up log and the checks of the configuration, with 0.10's texts (spec 9, Q31)."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, NoReturn

from rawwfile.errors import StartError

if TYPE_CHECKING:
    from rawwfile.cherrypy.configuration import Configuration

_TYPES = ("xmlRpc", "web")
_STORAGES = ("", "custom", "ram", "file", "cookie")


def lines(configuration: Configuration) -> list[str]:
    """Return what 0.10 logged of its parameters, line by line; a pool of one shows as 0."""
    server, session = configuration.server, configuration.session
    rows: list[tuple[str, Any]] = [
        ("logToScreen", server.logToScreen),
        ("logFile", server.logFile),
        ("protocolVersion", server.protocolVersion),
        ("socketHost", server.socketHost),
        ("socketPort", server.socketPort),
        ("socketFile", server.socketFile),
        ("reverseDNS", server.reverseDNS),
        ("socketQueueSize", server.socketQueueSize),
        ("processPool", 0 if server.processPool == 1 else server.processPool),
        ("threadPool", 0 if server.threadPool == 1 else server.threadPool),
        ("threading", server.threading),
        ("forking", server.forking),
        ("sslKeyFile", server.sslKeyFile),
    ]
    if server.sslKeyFile:
        rows += [
            ("sslCertificateFile", server.sslCertificateFile),
            ("sslClientCertificateVerification", server.sslClientCertificateVerification),
            ("sslCACertificateFile", server.sslCACertificateFile),
            ("sslVerifyDepth", server.sslVerifyDepth),
            ("typeOfRequests", server.typeOfRequests),
            ("flushCacheDelay", f"{configuration.cache.flush_delay} min"),
        ]
    rows.append(("sessionStorageType", session.storage_type))
    if session.storage_type:
        rows += [
            ("sessionTimeout", f"{session.timeout} min"),
            ("cleanUpDelay", f"{session.clean_up_delay} min"),
            ("sessionCookieName", session.cookie_name),
            ("sessionStorageFileDir", session.storage_file_dir),
        ]
    rows.append(("staticContent", configuration.static_content))
    reading = [f"Reading parameters from {configuration.name} ..."]
    return [*reading, "Server parameters:", *(f"  {name}: {value}" for name, value in rows)]


def check(configuration: Configuration) -> None:
    """Raise StartError where 0.10 refused to start, and add to the warnings what it warned of."""
    server, session = configuration.server, configuration.session
    if server.protocolVersion not in ("HTTP/1.1", "HTTP/1.0"):
        _refuse("protocolVersion must be 'HTTP/1.1' or 'HTTP/1.0'")
    if server.reverseDNS not in (0, 1):
        _refuse("reverseDNS must be '0' or '1'")
    if server.socketFile and server.socketPort:
        _refuse("In configuration file: socketPort and socketFile conflict with each other")
    if server.socketFile and not hasattr(socket, "AF_UNIX"):
        _refuse("Configuration file has socketFile, but this is only available on Unix machines")
    models = (server.threadPool > 1, server.processPool > 1, bool(server.threading), bool(server.forking))
    if sum(models) > 1:
        _refuse("In configuration file: threadPool, processPool, threading and forking conflict with each other")
    _check_tls(configuration)
    for each in server.typeOfRequests:
        if each not in _TYPES:
            _refuse(f"Configuration file an invalid typeOfRequest: '{each}'")
    if session.storage_type not in _STORAGES:
        _refuse(f"Configuration file an invalid sessionStorageType: '{session.storage_type}'")
    if session.storage_type in ("custom", "ram", "cookie") and session.storage_file_dir:
        _refuse(
            "Configuration file has sessionStorageType set to 'custom, 'ram' or 'cookie' "
            "but a sessionStorageFileDir is specified"
        )
    if session.storage_type == "file" and not session.storage_file_dir:
        _refuse("Configuration file has sessionStorageType set to 'file' but no sessionStorageFileDir")
    if session.storage_type == "ram" and configuration.values.get("workers", 1) > 1:
        configuration.warnings.append("CherryWarning: 'ram' sessions might be buggy when using several processes")


def _check_tls(configuration: Configuration) -> None:
    server, values = configuration.server, configuration.values
    if server.sslKeyFile and not server.sslCertificateFile and not values.get("tls_cert"):
        _refuse("Configuration file has sslKeyFile but no sslCertificateFile")
    if server.sslCertificateFile and not server.sslKeyFile and not values.get("tls_cert"):
        _refuse("Configuration file has sslCertificateFile but no sslKeyFile")
    if values.get("tls_client_cert", "none") != "none" and not values.get("tls_client_ca"):
        _refuse("sslClientCertificateVerification needs sslCACertificateFile, the authorities to believe")


def _refuse(text: str) -> NoReturn:
    raise StartError(f"CherryError: {text}")


def serving_line(configuration: Configuration, address: Any) -> str:
    """Return the line that says where the server is; scripts wait for it."""
    secure = "S" if configuration.values.get("tls_cert") else ""
    if isinstance(address, tuple):
        # 0.10 showed what it had bound: every interface was ''.
        host = configuration.server.socketHost if address[0] == "0.0.0.0" else address[0]  # noqa: S104
        return f"Serving HTTP{secure} on socket: {(host, address[1])}"
    path = address.decode("utf-8", "surrogateescape") if isinstance(address, bytes) else address
    return f"Serving HTTP{secure} on socket file: {path}"
