"""Attributes that look like an instance's own, but hold one value for each request (H22).

One instance serves all visitors at once. What belongs to one visitor, as `self.login`, is kept with
the request of the thread that asks.
"""

from __future__ import annotations

from typing import Any

from rawwfile.cherrypy.state import request


class PerRequest:
    """A class variable whose value on an instance ends with the request that set it.

    default: the value of a request that set none. What is set while no request is served, as in
    `__init__`, is the value that every request begins with.
    """

    def __init__(self, default: Any = "") -> None:
        self.default = default
        self.name = "value"

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self.default
        held = request.__dict__.get(self._key(instance))
        return held[1] if held is not None else instance.__dict__.get(self.name, self.default)

    def __set__(self, instance: Any, value: Any) -> None:
        if _is_serving():
            # The instance is held too, so that no other one can get its id while the value is kept.
            request.__dict__[self._key(instance)] = (instance, value)
        else:
            instance.__dict__[self.name] = value

    def __delete__(self, instance: Any) -> None:
        """Go back to the value that the request began with."""
        request.__dict__.pop(self._key(instance), None)

    def _key(self, instance: Any) -> str:
        return f"{self.name} of {id(instance):x}"


def _is_serving() -> bool:
    return "path" in request.__dict__


def is_called_by_url(instance: Any, method: str) -> bool:
    """Whether this request's own URL names that method of the instance (mapping of spec 5).

    Arguments of such a call come from the visitor; those of other calls from the application.
    """
    parts = str(request.__dict__.get("path", "")).strip("/").split("/")
    name = type(instance).__name__
    return parts[-1] == method and ("_".join(parts[:-1]) or "root") == name[:1].lower() + name[1:]
