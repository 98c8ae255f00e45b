"""ASGI applications (version 3, HTTP only) as applications of rawwfile.

    application.py  the loop thread, and the lifespan of the application
    call.py         one request: a task in the loop, and the connection's thread that serves it

One thread runs an event loop with a task for each request. The task never touches the connection:
receive() and send() put what they want into a queue, and the thread that has the connection reads
the request's content, or hands the response engine the next piece. A send() returns when its piece
is out, so an application makes nothing ahead. The rest is the engine's, as for every other stream.

When the client leaves, or the server stops while a response is streamed, receive() gives
`http.disconnect`; a send() after it raises ClientDisconnected, an OSError. A client that has only
ended its sending is told of in the same way, but is still answered. Offered are trailers and the
lifespan with its state; there are no websockets. It is there to run such applications at all:
each request holds a thread, as everywhere in this server.
"""

from rawwfile.adapters.asgi.application import AsgiApplication

__all__ = ["AsgiApplication"]
