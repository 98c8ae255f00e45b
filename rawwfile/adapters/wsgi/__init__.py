"""WSGI applications (PEP 3333) as applications of rawwfile.

    environ.py      what the application is given
    reply.py        start_response, write() and the extras: what it says
    bodies.py       what it returns, as a body for the response engine
    application.py  the order of it all

The order is the promise of the specification. start_response only stores. The application's iterable
is advanced to its first chunk that is not empty; an error until there, and start_response inside the
first next(), can still decide the answer, and so can bytes written by hand. With that chunk status
and fields are fixed, and the body is the response engine's (`rawwfile.exchange.stream`): it sends
each chunk before it asks for the next, ends the response, and calls close() of the object that the
application returned (not of its iterator), once.

A list or tuple is all there already: it is joined and gets a Content-Length.
"""

from rawwfile.adapters.wsgi.application import WsgiApplication
from rawwfile.adapters.wsgi.bodies import FileWrapper
from rawwfile.adapters.wsgi.environ import environ_of

__all__ = ["FileWrapper", "WsgiApplication", "environ_of"]
