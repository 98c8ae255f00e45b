"""`rawwfile.quickstart`: serve from within a program, as CherryPy 3's does."""

from __future__ import annotations

import dataclasses
import functools
import os
import sys
from collections.abc import Mapping
from typing import Any

from rawwfile.adapters.entries import SERVER_KEYS, config
from rawwfile.adapters.pages import PageTree
from rawwfile.errors import StartError


def quickstart(root: Any, script_name: str = "", config: Mapping[str, Mapping[str, Any]] | None = None) -> None:
    """Serve the pages of `root` until a signal ends it (Ctrl-C); blocks; call it in the main thread.

    script_name: "" or "/". config: for each path of the tree, as `{"/": {"response.stream": True}}`;
    its section "global", and `rawwfile.config`, may have server.socket_host, server.socket_port,
    server.socket_file, server.socket_queue_size, server.thread_pool, server.ssl_certificate and
    server.ssl_private_key. What they leave open RAWWFILE_... environment variables say.
    Raises ValueError for another script_name; SystemExit 2, after one line, if it cannot start.
    """
    if script_name not in ("", "/"):
        raise ValueError(
            f"pages are served at /, not at {script_name}: hang them on a root, root.{script_name.strip('/')} = Pages()"
        )
    application = PageTree(root, config=config)
    try:
        _serve(application, type(root).__name__)
    except StartError as error:
        print(f"rawwfile: {' '.join(str(error).splitlines())}", file=sys.stderr)
        raise SystemExit(2) from None


def _serve(application: PageTree, name: str) -> None:
    from rawwfile.cli.logs import set_up_logging
    from rawwfile.cli.recording import Wire
    from rawwfile.cli.serve import run_server
    from rawwfile.cli.sources import resolve
    from rawwfile.server.listen import open_listener
    from rawwfile.server.tls import make_context

    # A program that calls this has run already: it cannot be loaded anew, as --reload would.
    settings = dataclasses.replace(resolve({}, os.environ).settings, reload=False, **_server_settings())
    set_up_logging(settings)
    load = functools.partial(_given, application)
    wire = Wire.of(settings, None)
    run_server(settings, open_listener(settings), make_context(settings), load, name, wire=wire)


def _given(application: PageTree) -> PageTree:
    return application


def _server_settings() -> dict[str, Any]:
    """What `rawwfile.config` says of the server. Raises ConfigError."""
    from rawwfile.settings import OPTIONS

    options = {option.name: option for option in OPTIONS}
    given = {name: (key, config[key]) for key, name in SERVER_KEYS.items() if config.get(key) is not None}
    return {name: options[name].parse(str(value), f'"{key}": {value!r}') for name, (key, value) in given.items()}
