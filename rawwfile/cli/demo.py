"""`rawwfile demo`: the examples as one site."""

from __future__ import annotations

import argparse
import dataclasses
import os
import shlex
from pathlib import Path
from typing import Any

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.logs import set_up_logging
from rawwfile.cli.museum import FIRST, load_site
from rawwfile.cli.recording import TERMINAL, WEB, Wire, add_verbose
from rawwfile.cli.serve import run_server
from rawwfile.cli.sources import resolve
from rawwfile.errors import ConfigError, StartError
from rawwfile.settings import Settings

DESCRIPTION = """\
Serve the programs of legacy_examples/ as one site: a walk through a museum, from 2004 to today, room by
room. The page at / is its guide: what each exhibit is, what to type and what to look at. The first is
/howto20/, a page that arrives line by line. One alone: rawwfile serve legacy_examples/howto20.py
With --wire=web a second page shows every byte of what is visited.
With --tls over HTTPS, with a certificate authority and certificates made for the occasion
(needs the extra: pip install 'rawwfile[tls]')."""

EXAMPLES = """\
  rawwfile demo
  rawwfile demo --port 0
  rawwfile demo --wire=web
  rawwfile demo --wire -v
  rawwfile demo --tls --tls-demo-dir certificates
  rawwfile demo --mtls"""

RECORDING = ("wire", "wire_secrets", "limit_wire_connection", "limit_wire", "limit_wire_connections")
"""The options of a recording."""


def run(words: list[str]) -> int:
    """Serve the examples until a signal ends it; return the exit code. Raises StartError."""
    parser = CommandParser("demo", "[OPTION...]", DESCRIPTION, EXAMPLES)
    parser.add_argument("names", nargs="*", help=argparse.SUPPRESS)
    tls = parser.add_argument_group("TLS")
    tls.add_argument("--tls", action="store_true", help="serve over HTTPS")
    tls.add_argument("--mtls", action="store_true", help="also make a client certificate, and show who calls")
    tls.add_argument("--tls-demo-dir", metavar="DIR", help="keep the certificates and keys in this directory")
    parser.add_options(("host", "port", "log_level", "access_log", *RECORDING))
    add_verbose(parser)
    flags = vars(parser.read(words))
    if names := flags.pop("names"):
        if names[0] in (TERMINAL, WEB) and flags.get("wire"):
            raise ConfigError(f"write --wire={names[0]}, with =.")
        raise ConfigError(f"the demo takes no name: it serves all examples. For one: {_alone(names[0])}.")
    verbose = flags.pop("verbose")
    mutual, directory = flags.pop("mtls"), flags.pop("tls_demo_dir")
    secure = flags.pop("tls") or mutual
    if directory is not None and not secure:
        raise ConfigError("--tls-demo-dir is of use only with --tls or --mtls.")

    resolved = resolve(flags, os.environ)
    # One process on TCP, whatever the environment says: the addresses to try below are for that.
    settings = dataclasses.replace(resolved.settings, workers=1, reload=False, unix_socket=None)
    set_up_logging(settings)
    wire = Wire.of(settings, verbose)
    if not secure:
        return _serve(settings, None, wire)
    from rawwfile.server.tls import demo_certificates

    names = [] if settings.host in ("0.0.0.0", "::") else [settings.host]
    certificates = demo_certificates(directory, names, mutual)
    try:
        return _serve(settings, certificates, wire)
    finally:
        certificates.cleanup()


def _alone(name: str) -> str:
    """The command that serves the example of that name, or one that there is."""
    example = Path(name).stem if (examples_directory() / f"{Path(name).stem}.py").is_file() else FIRST
    return f"rawwfile serve {os.path.relpath(examples_directory() / f'{example}.py')}"


def _serve(settings: Settings, certificates: Any, wire: Wire) -> int:
    from rawwfile.adapters.load import application_for
    from rawwfile.server.listen import describe_address, open_listener

    scheme, context = ("http", None) if certificates is None else ("https", certificates.context)
    site = load_site(examples_directory())
    listener = open_listener(settings)
    site.address = describe_address(listener, scheme)
    site.trust = trust(certificates)
    wire.visits = site.visits()
    to_try = [f"  {line}" for line in commands_to_try(site.address, certificates)]

    def load() -> Any:
        return application_for(site, "pages")

    return run_server(settings, listener, context, load, "its examples", to_try, wire)


def commands_to_try(address: str, certificates: Any) -> list[str]:
    """Three curl lines for the site at `address`, that work as they are printed."""
    more = trust(certificates)
    last = "mistakes/short" if certificates is None else "who/"
    return [
        f"curl -N {more}{address}howto20/",
        f"curl -i {more}{address}early_hints/",
        f"curl -i {more}{address}{last}",
    ]


def trust(certificates: Any) -> str:
    """The options that curl needs to trust the certificates, and to show its own, with a blank behind; or nothing."""
    if certificates is None:
        return ""
    options = f"--cacert {shlex.quote(str(certificates.ca_file))} "
    if certificates.client_file:
        options += f"--cert {shlex.quote(str(certificates.client_file))} "
    return options


def examples_directory() -> Path:
    """The folder of the examples: in the package where it is installed, beside it in a checkout.

    Raises StartError where there is none.
    """
    package = Path(__file__).resolve().parent.parent
    for directory in (package / "legacy_examples", package.parent / "legacy_examples"):
        if (directory / f"{FIRST}.py").is_file():
            return directory
    raise StartError(f"the examples are not there: no legacy_examples/{FIRST}.py in or beside {package}.")
