"""`rawwfile serve TARGET...`"""

from __future__ import annotations

import codecs
import functools
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rawwfile.cherrypy.recognise import is_compiled
from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.logs import set_up_logging
from rawwfile.cli.recording import TERMINAL, WEB, Wire, add_verbose
from rawwfile.cli.sources import resolve
from rawwfile.cli.suggest import shown
from rawwfile.errors import ConfigError, NotFound
from rawwfile.settings import VERSION, Settings

if TYPE_CHECKING:
    import ssl

    from rawwfile.cherrypy.site import Site

log = logging.getLogger("rawwfile.cli")

DESCRIPTION = """\
Serve an application. TARGET is one of
  Root.cpy [MORE.cpy...]    a site of CherryPy 0.10 (-I, -W, -E and -D are for it); its
                            configuration is RootServer.cfg if there is no --config
  RootServer.py             what rawwfile compile made of one
  DIR                       what rawwfile port made of such a site
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
  rawwfile serve hello.py --config site.conf
  rawwfile serve Root.cpy -I lib --config RootServer.cfg
  rawwfile serve --wire hello.py
  rawwfile serve hello.py --wire=web
  rawwfile serve hello.py --wire=evening.wire"""


def run(words: list[str]) -> int:
    """Serve until a signal ends it; return the exit code. Raises StartError."""
    parser = CommandParser("serve", "[OPTION...] TARGET...", DESCRIPTION, EXAMPLES)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="what to serve")
    parser.add_options()
    add_source_options(parser)
    add_verbose(parser)
    flags = vars(parser.read(words))
    targets: list[str] = flags.pop("targets")
    verbose = flags.pop("verbose")
    last = targets[-1] if targets else ""
    if flags["wire"] and last in (TERMINAL, WEB) and not os.path.exists(last) and not os.path.exists(f"{last}.py"):
        raise ConfigError(f"write --wire={last}, with =.")
    options = {name: flags.pop(name) for name in SOURCE_OPTIONS}
    make_site = site_maker(targets, options, flags["config"] or os.environ.get("RAWWFILE_CONFIG"))
    if make_site is not None:
        from rawwfile.cli.cherry import run_site

        return run_site(make_site, flags, verbose=verbose)
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
    wire = Wire.of(settings, verbose)
    name = " ".join(targets) or "static content"
    return run_server(settings, open_listener(settings), context, load, name, wire=wire)


SOURCE_OPTIONS = ("include", "indent", "encoding", "debug")
"""The options of `serve` that are for `.cpy` sources alone, spelled as 0.10 spelled them."""


def add_source_options(parser: CommandParser) -> None:
    """Add -I, -W, -E and -D."""
    group = parser.add_argument_group("CherryPy 0.10")
    group.add_argument("-I", dest="include", metavar="DIR", action="append", help="look for modules and templates here")
    group.add_argument("-W", dest="indent", metavar="N", help="blanks for each level in the sources (default: 4)")
    group.add_argument("-E", "--encoding", dest="encoding", metavar="NAME", help="charset of the sources and pages")
    group.add_argument("-D", dest="debug", action="store_true", help="debug(), tracebacks on pages, hot reload")


def site_maker(
    targets: list[str], options: dict[str, Any], config: str | None = None
) -> Callable[[], Site] | None:
    """Return what makes the Site of `targets` if they are one of CherryPy 0.10, else None.

    The one place that decides it. options: of SOURCE_OPTIONS. config: the configuration file that
    was named, whose charset is that of the sources too. Raises ConfigError for options that do not
    fit the targets.
    """
    if targets and all(target.endswith(".cpy") for target in targets):
        from rawwfile.cherrypy import configuration
        from rawwfile.cherrypy.site import base_of, configuration_of
        from rawwfile.cherrypy.sources import site_of_sources

        encoding = charset_of(options["encoding"])
        if encoding is None:
            encoding = configuration.read(config or configuration_of(base_of(targets[0]))).charset
        return functools.partial(
            site_of_sources,
            targets,
            include=options["include"] or (),
            indent=indent_of(options["indent"]),
            encoding=encoding,
            debug=options["debug"],
        )
    if any(target.endswith(".cpy") for target in targets):
        raise ConfigError("a .cpy file is served alone, or with other .cpy files.")
    if len(targets) == 1 and os.path.isdir(targets[0]):
        from rawwfile.cherrypy.package import is_package, load_package

        if is_package(targets[0]):
            if options["include"] or options["indent"] or options["encoding"]:
                raise ConfigError("-I, -W and -E are for .cpy files; a ported package needs none of them.")
            return lambda: load_package(targets[0]).site(debug=options["debug"])
    if any(options.values()):
        raise ConfigError("-I, -W, -E and -D are for .cpy files.")
    if len(targets) == 1 and targets[0].endswith(".py") and is_compiled(targets[0]):
        from rawwfile.cherrypy.compiled import site_of_compiled

        return functools.partial(site_of_compiled, targets[0])
    return None


def indent_of(text: str | None) -> int:
    """Return the blanks a level that -W asks for. Raises ConfigError."""
    if text is None:
        return 4
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 20):
        raise ConfigError(f"-W {shown(text)}: whiteSpace must be between 1 and 20.")
    return int(text)


def charset_of(name: str | None) -> str | None:
    """Return the codec that -E names. Raises ConfigError."""
    if name is None:
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ConfigError(f"-E {shown(name)}: Python knows no charset of that name.") from None


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
    wire: Wire | None = None,
) -> int:
    """Serve on `listener` until a signal ends it; return the exit code.

    load: makes the application; called in the process that serves, so that with --workers and
    --reload nothing that it opens is shared. name, more: for `announce`, once requests are answered.
    wire: the recording, if there shall be one. Raises StartError before that.
    """
    from rawwfile.server import RawHTTPServer
    from rawwfile.server.lifecycle import run as run_until_stopped

    scheme = "http" if context is None else "https"
    recording = wire or Wire(settings, 0)
    recording.application = name

    def make(listener: socket.socket) -> RawHTTPServer:
        address = listener.getsockname()
        application = recording.begin(address, scheme, load())
        server = RawHTTPServer(
            address, application, settings=settings, tls=context, listening_socket=listener, tape=recording.tape
        )
        recording.end_with(server)
        return server

    def ready() -> None:
        announce(listener, scheme, name, [*more, *recording.lines()])

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
