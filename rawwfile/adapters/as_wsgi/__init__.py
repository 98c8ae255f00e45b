"""The way back: an application of rawwfile offered as a WSGI application (PEP 3333).

    application = rawwfile.as_wsgi(Root())        # for gunicorn, waitress, mod_wsgi, ...

    application.py  the WSGI callable: request in, response out
    channel.py      the host's environ as the connection of an exchange
    handover.py     reads along the bytes of a response and hands them to the host
    exchange.py     an exchange whose streams the host takes piece by piece

What a handler writes on `response.wfile` is read along: its status line and fields go to the
host's start_response, its content to write(), each piece as it is written, chunked coding and
fields of the connection removed. What handlers return is handed over as status, fields and iterable.

WSGI has no words for 101 (and so for WebSocket by hand), for bytes that are no HTTP, or for a
Content-Length that is not true. Such a response becomes a page that says so (500), or, if content
has gone out already, an exception by which the host cuts the connection. 103 is passed on where
the host has `wsgi.early_hints`; other 1xx, trailers, heartbeats and `response.flush` are left out,
since the host has no place for them.
"""

from rawwfile.adapters.as_wsgi.application import as_wsgi
from rawwfile.adapters.as_wsgi.handover import CannotHandOver

__all__ = ["CannotHandOver", "as_wsgi"]
