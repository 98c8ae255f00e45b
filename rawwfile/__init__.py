"""rawwfile: an HTTP/1.x server whose handlers may write the whole response by hand.

    from rawwfile import expose, request, response

The server never alters a byte that a handler writes on `response.wfile`, and reads along: it knows
the status, the framing and the mistakes. `rawwfile help` lists longer texts.
"""

from rawwfile.adapters.as_wsgi import CannotHandOver, as_wsgi
from rawwfile.adapters.entries import config
from rawwfile.adapters.expose import expose
from rawwfile.adapters.interface import application_for
from rawwfile.adapters.static import StaticDirectory, serve_file
from rawwfile.adapters.wsgi import WsgiApplication
from rawwfile.adapters.pages import PageTree
from rawwfile.adapters.returned import Response, stream_with_context
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
