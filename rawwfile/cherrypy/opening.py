"""How a request begins: what its first line and its headers say, and the defaults of its response (spec 6, 7.2)."""

from __future__ import annotations

import time
from typing import Any

from rawwfile.cherrypy.answers import date_of
from rawwfile.cherrypy.cookies import cookies_of
from rawwfile.cherrypy.headers import HeaderMap, RequestHeaderMap
from rawwfile.cherrypy.hooks import log_message
from rawwfile.cherrypy.logs import request_line
from rawwfile.cherrypy.parameters import Codec, query_parameters, split_target
from rawwfile.cherrypy.site import Site
from rawwfile.cherrypy.state import request, response

SERVER = "CherryPy/0.10"
"""What applications find in response.headerMap['server']."""


def open_request(exchange: Any, site: Site, codec: Codec, *, reverse_dns: bool) -> None:
    """Set the attributes that 0.10 had set when the headers were read, and log the request.

    `request` and `response` of this thread must be empty but for what the thread keeps. What
    logMessage raises passes through.
    """
    engine = exchange.request
    method = engine.method
    path, _, shown = split_target(engine.target)
    held = request.__dict__
    held["method"] = method
    held["path"] = path
    held["headerMap"] = headers = request_headers(exchange, reverse_dns)
    held["paramMap"] = query_parameters(shown, codec)
    held["paramTuple"] = ()
    held["filenameMap"] = {}
    held["fileTypeMap"] = {}
    held["isXmlRpc"] = 0
    held["simpleCookie"] = cookies_of(engine.headers.get_all("cookie") if "cookie" in headers else (), codec)
    if method == "POST":
        held["parsePostData"] = 1
    if engine.tls is not None:
        held["peerCertificate"] = peer_certificate(engine)
    now = time.time()
    held = response.__dict__
    held["headerMap"] = HeaderMap(
        {
            "status": "200 OK",
            "protocolVersion": exchange.settings.protocol,
            "content-type": "text/html",
            "server": SERVER,
            "date": date_of(int(now)),
            "set-cookie": [],
            "content-length": 0,
        }
    )
    held["simpleCookie"] = cookies_of((), codec)
    held["body"] = ""
    held["sendResponse"] = 1
    exchange.response.charset = codec.name
    log_message(site, request_line(now, headers.get("remote-addr", ""), engine.requestLine))


def request_headers(exchange: Any, reverse_dns: bool) -> RequestHeaderMap:
    """Return `request.headerMap`: names in lower case; of repeated ones the last (spec 6.2)."""
    index = exchange.head.fields.index
    made = RequestHeaderMap({name.decode("latin-1"): values[-1].decode("latin-1") for name, values in index.items()})
    address = exchange.channel.peer()[0]
    if address:
        # Set last: what the client says of its own address counts on Unix sockets only (H09).
        made["remote-addr"] = address
        made["remote-host"] = host_name(address) if reverse_dns else address
    return made


def log_refusal(exchange: Any, site: Site, status: int, message: str) -> None:
    """Log a request that is answered without the application, in the two messages of 0.10 (spec 16)."""
    address = exchange.channel.peer()[0]
    now = time.time()
    start = f"{address} - - [{time.strftime('%d/%b/%Y %H:%M:%S', time.localtime(now))}]"
    # What came from the client is shown as request_line() escapes it.
    line = request_line(now, "", exchange.request.requestLine).partition(" - ")[2]
    log_message(site, f"{start} code {status}, message {message}\n")
    log_message(site, f'{start} "{line}" {status} -\n')


def host_name(address: str) -> str:
    """Return the name of an address (`reverseDNS=1`), the address itself where it has none."""
    import socket

    return socket.getfqdn(address)


def peer_certificate(engine: Any) -> Any:
    """Return `request.peerCertificate`: the client's certificate, or None."""
    from rawwfile.cherrypy.certificates import Certificate

    found = engine.peerCertificate
    return Certificate(found) if found else None
