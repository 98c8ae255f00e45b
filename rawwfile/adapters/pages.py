"""A tree of plain objects as a web site: CherryPy 1 to 3's page handlers.

Where a path leads is in `dispatch`, what fits a handler's arguments in `arguments`, how a
handler is marked in `expose`. Here is the order in which a request is answered:

1. `OPTIONS *` is answered for the server as a whole.
2. The path is resolved; 404 if it leads nowhere.
3. The method is held against the handler's allow-list; 405 with Allow, or 501 for a method
   that nobody listed and that is not in KNOWN_METHODS (RFC 9110 section 9.1). CONNECT and
   TRACE are such methods: no page implements them unless it says so.
4. Path segments, query and form are held against its signature; 404 says what does not fit.
5. The handler is called; what it returns becomes `response.body`.

InternalRedirect starts again at 2 with the same method. Status, cookies and fields that the
first handler set stay, so that an error page of one's own keeps its 404; Content-Type and
`stream` are those of the new page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rawwfile.adapters.arguments import arguments, shown
from rawwfile.adapters.dispatch import plain_handler, resolve
from rawwfile.adapters.expose import KNOWN_METHODS, allow_field, options_of
from rawwfile.errors import HTTPError, InternalRedirect, NotFound

_MOST_REDIRECTS = 10
"""Internal redirects in one request; browsers allow 20 real ones, and these are dearer to debug."""

_KNOWN = frozenset(KNOWN_METHODS)
_ORDINARY = frozenset(("GET", "HEAD", "POST"))


class PageTree:
    """The application made of `root`, an instance with pages, or an exposed callable.

    mounts: further roots, each reached by the segment that is its key; they go before
    attributes of the root. Raises TypeError if a root is a class: its pages need an instance.
    """

    rawwfile_application = True

    def __init__(self, root: Any, mounts: Mapping[str, Any] | None = None) -> None:
        for each in (root, *(mounts or {}).values()):
            if isinstance(each, type):
                raise TypeError(f"{each.__name__} is a class: give an instance, {each.__name__}()")
        self.root = root
        self.mounts = dict(mounts or {})

    def __call__(self, exchange: Any) -> None:
        """Answer one exchange; blocks as long as the handler does.

        Raises HTTPError, NotFound, HTTPRedirect, and whatever the handler raises.
        """
        request = exchange.request
        try:
            if not request.query_string and request.method in _ORDINARY and not self.mounts:
                handler = plain_handler(self.root, request.raw_path)
                if handler is not None:
                    exchange.announce(handler)
                    exchange.response.body = handler()
                    return
            self._answer(exchange)
        except InternalRedirect as redirect:
            self._follow(exchange, redirect)

    def _answer(self, exchange: Any) -> None:
        request = exchange.request
        method = request.method
        if request.raw_path == "*":
            # RFC 9110 section 9.3.7: only OPTIONS can have this target, and it asks about the server.
            exchange.response.headers["Allow"] = ", ".join(KNOWN_METHODS)
            exchange.response.body = b""
            return
        try:
            handler, segments = resolve(self.root, request.raw_path, self.mounts)
        except NotFound:
            if method not in _KNOWN:
                raise _not_implemented(method) from None
            raise
        if not _admit(handler, exchange, method):
            return
        fields = arguments(handler, segments, request)
        exchange.announce(handler)
        exchange.response.body = handler(*segments, **fields)

    def _follow(self, exchange: Any, redirect: InternalRedirect) -> None:
        request, response = exchange.request, exchange.response
        visited = [_plain(request.raw_path)]
        while True:
            if response.observed is not None:
                raise RuntimeError(
                    "InternalRedirect after the handler wrote to response.wfile: "
                    "a second page would be a second response. Redirect before writing."
                ) from redirect
            path = _plain(redirect.path)
            if path in visited or len(visited) > _MOST_REDIRECTS:
                raise _circle([*visited, path]) from redirect
            visited.append(path)
            request.redirect_to("/" + redirect.path.lstrip("/"), redirect.query_string)
            response.stream = False
            response.headers["Content-Type"] = response.default_content_type
            try:
                return self._answer(exchange)
            except InternalRedirect as again:
                redirect = again


def _admit(handler: Callable[..., Any], exchange: Any, method: str) -> bool:
    """Apply the handler's options; False if the request is answered already (OPTIONS).

    Raises HTTPError 405 or 501 (RFC 9110 sections 15.5.6 and 15.6.2).
    """
    options = options_of(handler)
    response = exchange.response
    if options.methods is None:
        if method not in _KNOWN:
            raise _not_implemented(method)
    else:
        allowed = allow_field(options.methods)
        if method == "OPTIONS" and "OPTIONS" not in options.methods:
            response.status = 204
            response.headers["Allow"] = ", ".join(allowed)
            response.body = None
            return False
        if method not in allowed:
            if method not in _KNOWN:
                raise _not_implemented(method)
            raise HTTPError(
                405,
                f'method "{method}" is not allowed here, only {", ".join(allowed)}',
                headers={"Allow": ", ".join(allowed)},
            )
    if options.stream is not None:
        response.stream = options.stream
    if options.content_type is not None:
        response.headers["Content-Type"] = options.content_type
    return True


def _not_implemented(method: str) -> HTTPError:
    return HTTPError(501, f'method "{shown(method)}" is not implemented')


def _plain(path: str) -> str:
    return "/" + path.strip("/")


def _circle(visited: list[str]) -> HTTPError:
    route = " -> ".join(shown(path) for path in visited)
    why = "go round in a circle" if visited[-1] in visited[:-1] else "are too many"
    return HTTPError(500, f"internal redirects {why}: {route}")
