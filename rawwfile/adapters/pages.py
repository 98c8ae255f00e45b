"""A tree of plain objects as a web site: CherryPy 1 to 3's page handlers.

Where a path leads is in `dispatch`, what fits a handler's arguments in `arguments`, how a
handler is marked in `expose`, what its class and its site say of it in `entries`, and what it may
return in `returned`. Here is the order in which a request is answered:

1. `OPTIONS *` is answered for the server as a whole.
2. The path is resolved; 404 if it leads nowhere.
3. The method is held against the handler's allow-list; 405 with Allow, or 501 for a method
   that nobody listed and that is not in KNOWN_METHODS (RFC 9110 section 9.1). CONNECT and
   TRACE are such methods: no page implements them unless it says so.
4. Path segments, query and form are held against its signature; 404 says what does not fit.
5. The handler is called; what it returns becomes `response.body`.

InternalRedirect starts again at 2 with the same method. Status, cookies and fields that the
first handler set stay, so that an error page of one's own keeps its 404; Content-Type, `stream`,
`flush` and `heartbeat` are those of the new page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rawwfile.adapters.arguments import arguments, shown
from rawwfile.adapters.dispatch import plain_handler, resolve, segments_of
from rawwfile.adapters.entries import HEADERS, MARKS, STREAM, Entries, config, entries_for, path_entries
from rawwfile.adapters.expose import KNOWN_METHODS, Options, allow_field, options_of
from rawwfile.adapters.returned import PLAIN, accept
from rawwfile.errors import HTTPError, InternalRedirect, NotFound

_MOST_REDIRECTS = 10
"""Internal redirects in one request; browsers allow 20 real ones, and these are dearer to debug."""

_KNOWN = frozenset(KNOWN_METHODS)
_ORDINARY = frozenset(("GET", "HEAD", "POST"))


class PageTree:
    """The application made of `root`, an instance with pages, or an exposed callable.

    mounts: further roots, each reached by the segment that is its key; they go before
    attributes of the root. config: for each path what holds for it and what is below it, as
    `{"/": {"response.stream": True}}`; see `entries`.
    Raises TypeError if a root is a class: its pages need an instance; TypeError, ValueError for config.
    """

    rawwfile_application = True

    def __init__(
        self, root: Any, mounts: Mapping[str, Any] | None = None, config: Mapping[str, Entries] | None = None
    ) -> None:
        for each in (root, *(mounts or {}).values()):
            if isinstance(each, type):
                raise TypeError(f"{each.__name__} is a class: give an instance, {each.__name__}()")
        self.root = root
        self.mounts = dict(mounts or {})
        self.config = dict(config or {})
        self._paths = path_entries(self.config)

    def __call__(self, exchange: Any) -> None:
        """Answer one exchange; blocks as long as the handler does.

        Raises HTTPError, NotFound, HTTPRedirect, and whatever the handler raises.
        """
        request = exchange.request
        try:
            if not (request.query_string or self.mounts or self._paths or config) and request.method in _ORDINARY:
                handler = plain_handler(self.root, request.raw_path)
                if handler is not None:
                    exchange.announce(handler)
                    value = handler()
                    if type(value) in PLAIN:
                        exchange.response.body = value
                    else:
                        accept(exchange, value, undecided=True)
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
            handler, segments, way = resolve(self.root, request.raw_path, self.mounts)
        except NotFound:
            if method not in _KNOWN:
                raise _not_implemented(method) from None
            raise
        options = options_of(handler)
        if not _admit(options, exchange, method):
            return
        entries = entries_for(handler, options.entries, way, segments_of(request.raw_path).values, self._paths)
        _apply(options, entries, exchange.response)
        fields = arguments(handler, segments, request)
        exchange.announce(handler)
        accept(
            exchange,
            handler(*segments, **fields),
            undecided=STREAM not in entries,
            typed=options.content_type is not None,
            template=options.template,
        )

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
            for name in MARKS:
                response.__dict__.pop(name, None)
            response.headers["Content-Type"] = response.default_content_type
            try:
                return self._answer(exchange)
            except InternalRedirect as again:
                redirect = again


def _admit(options: Options, exchange: Any, method: str) -> bool:
    """Hold the method against the allow-list; False if the request is answered already (OPTIONS).

    Raises HTTPError 405 or 501 (RFC 9110 sections 15.5.6 and 15.6.2).
    """
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
    return True


def _apply(options: Options, entries: Entries, response: Any) -> None:
    """Give the response what was said of the page before the handler is called, so that it may change it."""
    for key, value in entries.items():
        if key == STREAM:
            response.stream = bool(value)
        elif key.startswith(HEADERS):
            response.headers[key.removeprefix(HEADERS)] = value
        else:
            setattr(response, key.removeprefix("response."), value)
    if options.content_type is not None:
        response.headers["Content-Type"] = options.content_type


def _not_implemented(method: str) -> HTTPError:
    return HTTPError(501, f'method "{shown(method)}" is not implemented')


def _plain(path: str) -> str:
    return "/" + path.strip("/")


def _circle(visited: list[str]) -> HTTPError:
    route = " -> ".join(shown(path) for path in visited)
    why = "go round in a circle" if visited[-1] in visited[:-1] else "are too many"
    return HTTPError(500, f"internal redirects {why}: {route}")
