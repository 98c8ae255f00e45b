"""The environ of a WSGI application."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import unquote_to_bytes

from rawwfile.adapters.wsgi.bodies import FileWrapper


def environ_of(exchange: Any) -> dict[str, Any]:
    """Return the WSGI environ of an exchange (PEP 3333, RFC 3875 section 4.1), without extras.

    Fields whose name has an underscore are left out: X_Y would look like X-Y, and a proxy that
    sets or removes X-Y would not know of it.
    """
    request, settings = exchange.request, exchange.settings
    raw_path = request.raw_path
    address = request.local_addr or "localhost"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # "OPTIONS *" has no path; PATH_INFO is empty or begins with "/".
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1") if raw_path != "*" else "",
        "QUERY_STRING": request.query_string,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        # RFC 3875 section 4.1.14: an IPv6 address stands in brackets.
        "SERVER_NAME": f"[{address}]" if ":" in address else address,
        "SERVER_PORT": str(request.local_port or (443 if request.scheme == "https" else 80)),
        "SERVER_PROTOCOL": request.protocol,
        "SERVER_SOFTWARE": settings.server_name,
        "REMOTE_ADDR": request.remote_addr,
        "REMOTE_PORT": str(request.remote_port or ""),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": request.rfile,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": settings.workers > 1,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for raw_name, raw_value in request.raw_fields:
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + name
        value = raw_value.decode("latin-1")
        if key in environ:
            value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
        environ[key] = value
    return environ
