"""Attributes that look like an instance's own, but hold one value for each request (H22).

One instance serves all visitors at once. What belongs to one visitor, as `self.login`, is kept with
the request of the thread that asks.
"""

from __future__ import annotations

from typing import Any

from rawwfile.cherrypy.state import request

_VALUES = "values of instances"
"""Where a request keeps them: no name that an application could ask for."""


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
        values = request.__dict__.get(_VALUES)
        held = values.get((id(instance), self.name)) if values else None
        return held[1] if held is not None else instance.__dict__.get(self.name, self.default)

    def __set__(self, instance: Any, value: Any) -> None:
        state = request.__dict__
        if "path" in state:
            values = state.get(_VALUES)
            if values is None:
                values = state[_VALUES] = {}
            # The instance is held too, so that no other one can get its id while the value is kept.
            values[id(instance), self.name] = (instance, value)
        else:
            instance.__dict__[self.name] = value

    def __delete__(self, instance: Any) -> None:
        """Go back to the value that the request began with."""
        request.__dict__.get(_VALUES, {}).pop((id(instance), self.name), None)


def is_called_by_url(instance: Any, method: str) -> bool:
    """Whether this request's own URL names that method of the instance (mapping of spec 5).

    Arguments of such a call come from the visitor; those of other calls from the application.
    """
    parts = str(request.__dict__.get("path", "")).strip("/").split("/")
    name = type(instance).__name__
    return parts[-1] == method and ("_".join(parts[:-1]) or "root") == name[:1].lower() + name[1:]
