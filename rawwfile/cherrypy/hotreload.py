"""Hot reload: new code in a running server, the old one serving until the new one is whole (F440).

What is done, in this order; 2 to 5 are a job of the application's thread where it has one:

1. compile again what has changed (`site.recompile`); a fault in it ends the reload here;
2. run the new code in the application's namespace, which keeps what initServer and requests have
   put there;
3. read the configuration file again into `configFile` (the server's own parameters stay);
4. make every instance anew, those of new classes too; call `hotReloadInitServer`;
5. forget RAM sessions and the page cache.

Where 2 to 4 raise, the namespace and the instances are put back as they were. Names that the new
code no longer defines stay, as in 0.10, but for special functions, and instances of classes that
are gone.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rawwfile.cherrypy import failures
from rawwfile.cherrypy.hooks import log_message
from rawwfile.cherrypy.logs import DefaultLogMessage
from rawwfile.cherrypy.site import Site
from rawwfile.cherrypy.units import plan_of, run_units
from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.tree import SPECIALS
from rawwfile.errors import HTTPError, StartError

if TYPE_CHECKING:
    from rawwfile.cherrypy.units import Fresh

log = logging.getLogger("rawwfile")

METHOD = "HOTRELOAD"
OLD_REQUEST = b"HOTRELOAD NOW HTTP/"
"""What 0.10's cherryhotreload.py sends; it closes then, without the rest of a request."""
STARTING = "Starting hot reload ..."
FINISHED = "Hot reload finished"
DISABLED = "Hot reload disabled when not in debug mode ..."
_FORWARDED = ("forwarded", "x-forwarded-for", "via")


class ReloadFailed(Exception):
    """Nothing was changed. The text says why, in one line with file and line where there is one."""


@dataclass(frozen=True)
class Outcome:
    """What came of a request for a hot reload. text: for whoever asked."""

    done: bool
    text: str


_one_at_a_time = threading.Lock()


def reload(site: Site, *, modules: bool = False) -> Outcome:
    """Reload the code of a site; log what came of it, through its own logMessage.

    Call it in any thread. Requests are answered while the code is compiled; what runs of the
    application is a job of its thread. modules: load the application's own Python modules again
    too, which 0.10 did not.
    """
    outcome = [Outcome(False, "")]

    def begin(kept: Any = None) -> None:
        _log(site, STARTING)

    def end(kept: Any = None) -> None:
        outcome[0] = _end(site, made, modules)

    run = _at_once if site.running is None else site.running.model.run
    with _one_at_a_time:
        run(begin)
        made = _compiled(site)
        run(end)
    return outcome[0]


def _at_once(job: Callable[[], None]) -> None:
    job()


def _compiled(site: Site) -> Fresh | ReloadFailed:
    if site.recompile is None:
        return ReloadFailed("this application was not loaded from sources")
    try:
        fresh: Fresh = site.recompile()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the sources, the server goes on
        if isinstance(error, CpyError):
            log.error("%s", error)
        return ReloadFailed(told(error))
    return fresh


def _end(site: Site, made: Fresh | ReloadFailed, modules: bool) -> Outcome:
    try:
        if isinstance(made, ReloadFailed):
            raise made
        renew(site, made, modules=modules)
    except ReloadFailed as error:
        text = f"{error}. The old code goes on serving."
        _log(site, f"Hot reload failed: {text}")
        return Outcome(False, text)
    _log(site, FINISHED)
    return Outcome(True, FINISHED)


def _log(site: Site, message: str) -> None:
    try:
        log_message(site, message)
    except Exception as error:  # noqa: BLE001 - a fault in the application's own logMessage stops no reload
        log.error("%s (logMessage failed: %s)", message, told(error))


def renew(site: Site, fresh: Fresh, *, modules: bool = False) -> None:
    """Put new code into the site, in this thread. Raises ReloadFailed, and all is as before."""
    before = dict(site.namespace)
    plan, targets, files = site.plan, site.targets, site.files
    loaded = _own_modules(site) if modules else {}
    try:
        for name in loaded:
            _importer(site).modules.pop(name, None)
        _run(site, fresh)
    except BaseException as error:  # noqa: BLE001 - application code may raise anything, SystemExit too
        _put_back(site.namespace, before)
        _importer(site).modules.update(loaded)
        site.plan, site.targets, site.files = plan, targets, files
        log.error("%s", failures.traceback_text(error).rstrip("\n"))
        raise ReloadFailed(told(error)) from error
    for each in plan:
        if each.name not in site.targets:
            site.namespace.pop(each.name, None)
    _forget(site)


def _run(site: Site, fresh: Fresh) -> None:
    space = site.namespace
    _drop_specials(space, fresh)
    run_units(space, fresh.codes)
    running = site.running
    if running is not None:
        from rawwfile.cherrypy import configuration

        parameters = running.configuration
        space["configFile"] = configuration.read(parameters.name or None).file
        space.setdefault("logMessage", DefaultLogMessage(parameters.log_to_screen, parameters.log_file))
    site.plan = plan_of(space, fresh.classes)
    site.make_instances()
    site.files = list(fresh.files)
    function = site.special("hotReloadInitServer")
    if function is not None:
        function()


def _drop_specials(space: dict[str, Any], fresh: Fresh) -> None:
    """Remove special functions of the old code that the new one does not have."""
    for name in SPECIALS:
        old = space.get(name)
        if name not in fresh.specials and isinstance(old, types.FunctionType) and old.__globals__ is space:
            del space[name]


def _put_back(namespace: dict[str, Any], before: dict[str, Any]) -> None:
    """Restore names one by one: requests of other threads never find the namespace empty."""
    namespace.update(before)
    for name in namespace.keys() - before.keys():
        namespace.pop(name, None)


def _importer(site: Site) -> Any:
    return site.namespace["__builtins__"]["__import__"]


def _own_modules(site: Site) -> dict[str, types.ModuleType]:
    """Return the modules of the application itself, by name."""
    loaded = _importer(site).modules
    return {name: module for name, module in loaded.items() if getattr(module, "__file__", None)}


def files_of(site: Site) -> list[str]:
    """Return every file that the code of a site was loaded from."""
    modules = [str(module.__file__) for module in _own_modules(site).values()]
    return [*site.files, *modules]


def _forget(site: Site) -> None:
    running = site.running
    if running is None:
        return
    if running.sessions is not None:
        running.sessions.forget_all()
    running.cache.forget_all()


def told(error: BaseException) -> str:
    """Return what is wrong in one line: file, line, and what Python or the compiler says."""
    if isinstance(error, CpyError):
        place = f"{error.position.file}:{error.position.line}: " if error.position else ""
        return f"{place}{error.message}"
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}: {error.msg}"
    if isinstance(error, StartError):
        return str(error)
    frames = traceback.extract_tb(failures.from_application(error.__traceback__))
    place = f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
    text = " ".join(str(error).split())
    return f"{place}{type(error).__name__}{': ' if text else ''}{text}"


# -- who may ask ---------------------------------------------------------------------------------


def answer(exchange: Any, site: Site) -> None:
    """Answer a request with the method HOTRELOAD: reload, and say in the body what came of it.

    Raises HTTPError: 501 where the application was not built with -D, 403 for who may not (H11).
    """
    if not site.debug:
        log_message(site, DISABLED)
        raise HTTPError(501, DISABLED, close=True)
    headers = exchange.request.headers
    forwarded = any(name in headers for name in _FORWARDED)
    if forwarded or not is_near(exchange.channel.peer()[0]) or not _host_is_near(headers):
        log.warning("a hot reload was refused: it may be asked for from this machine only")
        raise HTTPError(403, "a hot reload may be asked for from this machine only", close=True)
    outcome = reload(site)
    exchange.response.status = 200 if outcome.done else 500
    exchange.response.headers["Content-Type"] = "text/plain; charset=utf-8"
    exchange.response.body = f"{outcome.text}\n"


def is_near(address: str) -> bool:
    """Whether the peer is this machine: a loopback address, or "" of a Unix socket."""
    if not address:
        return True
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _host_is_near(headers: Any) -> bool:
    # A page of a stranger can have this machine's address under its own name.
    host = headers.get("host") or ""
    name = host[: host.rindex("]") + 1] if "]" in host else host.partition(":")[0]
    return name.lower() in ("", "localhost") or is_near(name.strip("[]"))


class Door:
    """Hears the request that 0.10's cherryhotreload.py sends, which is no whole HTTP request.

    Given to the server, which shows it the first bytes of each connection (`server.door`).
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.done: Callable[[Outcome], None] | None = None

    def __call__(self, data: bytes, address: str) -> bool:
        """Return whether the bytes were for us; the connection is to be closed then, with no answer."""
        if not data.startswith(OLD_REQUEST):
            return False
        if not self.site.debug:
            log_message(self.site, DISABLED)
        elif not is_near(address):
            log.warning("a hot reload asked for by %s was refused: it must come from this machine", address)
        else:
            # The thread that reads connections never waits.
            threading.Thread(target=self._reload, name="hot-reload", daemon=True).start()
        return True

    def _reload(self) -> None:
        outcome = reload(self.site)
        if self.done is not None:
            self.done(outcome)
