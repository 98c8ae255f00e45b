"""`serve --reload` of a CherryPy 0.10 application: its code is loaded again when a file of it changes.

Other applications get a new process for a new version (`server.reload`). This one keeps its
process, and with it what initServer made, since 0.10 has a hot reload of its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from rawwfile.cherrypy import hotreload
from rawwfile.server.reload import POLL_SECONDS, WatchedFiles

if TYPE_CHECKING:
    from rawwfile.cherrypy.site import Site

log = logging.getLogger("rawwfile.server")


def start(site: Site) -> Reloading | None:
    """Watch the files of a site from now on; None for one that cannot be loaded again."""
    if site.recompile is None:
        log.warning("--reload is for .cpy sources and what they were compiled to; start %s again by hand", site.name)
        return None
    log.info("%d files are watched; save one, and the code of %s is loaded again", len(site.files), site.name)
    return Reloading(site).start()


class Reloading:
    """Watches the files of a site in a thread, and reloads it when one has changed."""

    def __init__(self, site: Site, *, done: Callable[[hotreload.Outcome], None] | None = None) -> None:
        self._site = site
        self._done = done
        self._stopped = threading.Event()
        self._files = WatchedFiles(hotreload.files_of(site))
        self._thread = threading.Thread(target=self._watch, name="rawwfile-reload", daemon=True)

    def start(self) -> Reloading:
        """Begin to watch; return self."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Watch no more. A reload that has begun ends in peace."""
        self._stopped.set()

    def look(self) -> bool:
        """Look at the files once; reload if one has changed. Whether it has."""
        self._files.add(hotreload.files_of(self._site))
        changed = self._files.find_change()
        if changed is None:
            return False
        # The looks that the next change is seen by are taken before anything is read.
        files = WatchedFiles(self._files.paths)
        outcome = hotreload.reload(self._site, modules=changed.endswith(".py"))
        if outcome.done:
            files.keep_only(hotreload.files_of(self._site))
        self._files = files
        if self._done is not None:
            self._done(outcome)
        return True

    def _watch(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the next look may fare better
                log.exception("--reload failed to look at the sources")
