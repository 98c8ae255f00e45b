"""`rawwfile serve TARGET...`"""

from __future__ import annotations

import functools
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.logs import set_up_logging
from rawwfile.cli.sources import resolve
from rawwfile.errors import ConfigError, NotFound
from rawwfile.settings import VERSION, Settings

if TYPE_CHECKING:
    import ssl

log = logging.getLogger("rawwfile.cli")

DESCRIPTION = """\
Serve an application. TARGET is one of
  module:attribute          an attribute of a module
  path/to/file.py:attribute the same of a file, which needs no package
  path/to/file.py           its root, app or application
The current directory is where modules are looked for first. Of several targets the first is
the site, and a further shop.py is served at /shop.

Each option is also an environment variable (--limit-body is RAWWFILE_LIMIT_BODY) and a key of
the configuration file; a flag wins over the environment, that over the file. In full:
rawwfile help settings."""

EXAMPLES = """\
  rawwfile serve hello.py
  rawwfile serve shop.pages:root --port 0 --reload
  rawwfile serve wiki.wsgi:application --host 0.0.0.0 --workers 4 --access-log access.log
  rawwfile serve hello.py --tls-cert cert.pem --tls-key key.pem --port 8443
  rawwfile serve hello.py --config site.conf"""


def run(words: list[str]) -> int:
    """Serve until a signal ends it; return the exit code. Raises StartError."""
    parser = CommandParser("serve", "[OPTION...] TARGET...", DESCRIPTION, EXAMPLES)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="what to serve")
    parser.add_options()
    flags = vars(parser.read(words))
    targets: list[str] = flags.pop("targets")
    resolved = resolve(flags, os.environ)
    settings = resolved.settings
    if not targets and not settings.static_content:
        raise ConfigError("name a TARGET to serve, such as hello.py, or try rawwfile demo.")

    set_up_logging(settings)
    for note in resolved.notes:
        log.warning("%s", note)
    from rawwfile.server.listen import open_listener
    from rawwfile.server.tls import make_context

    context = make_context(settings)
    load = functools.partial(load_application, targets, settings)
    return run_server(settings, open_listener(settings), context, load, " ".join(targets) or "static content")


def load_application(targets: list[str], settings: Settings) -> Any:
    """The application(exchange) that serves `targets` and, before them, the static content.

    Raises TargetError where a target cannot be loaded.
    """
    from rawwfile.adapters.load import application_for_targets
    from rawwfile.adapters.static import static_router

    application = application_for_targets(targets, settings.interface) if targets else _nothing
    if not settings.static_content:
        return application
    routed = static_router(application, settings.static_content)
    routed.rawwfile_application = True  # type: ignore[attr-defined]
    return routed


def _nothing(exchange: Any) -> None:
    """The application of a site that has static content only."""
    raise NotFound()


_nothing.rawwfile_application = True  # type: ignore[attr-defined]


def run_server(
    settings: Settings,
    listener: socket.socket,
    context: ssl.SSLContext | None,
    load: Callable[[], Any],
    name: str,
    more: Sequence[str] = (),
) -> int:
    """Serve on `listener` until a signal ends it; return the exit code.

    load: makes the application; called in the process that serves, so that with --workers and
    --reload nothing that it opens is shared. name, more: for `announce`, once requests are answered.
    Raises StartError before that.
    """
    from rawwfile.server import RawHTTPServer
    from rawwfile.server.lifecycle import run as run_until_stopped

    def make(listener: socket.socket) -> RawHTTPServer:
        address = listener.getsockname()
        return RawHTTPServer(address, load(), settings=settings, tls=context, listening_socket=listener)

    scheme = "http" if context is None else "https"
    ready = functools.partial(announce, listener, scheme, name, more)
    return run_until_stopped(settings, listener, make, on_ready=ready, tls=context)


def announce(listener: socket.socket, scheme: str, name: str, more: Sequence[str] = ()) -> None:
    """Print on stderr, in one line, what is served and where, to be clicked on; then the lines `more`."""
    from rawwfile.server.listen import describe_address

    address = listener.getsockname()
    everywhere = isinstance(address, tuple) and address[0] in ("0.0.0.0", "::")
    where = f" and on every other address of this machine, port {address[1]}" if everywhere else ""
    url = describe_address(listener, scheme)
    lines = [f"rawwfile {VERSION} serves {name} on {url}{where} (Ctrl-C stops)", *more]
    print("\n".join(lines), file=sys.stderr, flush=True)
