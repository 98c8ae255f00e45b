"""`rawwfile demo`: the examples as one site."""

from __future__ import annotations

import dataclasses
import html
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.logs import set_up_logging
from rawwfile.cli.serve import run_server
from rawwfile.cli.sources import resolve
from rawwfile.errors import ConfigError, StartError, TargetError
from rawwfile.settings import Settings

DESCRIPTION = """\
Serve the programs of legacy_examples/ as one site, /howto20/ first: a page that arrives line by line.
With --tls over HTTPS, with a certificate authority and certificates made for the occasion
(needs the extra: pip install 'rawwfile[tls]')."""

EXAMPLES = """\
  rawwfile demo
  rawwfile demo --port 0
  rawwfile demo --tls --tls-demo-dir certificates
  rawwfile demo --mtls"""

FIRST = "howto20"
"""The example that heads the list."""

OWN_ADDRESS = "http://127.0.0.1:8000/"
"""The address in an example's docstring, where it is served alone."""


def run(words: list[str]) -> int:
    """Serve the examples until a signal ends it; return the exit code. Raises StartError."""
    parser = CommandParser("demo", "[OPTION...]", DESCRIPTION, EXAMPLES)
    tls = parser.add_argument_group("TLS")
    tls.add_argument("--tls", action="store_true", help="serve over HTTPS")
    tls.add_argument("--mtls", action="store_true", help="also make a client certificate, and show who calls")
    tls.add_argument("--tls-demo-dir", metavar="DIR", help="keep the certificates and keys in this directory")
    parser.add_options(("host", "port", "log_level", "access_log"))
    flags = vars(parser.read(words))
    mutual, directory = flags.pop("mtls"), flags.pop("tls_demo_dir")
    secure = flags.pop("tls") or mutual
    if directory is not None and not secure:
        raise ConfigError("--tls-demo-dir is of use only with --tls or --mtls.")

    resolved = resolve(flags, os.environ)
    # One process on TCP, whatever the environment says: the addresses to try below are for that.
    settings = dataclasses.replace(resolved.settings, workers=1, reload=False, unix_socket=None)
    set_up_logging(settings)
    if not secure:
        return _serve(settings, None)
    from rawwfile.server.tls import demo_certificates

    names = [] if settings.host in ("0.0.0.0", "::") else [settings.host]
    certificates = demo_certificates(directory, names, mutual)
    try:
        return _serve(settings, certificates)
    finally:
        certificates.cleanup()


def _serve(settings: Settings, certificates: Any) -> int:
    from rawwfile.adapters.load import application_for
    from rawwfile.server.listen import describe_address, open_listener

    scheme, context = ("http", None) if certificates is None else ("https", certificates.context)
    site = load_site(examples_directory())
    listener = open_listener(settings)
    site.address = describe_address(listener, scheme)
    to_try = [f"  {line}" for line in commands_to_try(site.address, certificates)]
    return run_server(settings, listener, context, lambda: application_for(site, "pages"), "its examples", to_try)


def commands_to_try(address: str, certificates: Any) -> list[str]:
    """Three curl lines for the site at `address`, that work as they are printed."""
    trust = ""
    if certificates is not None:
        trust = f"--cacert {shlex.quote(str(certificates.ca_file))} "
        if certificates.client_file:
            trust += f"--cert {shlex.quote(str(certificates.client_file))} "
    last = "mistakes/short" if certificates is None else "who/"
    return [
        f"curl -N {trust}{address}howto20/",
        f"curl -i {trust}{address}early_hints/",
        f"curl -i {trust}{address}{last}",
    ]


def examples_directory() -> Path:
    """The folder of the examples: in the package where it is installed, beside it in a checkout.

    Raises StartError where there is none.
    """
    package = Path(__file__).resolve().parent.parent
    for directory in (package / "legacy_examples", package.parent / "legacy_examples"):
        if (directory / f"{FIRST}.py").is_file():
            return directory
    raise StartError(f"the examples are not there: no legacy_examples/{FIRST}.py in or beside {package}.")


def load_site(directory: Path) -> Site:
    """Load every example of `directory` and mount each under the name of its file.

    Raises TargetError where one cannot be loaded.
    """
    from rawwfile.adapters.load import load_target

    site = Site()
    for file in sorted(directory.glob("*.py"), key=lambda file: (file.stem != FIRST, file.stem)):
        site.mount(file.stem, load_target(f"{file}:root"))
    return site


class Site:
    """The page tree of the demo: one attribute for each example, and a list of them."""

    def __init__(self) -> None:
        self.address = OWN_ADDRESS
        self.examples: dict[str, str] = {}
        """Name to docstring."""

    def mount(self, name: str, root: Any) -> None:
        """Serve the page object `root` at /name/. Raises TargetError where its module tells nothing."""
        text = sys.modules[type(root).__module__].__doc__
        if not text:
            raise TargetError(f"the example {name} has no docstring.")
        setattr(self, name, root)
        self.examples[name] = text

    def index(self) -> str:
        """The list of the examples: what each shows, what to type, where to look."""
        items = "".join(self._item(name, text) for name, text in self.examples.items())
        return f"{_PAGE_HEAD}<h1>rawwfile: the examples</h1>\n<dl>\n{items}</dl>\n</html>\n"

    index.exposed = True  # type: ignore[attr-defined]

    def _item(self, name: str, text: str) -> str:
        title, _, rest = text.strip().partition("\n")
        rest = re.sub(r"^Run: .*\n", "", rest.strip(), flags=re.MULTILINE)
        rest = rest.replace(OWN_ADDRESS, f"{self.address}{name}/")
        return f'<dt><a href="/{name}/">{html.escape(title)}</a></dt>\n<dd><pre>{html.escape(rest)}</pre></dd>\n'


_PAGE_HEAD = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>rawwfile: the examples</title>
<style>body { font: 16px/1.4 sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em }
dt { font-weight: bold } dd { margin: 0 0 1em } pre { overflow-x: auto; margin: .3em 0 }</style>
"""
