"""What the classes of a ported application are marked with.

    class Root(CherryClass):
        @view
        def index(self, who="you"):
            return "Hello " + who

        @mask("root/about.html")
        def about(self): ...

A view returns its page, a mask's page is the template of that name. Both are reached by URL unless
they, or their class, are `@hidden`; one marked `@xmlrpc` is called by XML-RPC alone. Each class has
one instance, made at start, unless it is `@abstract`; what it shows, its children show (spec 1.6).
"""

from __future__ import annotations

import functools
import inspect
import keyword
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from rawwfile.cherrypy.masks import Mask
from rawwfile.cherrypy.state import request

LATER_KEYWORDS = frozenset(keyword.kwlist).difference(
    "and assert break class continue def del elif else except exec finally for from global if import in is lambda "
    "not or pass print raise return try while yield".split()
)
"""Words that were names in Python 2.3."""

Marked = TypeVar("Marked", bound=Callable[..., Any])



class _Continue:
    def __repr__(self) -> str:
        return "CONTINUE"


CONTINUE = _Continue()
"""What a method that runs first in others returns to let them go on; anything else is the page."""

_MARKS = "__cherrypy_marks__"


@dataclass(frozen=True)
class Marks:
    """What a method or a class is marked with. kind: 'view', 'mask', or '' for any other method."""

    kind: str = ""
    hidden: bool = False
    xmlrpc: bool = False
    abstract: bool = False


def marks_of(thing: Any) -> Marks:
    """Return the marks of a function or of a class; a class does not inherit them."""
    found = vars(thing).get(_MARKS) if hasattr(thing, "__dict__") else None
    return found if isinstance(found, Marks) else Marks()


def _marked(thing: Any, **changes: Any) -> Any:
    setattr(thing, _MARKS, replace(marks_of(thing), **changes))
    return thing


def view(function: Marked) -> Marked:
    """Mark a method that a URL calls; it returns the page."""
    return _marked(_with_fields(function), kind="view")  # type: ignore[no-any-return]


expose = view


def mask(template: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method whose page is a template of the package's folder templates.

    The parameters of the method are variables of the template; the method's own body is not run.
    """

    def decorate(function: Any) -> Callable[..., Any]:
        made = Mask(template, function)
        page = made.method()
        page.mask = made  # type: ignore[attr-defined]
        return _marked(_with_fields(page), kind="mask")  # type: ignore[no-any-return]

    return decorate


def hidden(thing: Marked) -> Marked:
    """Mark a view or mask, or a whole class, that no URL reaches."""
    return _marked(thing, hidden=True)  # type: ignore[no-any-return]


def xmlrpc(thing: Marked) -> Marked:
    """Mark a view or mask, or all of a class, that only XML-RPC calls."""
    return _marked(thing, xmlrpc=True)  # type: ignore[no-any-return]


def abstract(cherry_class: Marked) -> Marked:
    """Mark a class that is there for its children: it has no instance."""
    return _marked(cherry_class, abstract=True)  # type: ignore[no-any-return]


def old_name(name: str) -> str:
    """Return `with` for `with_`: a port adds the underscore to what became a keyword after 2004."""
    return name[:-1] if name.endswith("_") and name[:-1] in LATER_KEYWORDS else name


def _with_fields(function: Marked) -> Marked:
    """Let a form's field `with` reach the parameter `with_`: 2004 had such names."""
    try:
        names = [one.name for one in inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return function
    fields = {old_name(name): name for name in names if old_name(name) != name}
    if not fields:
        return function

    @functools.wraps(function)
    def renamed(*args: Any, **kwargs: Any) -> Any:
        for name in fields.keys() & kwargs.keys():
            kwargs.setdefault(fields[name], kwargs.pop(name))
        return function(*args, **kwargs)

    return renamed  # type: ignore[return-value]


class CherryClass:
    """The base of the application's classes: each has one instance, and a place in the URLs."""

    def getPath(self, includeRequestBase: int = 1) -> str:  # noqa: N802, N803
        """Return the URL of this class, without `request.base` if the argument is false (F055)."""
        name = type(self).__name__
        path = "/" + instance_name(name).replace("_", "/")
        return str(request.base) + path if includeRequestBase else path

    def __getattr__(self, name: str) -> Any:
        """Say as 0.10 did, on error pages too, that there is no such attribute."""
        raise AttributeError(f"{type(self).__name__} instance has no attribute {name!r}")


class DepthFirst(type):
    """The type of a class whose parents are searched depth first, left to right, as in Python 2.

    Only for orders of parents that Python 3 refuses.
    """

    def mro(cls) -> list[type]:
        """Return the class, then each parent with all its ancestors; what all share comes last."""
        found: dict[type, None] = {cls: None}
        for base in cls.__bases__:
            found.update(dict.fromkeys(each for each in base.__mro__ if each not in (object, CherryClass)))
        last = [CherryClass] if any(issubclass(base, CherryClass) for base in cls.__bases__) else []
        return [*found, *last, object]


def instance_name(name: str) -> str:
    """Return the name of the instance of a class: `airLine` for `AirLine`."""
    return name[:1].lower() + name[1:]
