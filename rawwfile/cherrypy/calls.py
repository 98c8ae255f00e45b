"""What one request goes through, in the order of spec 7.4 and 8.

    the server's thread                       a thread of the application's model (see `models`)
    POST only: -----------------------------> Call.before_parse: initRequestBeforeParse
    Call.read_body: the form, unless parsePostData=0
    ----------------------------------------> Call.answer: hooks, static content, mapping, the method
    Call.give: the answer to the engine, which sends it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from rawwfile.cherrypy.answers import Answer, CheckedHeaders, compose, fallback, finished_body, page
from rawwfile.cherrypy.arguments import called
from rawwfile.cherrypy.failures import OLD_SESSION_MAP, SESSIONS_OFF_PAGE, SessionsOff, is_old_session_map
from rawwfile.cherrypy.headers import HeaderMap
from rawwfile.cherrypy.hooks import call, on_error, tell
from rawwfile.cherrypy.mapping import method_for
from rawwfile.cherrypy.opening import open_request
from rawwfile.cherrypy.parameters import TextFile, read_form, read_limited, split_target
from rawwfile.cherrypy.state import Kept, begin, end, request, response, snapshot
from rawwfile.errors import ClientDisconnected, HTTPError, HTTPRedirect, StreamEnd

if TYPE_CHECKING:
    from rawwfile.cherrypy.application import Application


class Call:
    """One request on its way. answered: what is to be sent, once that is known."""

    def __init__(self, application: Application, exchange: Any) -> None:
        self.application = application
        self.site = application.site
        self.exchange = exchange
        self.answered: Answer | None = None
        self.failure: BaseException | None = None
        self.form: Any = None
        self.rpc: Any = None
        self.parse = True
        self._session: Any = None
        self._opened: Kept | None = None

    # -- in the application's thread

    def before_parse(self, kept: Kept) -> None:
        """Do what comes before the body of a POST is read."""
        begin(kept, self.exchange, self.application.sessions is not None)
        try:
            self._guarded(self._before_parse)
            self.parse = bool(request.__dict__.get("parsePostData", 1))
            # Other requests may run in this thread until the body is there.
            now = snapshot()
            self._opened = Kept(_changed(now.request, kept.request), _changed(now.response, kept.response))
        finally:
            end()

    def _before_parse(self) -> None:
        self._open()
        call(self.site, "initRequestBeforeParse")

    def answer(self, kept: Kept) -> None:
        """Run hooks and method; the outcome is `answered`, or `failure` for the engine to deal with."""
        begin(kept, self.exchange, self.application.sessions is not None)
        try:
            self._guarded(self._answer)
        finally:
            end()

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (StreamEnd, ClientDisconnected, HTTPError, HTTPRedirect) as error:
            # No fault of the application: a client that left, a body that cannot be read, and what a
            # ported application raises for the engine on purpose.
            self.failure = error
            self.answered = self.answered or Answer.nothing()
        except BaseException as error:  # noqa: BLE001 - 0.10 answered whatever came, sys.exit() too
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """Answer an error: the two special texts, onError, or what is left when that fails too (spec 7.6)."""
        if is_old_session_map(error):
            self.answered = page(OLD_SESSION_MAP)
            return
        if isinstance(error, SessionsOff) and self.application.configuration.model not in ("threading", "threadPool"):
            self.answered = page(SESSIONS_OFF_PAGE)
            return
        begun = bool(self.exchange.wrote_by_hand)
        try:
            response.body = ""
            response.sendResponse = 1
            on_error(self.site, error, strict=self.application.configuration.strict_errors, quiet=begun)
            if begun or self._by_hand():
                # Nothing is added to what was begun before the failure (H29); onError may write one itself.
                self.failure = error if begun else None
                self.answered = Answer.nothing()
                return
            headers = HeaderMap.of(response.headerMap)
            body = finished_body(response.body, headers, self.application.codec)
            self.answered = compose(headers, None, body, self.application.codec)
        except (StreamEnd, ClientDisconnected) as lost:
            self.failure, self.answered = lost, Answer.nothing()
        except BaseException as second:  # noqa: BLE001 - as above
            if self.site.special("onError") is not None:
                tell(error)
            self._fall_back(second)

    def _fall_back(self, error: BaseException) -> None:
        """Answer with the plain page that needs nothing of the application."""
        tell(error)
        self.answered = fallback(error, self.site)

    def _answer(self) -> None:
        if self._opened is None:
            self._open()
        else:
            request.__dict__.update(self._opened.request)
            response.__dict__.update(self._opened.response)
        if request.method == "POST":
            self._take_body()
        application = self.application
        application.cache.flush()
        if application.sessions is not None:
            application.sessions.clean_up()
        base = self.exchange.request.base
        held = request.__dict__
        held["base"] = base
        held["browserUrl"] = f"{base}/{split_target(self.exchange.request.target)[2]}"
        held["isStaticFile"] = 0
        held["originalPath"] = request.path
        held["originalParamMap"] = request.paramMap
        held["originalParamTuple"] = request.paramTuple
        call(self.site, "initRequest")
        found = application.static.match(request.path)
        if found is not None:
            self._answer_static(found)
        else:
            self._answer_page()

    # -- the parts of it

    def _open(self) -> None:
        application = self.application
        open_request(
            self.exchange, self.site, application.codec, reverse_dns=application.configuration.reverse_dns
        )

    def _take_body(self) -> None:
        held = request.__dict__
        if self.rpc is not None:
            held["path"], held["paramTuple"], held["isXmlRpc"] = self.rpc.path, self.rpc.params, 1
        elif self.form is not None:
            request.paramMap.update(self.form.values)
            held["filenameMap"] = self.form.filenames
            held["fileTypeMap"] = self.form.types
        held["rfile"] = TextFile(self.exchange.request.rfile)

    def _answer_static(self, found: Any) -> None:
        request.isStaticFile = 1
        if self._answer_cached():
            return
        site, headers = self.site, response.headerMap
        whole = site.special("initResponse") is not None or bool(request.__dict__.get("cacheKey"))
        reply = self.application.static.open(
            found,
            request.headerMap,
            request.method,
            whole=whole,
            ranges=self.exchange.settings.protocol == "HTTP/1.1",
            strict=self.application.configuration.strict_errors,
            sent=headers,
        )
        if reply.status is not None:
            headers["status"] = reply.status
        if reply.status is not None and str(reply.status).startswith("304"):
            for name in [name for name in headers if name not in ("status", "protocolVersion", "date")]:
                del headers[name]
        headers.update(reply.headers)
        response.body = self._shown_to_hooks(reply.body)
        call(site, "initResponse")
        self._finish()

    def _answer_page(self) -> None:
        application = self.application
        if application.sessions is not None:
            self._session = application.sessions.begin(request.simpleCookie, response.simpleCookie)
            request.sessionMap = self._session.data
        call(self.site, "initNonStaticRequest")
        if self._answer_cached():
            return
        is_call = bool(request.isXmlRpc)
        method = method_for(request.path, self.site.targets, xmlrpc=is_call)
        self.exchange.handler = method
        response.body = called(method, request.paramTuple if is_call else (), {} if is_call else request.paramMap)
        call(self.site, "initResponse")
        call(self.site, "initNonStaticResponse")
        if is_call:
            from rawwfile.cherrypy import xmlcalls

            response.body = xmlcalls.encode(response.body, charset=self.site.charset)
            response.headerMap["content-type"] = "text/xml"
        self._finish()

    def _answer_cached(self) -> bool:
        """Answer with the page that is stored under request.cacheKey, if there is one (spec 11)."""
        found = self.application.cache.get(request.__dict__.get("cacheKey"))
        if found is None:
            return False
        date = response.headerMap.get("date")
        response.headerMap = headers = HeaderMap(found.headers)
        headers["date"] = date
        response.body = body = self._shown_to_hooks(found.body)
        request.cacheKey = ""
        length = headers.get("content-length")
        call(self.site, "initResponse")
        if response.body is not body and response.headerMap.get("content-length") == length:
            response.headerMap["content-length"] = 0
        self._finish()
        return True

    def _shown_to_hooks(self, body: Any) -> Any:
        """Return a body of bytes as the text that initResponse expects, if there is one to see it."""
        if isinstance(body, bytes) and self.site.special("initResponse") is not None:
            return self.application.codec.text(body)
        return body

    def _finish(self) -> None:
        """Check the body, store page and session, and make the answer."""
        if not response.__dict__.get("sendResponse", 1):
            self.answered = Answer.nothing()
            return
        application = self.application
        headers = response.headerMap = HeaderMap.of(response.headerMap)
        body = finished_body(response.body, headers, application.codec)
        key = request.__dict__.get("cacheKey")
        if key:
            application.cache.put(key, request.cacheExpire, headers, body)
        if self._session is not None:
            application.sessions.save(self._session, request.__dict__.get("sessionMap"), response.simpleCookie)
        try:
            answer = compose(headers, response.simpleCookie, body, application.codec)
        except Exception as error:  # noqa: BLE001 - a damaged header map
            self._fall_back(error)
            return
        self.answered = answer
        if self.exchange.wrote_by_hand:
            # 0.10 sent both (F220). The engine would not: it is told that all was written by hand.
            head = self.exchange.request.method == "HEAD"
            self.exchange.response.wfile.write(answer.as_bytes(self.exchange.settings.protocol, head=head))
            self.answered = Answer.nothing()

    def _by_hand(self) -> bool:
        """Whether the application has taken the response into its own hands (spec 7.5)."""
        return not response.__dict__.get("sendResponse", 1) or bool(self.exchange.wrote_by_hand)

    # -- in the server's thread

    def read_body(self) -> None:
        """Read the form or the XML-RPC call of a POST. Raises RequestBodyError, HTTPError."""
        if not self.parse:
            return
        exchange, application = self.exchange, self.application
        engine = exchange.request
        kind = engine.headers.get("content-type") or ""
        limits = exchange.settings.limits
        limit = limits.form if limits.body is None else limits.body
        if application.configuration.xmlrpc:
            from rawwfile.cherrypy import xmlcalls

            if xmlcalls.is_call(engine.method, kind):
                opened = self._opened.request if self._opened is not None else {}
                path = opened.get("path", split_target(engine.target)[0])
                body = read_limited(engine.rfile, limit, engine.content_length)
                self.rpc = xmlcalls.decode(body, path, namespace=self.site.namespace, text=application.codec.text)
                return
        self.form = read_form(engine.rfile, kind, application.codec, limit, engine.content_length)

    def give(self) -> None:
        """Hand the outcome to the engine, which sends it. Raises what the engine shall deal with."""
        answer = self.answered
        given = self.exchange.response
        if self.failure is not None:
            raise self.failure
        if answer is None or answer.by_hand:
            given.sendResponse = 0
            return
        given.sendResponse = 1
        given.status = answer.status
        given.__dict__["headers"] = CheckedHeaders(given, answer.lines)
        given.body = answer.body


def _changed(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in now.items() if name not in before or before[name] is not value}
