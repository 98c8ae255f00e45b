"""rawwfile: an HTTP/1.x server whose handlers may write the whole response by hand.

    from rawwfile import expose, request, response

The server never alters a byte that a handler writes on `response.wfile`, and reads along: it knows
the status, the framing and the mistakes. `rawwfile help` lists longer texts.
"""

import rawwfile.startpath  # noqa: F401, I001 - before whatever Python's own modules are imported from
import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rawwfile.adapters.as_wsgi import CannotHandOver, as_wsgi
    from rawwfile.adapters.entries import config
    from rawwfile.adapters.expose import expose
    from rawwfile.adapters.interface import application_for
    from rawwfile.adapters.pages import PageTree
    from rawwfile.adapters.returned import Response, stream_with_context
    from rawwfile.adapters.static import StaticDirectory, serve_file
    from rawwfile.adapters.wsgi import WsgiApplication
    from rawwfile.cli.quickstart import quickstart
    from rawwfile.errors import (
        AddressInUse,
        ClientDisconnected,
        ClientGone,
        ConfigError,
        FramingError,
        HeadersSent,
        HTTPError,
        HTTPRedirect,
        InternalRedirect,
        LimitError,
        NotFound,
        ProtocolError,
        RawwfileError,
        RemoteProtocolError,
        RequestBodyError,
        Shutdown,
        StartError,
        TargetError,
        TlsSetupError,
    )
    from rawwfile.exchange.context import request, response
    from rawwfile.exchange.flushing import FLUSH
    from rawwfile.exchange.resources import resource
    from rawwfile.http.limits import Limits, Timeouts
    from rawwfile.http.observe import ResponseObserver
    from rawwfile.server import RawHTTPServer
    from rawwfile.settings import Settings
    from rawwfile.streaming.events import Event
    from rawwfile.streaming.longpoll import current_poll, json_yield
    from rawwfile.streaming.negotiate import ndjson, negotiate
    from rawwfile.streaming.resources import commit_on_completion
    from rawwfile.streaming.sse import last_event_id, sse
    from rawwfile.streaming.templates import TemplatesError, stream_template, stream_template_string
    from rawwfile.streaming.topic import Topic
    from rawwfile.streaming.waits import client_disconnected, on_disconnect, stream

__version__ = "0.1.0"

__all__ = [
    "AddressInUse",
    "CannotHandOver",
    "ClientDisconnected",
    "ClientGone",
    "ConfigError",
    "Event",
    "FLUSH",
    "FramingError",
    "HTTPError",
    "HTTPRedirect",
    "HeadersSent",
    "InternalRedirect",
    "LimitError",
    "Limits",
    "NotFound",
    "PageTree",
    "ProtocolError",
    "RawHTTPServer",
    "RawwfileError",
    "RemoteProtocolError",
    "RequestBodyError",
    "Response",
    "ResponseObserver",
    "Settings",
    "Shutdown",
    "StartError",
    "StaticDirectory",
    "TargetError",
    "TemplatesError",
    "Timeouts",
    "TlsSetupError",
    "Topic",
    "WsgiApplication",
    "application_for",
    "as_wsgi",
    "client_disconnected",
    "commit_on_completion",
    "config",
    "current_poll",
    "expose",
    "json_yield",
    "last_event_id",
    "ndjson",
    "negotiate",
    "on_disconnect",
    "quickstart",
    "request",
    "resource",
    "response",
    "serve_file",
    "sse",
    "stream",
    "stream_template",
    "stream_template_string",
    "stream_with_context",
]

_PLACES = {
    "adapters.as_wsgi": "CannotHandOver as_wsgi",
    "adapters.entries": "config",
    "adapters.expose": "expose",
    "adapters.interface": "application_for",
    "adapters.pages": "PageTree",
    "adapters.returned": "Response stream_with_context",
    "adapters.static": "StaticDirectory serve_file",
    "adapters.wsgi": "WsgiApplication",
    "cli.quickstart": "quickstart",
    "errors": (
        "AddressInUse ClientDisconnected ClientGone ConfigError FramingError HeadersSent HTTPError "
        "HTTPRedirect InternalRedirect LimitError NotFound ProtocolError RawwfileError RemoteProtocolError "
        "RequestBodyError Shutdown StartError TargetError TlsSetupError"
    ),
    "exchange.context": "request response",
    "exchange.flushing": "FLUSH",
    "exchange.resources": "resource",
    "http.limits": "Limits Timeouts",
    "http.observe": "ResponseObserver",
    "server": "RawHTTPServer",
    "settings": "Settings",
    "streaming.events": "Event",
    "streaming.longpoll": "current_poll json_yield",
    "streaming.negotiate": "ndjson negotiate",
    "streaming.resources": "commit_on_completion",
    "streaming.sse": "last_event_id sse",
    "streaming.templates": "TemplatesError stream_template stream_template_string",
    "streaming.topic": "Topic",
    "streaming.waits": "client_disconnected on_disconnect stream",
}
"""Each room's names here. A room is loaded when one of its names is first asked for: a start needs few of them."""

_ROOM_OF = {name: room for room, names in _PLACES.items() for name in names.split()}
_ROOMS = {room.partition(".")[0] for room in _PLACES}


def __getattr__(name: str) -> object:
    room = _ROOM_OF.get(name)
    if name in _ROOMS:
        return importlib.import_module(f"{__name__}.{name}")
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{room}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
