"""From the path of a request to the method that answers it (spec 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rawwfile.cherrypy.failures import CherryError
from rawwfile.cherrypy.site import Target


def method_for(path: str, targets: Mapping[str, Target], *, xmlrpc: bool = False) -> Callable[..., Any]:
    """Return the bound method that a path leads to.

    path: as `request.path`, not percent-decoded. xmlrpc: the request is an XML-RPC call. Raises
    CherryError with 0.10's texts where nothing, or nothing of that kind, is there.
    """
    instance, name = _find(path, targets)
    target = targets[instance]
    if name in target.xmlrpc and not xmlrpc:
        raise CherryError(f'Method "{name}" of CherryClass "{instance}" is an XML-RPC method')
    if xmlrpc and name not in target.xmlrpc:
        raise CherryError(f'method "{name}" of CherryClass "{instance}" is not an xmlrpc method')
    method: Callable[..., Any] = getattr(target.instance, name)
    return method


def _find(path: str, targets: Mapping[str, Target]) -> tuple[str, str]:
    """Return the names of the instance and of the method."""
    # One slash at each end has gone when the path was read; a further one is an empty name.
    parts = path.split("/") if path else ["index"]
    if len(parts) == 1:
        parts = ["root", *parts]
    class_path, name = "_".join(parts[:-1]), parts[-1]
    target = targets.get(class_path)
    if target is not None and name in target.exposed:
        return class_path, name
    tried = f'"{class_path}.{name}"'
    if path:
        whole = "_".join(parts).removeprefix("root_")
        target = targets.get(whole)
        if target is not None and target.exposed:
            if "index" in target.exposed:
                return whole, "index"
        tried += f' and "{whole}.index"'
    raise CherryError(f"couldn't map URL to an existing non-hidden mask or view (tried {tried})")
