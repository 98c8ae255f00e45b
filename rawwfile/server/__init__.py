"""The shell: sockets, threads, processes, TLS, time. Everything else is said in bytes and events."""

from rawwfile.server.http_server import RawHTTPServer

__all__ = ["RawHTTPServer"]
