"""Listening sockets: where they come from, and what to say when there is none.

A socket is, in this order: inherited (systemd's LISTEN_FDS), a Unix socket (`--unix-socket`), or a
TCP socket on `--host` and `--port`. Every failure is one `StartError` that says what to do.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import stat
import weakref
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from rawwfile.errors import AddressInUse, StartError

if TYPE_CHECKING:
    from rawwfile.settings import Settings

__all__ = ["describe_address", "open_listener", "remove_socket_file"]

log = logging.getLogger("rawwfile.server")

FIRST_INHERITED_FD = 3
"""SD_LISTEN_FDS_START of sd_listen_fds(3)."""

_SOCKET_FILES: weakref.WeakKeyDictionary[socket.socket, tuple[str, int, int]] = weakref.WeakKeyDictionary()
"""Listener -> path, device and inode of the socket file that `open_listener` made for it."""


def open_listener(settings: Settings, environ: MutableMapping[str, str] | None = None) -> socket.socket:
    """Return a listening stream socket, as `settings` ask or as the service manager handed over.

    environ: where LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES are looked up; they are removed, so
    that programs started from here do not take them for theirs. Default: `os.environ`.
    The socket closes on exec and has TCP_NODELAY, which accepted connections inherit on Linux.
    Raises AddressInUse, or StartError with advice. May block while a host name is looked up.
    """
    inherited = _take_inherited(os.environ if environ is None else environ)
    if inherited is not None:
        return inherited
    if settings.unix_socket:
        return _open_unix(settings.unix_socket, settings.backlog)
    return _open_tcp(settings)


def describe_address(listener: socket.socket, scheme: str) -> str:
    """Return the address of `listener` as a URL that can be clicked, or pasted after `curl`.

    A wildcard address is shown as the loopback address, which it includes.
    A Unix socket, which no URL can name, is shown as 'http+unix:/path'.
    """
    name: Any = listener.getsockname()
    if not isinstance(name, tuple):
        path = os.fsdecode(name)
        return f"{scheme}+unix:{path}"
    host, port = name[0], name[1]
    if host == "0.0.0.0":
        host = "127.0.0.1"
    elif host == "::":
        only_v6 = listener.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
        host = "::1" if only_v6 else "127.0.0.1"
    if ":" in host:
        host = "[{}]".format(host.replace("%", "%25"))  # a zone, RFC 6874
    return f"{scheme}://{host}:{port}/"


def remove_socket_file(listener: socket.socket) -> None:
    """Remove the socket file that `open_listener` made for `listener`, if it is still that file."""
    made = _SOCKET_FILES.pop(listener, None)
    if made is None:
        return
    path, device, inode = made
    try:
        now = os.lstat(path)
        # Another server may have taken the path over since: its file is not ours to remove.
        if (now.st_dev, now.st_ino) == (device, inode):
            os.unlink(path)
    except OSError as error:
        log.debug("cannot remove the socket file %s: %s", path, error)


# -- inherited sockets ---------------------------------------------------------------------------


def _take_inherited(environ: MutableMapping[str, str]) -> socket.socket | None:
    """Return the socket that sd_listen_fds(3) promises, or None when nothing is meant for us."""
    count = environ.pop("LISTEN_FDS", None)
    pid = environ.pop("LISTEN_PID", None)
    environ.pop("LISTEN_FDNAMES", None)
    if not count:
        return None
    for name, value in (("LISTEN_FDS", count), ("LISTEN_PID", pid)):
        if value is not None and not (value.isascii() and value.isdigit()):
            raise StartError(f"{name} is {value!r}, not a number. Unset LISTEN_FDS, or let the service manager set it.")
    if int(count) == 0 or (pid is not None and int(pid) != os.getpid()):
        return None
    if int(count) > 1:
        log.warning("LISTEN_FDS=%s: only the first socket is served", count)
    return _adopt(FIRST_INHERITED_FD)


def _adopt(descriptor: int) -> socket.socket:
    """Wrap the inherited `descriptor`, after a look at what it is. Raises StartError."""
    try:
        listener = socket.socket(fileno=descriptor)
    except OSError as error:
        raise _not_listening(descriptor, error.strerror or str(error)) from error
    if listener.type != socket.SOCK_STREAM:
        listener.detach()
        raise _not_listening(descriptor, "it is no stream socket")
    if not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listener.detach()
        raise _not_listening(descriptor, "it does not listen")
    listener.set_inheritable(False)
    listener.setblocking(True)
    if listener.family != socket.AF_UNIX:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _not_listening(descriptor: int, reason: str) -> StartError:
    return StartError(
        f"LISTEN_FDS promises a listening stream socket as file descriptor {descriptor}: {reason}. "
        "Use ListenStream= and Accept=no in the socket unit, or unset LISTEN_FDS."
    )


# -- TCP -----------------------------------------------------------------------------------------


def _open_tcp(settings: Settings) -> socket.socket:
    host, port = settings.host.strip("[]"), settings.port
    if not 0 <= port <= 65535:
        raise StartError(f"port {port} does not exist. Use --port 0 to 65535 (0: any free port).")
    candidates = _resolve(host, port)
    for number, (family, address) in enumerate(candidates, 1):
        listener = None
        try:
            listener = socket.socket(family, socket.SOCK_STREAM)
            _set_options(listener, host, settings.reuse_port)
            listener.bind(address)
            listener.listen(settings.backlog)
            return listener
        except (OSError, StartError) as error:
            if listener is not None:
                listener.close()
            if isinstance(error, StartError):
                raise
            absent = error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
            if not absent or number == len(candidates):
                raise _bind_error(error, host, port) from error
    raise StartError(f"host {host!r} has no address to listen on. Use --host 127.0.0.1")


def _resolve(host: str, port: int) -> list[tuple[int, Any]]:
    """Return (family, address) for `host`, IPv4 first: what 'localhost' means to most programs."""
    try:
        found = socket.getaddrinfo(host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise StartError(
            f"host name {host!r} is not known ({error}). "
            "Use --host 127.0.0.1, or --host 0.0.0.0 for every address of this machine."
        ) from error
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return [(family, address) for family, _, _, _, address in found]


def _set_options(listener: socket.socket, host: str, reuse_port: bool) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if listener.family == socket.AF_INET6:
        # '::' takes IPv4 too; any other address is of one family, and should fail as such.
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
    if not reuse_port:
        return
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except (AttributeError, OSError) as error:
        raise StartError(
            "--reuse-port: this system has no SO_REUSEPORT. "
            "Leave the option out: --workers share one socket without it."
        ) from error


def _bind_error(error: OSError, host: str, port: int) -> StartError:
    if error.errno == errno.EADDRINUSE:
        return AddressInUse(
            f"port {port} is taken (address in use). Try --port 0 for a free one, or stop the program that holds it."
        )
    if error.errno in (errno.EACCES, errno.EPERM) and port < 1024:
        return StartError(
            f"port {port} needs more rights than this user has (ports below 1024 are reserved). "
            "Use --port 8000, or let a service manager open the port and pass it (LISTEN_FDS)."
        )
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return StartError(
            f"address {host} is not one of this machine. Use --host 127.0.0.1, or --host 0.0.0.0 for every address."
        )
    return StartError(f"cannot listen on {host} port {port}: {error.strerror or error}. Try another --host or --port.")


# -- Unix sockets --------------------------------------------------------------------------------


def _open_unix(path: str, backlog: int) -> socket.socket:
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(path)
        # Before listen(): until then every connect is refused, so nobody slips in.
        os.chmod(path, 0o660)
        listener.listen(backlog)
        made = os.lstat(path)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise _unix_taken(path) from error
        raise StartError(
            f"cannot make the Unix socket {path}: {error.strerror or error}. "
            "Use a short path in a directory that exists and that this user may write to."
        ) from error
    _SOCKET_FILES[listener] = (path, made.st_dev, made.st_ino)
    return listener


def _remove_stale(path: str) -> None:
    """Remove a socket file that a dead server left at `path`. Raises StartError for all else."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return  # nothing there, or bind() will say better what is wrong
    if not stat.S_ISSOCK(mode):
        raise StartError(
            f"{path} exists and is no socket, so it is left alone. Remove it, or choose another --unix-socket path."
        )
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        # Never wait: a server with a full backlog answers EAGAIN, and is alive.
        probe.setblocking(False)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            _unlink_stale(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unix_taken(path) from error
        else:
            raise _unix_taken(path)


def _unlink_stale(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StartError(
            f"cannot remove {path}, which a server that ended left behind: {error.strerror}. "
            "Remove it, or choose another --unix-socket path."
        ) from error


def _unix_taken(path: str) -> AddressInUse:
    return AddressInUse(
        f"Unix socket {path} is taken (a program answers on it). "
        "Choose another --unix-socket path, or stop that program."
    )
