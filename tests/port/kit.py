"""An application from texts: ported, written to a folder, loaded, and its methods called."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rawwfile.cherrypy.package import load_package
from rawwfile.cherrypy.site import Site
from rawwfile.cherrypy.sources import LIBRARY, site_of_sources
from rawwfile.cherrypy.state import begin, end, request, response, snapshot
from rawwfile.port.output import write_package
from rawwfile.port.package import Ported, port

_NUMBERS = itertools.count(1)


def written(folder: Path, files: dict[str, str]) -> None:
    """Write texts below a folder, one byte a character."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("latin-1"))


def ported(folder: Path, files: dict[str, str], *names: str, **options: Any) -> Ported:
    """Port an application of these files; without `names` the file Root.cpy is the first."""
    written(folder, files)
    return port(names or ("Root.cpy",), directory=str(folder), library=LIBRARY, **options)


def text_of(made: Ported, path: str) -> str:
    """Return the text of one file of a package."""
    return made.files[path].decode("utf-8")


def loaded(folder: Path, made: Ported) -> Site:
    """Write a package below `folder`, import it, and make its instances."""
    package = folder / f"package_{next(_NUMBERS)}"
    write_package(str(package), made.files)
    site = load_package(str(package)).site()
    return started(site)


def started(site: Site) -> Site:
    """Do what a start does with a site, as far as no server is needed."""
    site.namespace.setdefault("logMessage", lambda message, level=0: None)
    site.make_instances()
    hook = site.special("initServer")
    if hook is not None:
        hook()
    return site


def from_sources(folder: Path, *names: str) -> Site:
    """Return the site of the sources themselves."""
    return started(site_of_sources([str(folder / name) for name in names or ("Root.cpy",)], [str(folder)]))


@contextmanager
def in_request(**attributes: Any) -> Iterator[None]:
    """Have a request with these attributes."""
    begin(snapshot())
    request.__dict__.update({"base": "http://host", "paramMap": {}, **attributes})
    response.__dict__.update({"headerMap": {}})
    try:
        yield
    finally:
        end()


def page(site: Site, path: str, **fields: Any) -> Any:
    """Return what the view or mask at a path like `root.index` gives."""
    instance, name = path.split(".")
    target = site.targets[instance]
    assert name in target.exposed, f"{path} is reached by no URL"
    with in_request(paramMap=fields):
        return getattr(target.instance, name)(**fields)


def exposure(site: Site) -> dict[str, tuple[list[str], list[str]]]:
    """Return what URLs and XML-RPC reach, by instance."""
    return {name: (sorted(each.exposed), sorted(each.xmlrpc)) for name, each in site.targets.items()}
