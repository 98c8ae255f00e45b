"""Classes of 2.x: classic ones, special methods under their old names, unbound methods.

A class statement calls `make_class`. One without bases becomes classic: its method resolution is
depth first, left to right. Methods with old names get the new ones beside them. Paid: reading a
method from a class (not from an instance) costs a Python call.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from rawwfile.cpy.python2.runtime.operators import modernise_operators

_COMPARED = {"__lt__": lambda s: s < 0, "__le__": lambda s: s <= 0, "__gt__": lambda s: s > 0,
             "__ge__": lambda s: s >= 0, "__eq__": lambda s: s == 0, "__ne__": lambda s: s != 0}  # fmt: skip
_DELEGATED = """
    __len__ __getitem__ __setitem__ __delitem__ __contains__ __call__ __iter__ __str__ __repr__ __add__
    __radd__ __sub__ __mul__ __mod__ __bool__ __int__ __float__ __eq__ __lt__ __gt__
""".split()


_get = type.__getattribute__


class UnboundMethod:
    """`Class.method` of 2.x: must be called with an instance first."""

    __slots__ = ("im_func", "im_class", "__weakref__")
    im_self = None

    def __init__(self, function: Callable[..., Any], owner: type) -> None:
        self.im_func = function
        self.im_class = owner

    __name__ = property(lambda self: self.im_func.__name__)  # type: ignore[assignment]
    __doc__ = property(lambda self: self.im_func.__doc__)  # type: ignore[assignment]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if not arguments or not isinstance(arguments[0], self.im_class):
            got = f"{type(arguments[0]).__name__} instance" if arguments else "nothing"
            raise TypeError(
                f"unbound method {self.__name__}() must be called with {self.im_class.__name__} instance "
                f"as first argument (got {got} instead)"
            )
        return self.im_func(*arguments, **named)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else self.im_func.__get__(instance, owner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.im_func, name)

    def __eq__(self, other: object) -> bool:
        return getattr(other, "im_func", other) is self.im_func

    def __hash__(self) -> int:
        return hash(self.im_func)

    def __repr__(self) -> str:
        return f"<unbound method {self.im_class.__name__}.{self.__name__}>"


class OldType(type):
    """The type of translated classes that derive from `object` or a built-in type."""

    def __getattribute__(cls, name: str) -> Any:
        value = _get(cls, name)
        return _unbound(cls, name, value) if type(value) is FunctionType else value


def _unbound(cls: type, name: str, value: FunctionType) -> Any:
    """Return what reading the function `value` from a class gives."""
    if name != "__new__":
        for base in _get(cls, "__mro__"):
            found = _get(base, "__dict__").get(name)
            if found is not None:
                # A static method comes out of its wrapper as a plain function.
                return UnboundMethod(value, cls) if found is value else value
    return value


def method_of(owner: Any, name: str, first: Any) -> Any:
    """Return `owner.name`, which is called at once with `first` and maybe more: `Base.method(self)`."""
    kind = type(owner)
    if kind is ClassType or kind is OldType:
        try:
            value = _get(owner, name)
        except AttributeError:
            return getattr(owner, name)
        if type(value) is FunctionType and isinstance(first, owner):
            return value
    return getattr(owner, name)


_TODAYS = frozenset({"__dict__", "__weakref__", "__static_attributes__", "__firstlineno__"})


class ClassDict(dict[str, Any]):
    """`Class.__dict__` of a classic class: what is put into it is put into the class."""

    def __init__(self, owner: type) -> None:
        super().__init__({name: value for name, value in _get(owner, "__dict__").items() if name not in _TODAYS})
        self._owner = owner

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        setattr(self._owner, name, value)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        delattr(self._owner, name)

    def update(self, *others: Any, **named: Any) -> None:
        for name, value in dict(*others, **named).items():
            self[name] = value


class ClassType(OldType):
    """The type of classic classes."""

    def mro(cls) -> list[type]:
        """Return the bases depth first, left to right, each where it is met first."""
        bases = type.__getattribute__(cls, "__bases__")
        if not all(isinstance(base, ClassType) for base in bases):
            # With a new-style parent 2.x used its newer order too, where there is one.
            try:
                return type.mro(cls)
            except TypeError:
                pass
        order: list[type] = [cls]
        for base in bases:
            order.extend(each for each in type.__getattribute__(base, "__mro__") if each not in order)
        roots = [each for each in order[1:] if each.__module__ in (__name__, "builtins")]
        return [each for each in order if each not in roots] + sorted(roots, key=lambda each: each is object)

    def __getattribute__(cls, name: str) -> Any:
        value = _get(cls, name)
        if type(value) is FunctionType:
            return _unbound(cls, name, value)
        if name == "__dict__":
            return ClassDict(cls)
        if name == "__bases__":
            return tuple(base for base in value if base is not Instance)
        return value

    def __setattr__(cls, name: str, value: Any) -> None:
        if name == "__bases__":
            value = value or (Instance,)
        names = {name: value}
        if name[:2] == "__" and type(value) is FunctionType:
            modernise(names, classic=True)
        for each, made in names.items():
            type.__setattr__(cls, each, made)

    def __getattr__(cls, name: str) -> Any:
        raise AttributeError(f"class {cls.__name__} has no attribute {name!r}")

    def __repr__(cls) -> str:
        return f"<class {cls.__module__}.{cls.__name__} at 0x{id(cls):x}>"

    def __str__(cls) -> str:
        return f"{cls.__module__}.{cls.__name__}"


class Instance(metaclass=ClassType):
    """The root of classic classes; not shown among their bases."""

    # No __getattr__ to say that there is no such attribute: it would slow all the others (see `messages`).
    is_classic = True

    def __repr__(self) -> str:
        kind = type(self)
        return f"<{kind.__module__}.{kind.__name__} instance at 0x{id(self):x}>"


def make_class(name: str, bases: tuple[Any, ...], names: dict[str, Any]) -> Any:
    """Run a class statement."""
    chosen = names.pop("__metaclass__", None)
    if chosen is None and not bases:
        chosen = sys._getframe(1).f_globals.get("__metaclass__")
    modernise(names, classic=not bases or any(isinstance(base, ClassType) for base in bases))
    names.pop("__qualname__", None)
    if chosen is not None and chosen is not type:
        try:
            return chosen(name, bases or (object,), names)
        except TypeError:
            raise
    if not bases:
        return ClassType(name, (Instance,), names)
    if bases == (object,):
        return OldType(name, bases, names)
    if not all(isinstance(base, type) for base in bases):
        return type(bases[0])(name, bases, names)
    kinds = [type(base) for base in bases if type(base) is not type]
    winner: Any = OldType
    for kind in kinds:
        if issubclass(kind, winner):
            winner = kind
        elif not issubclass(winner, kind):
            winner = type("OldType", (winner, kind), {})
    return winner(name, bases, names)


def modernise(names: dict[str, Any], *, classic: bool) -> None:
    """Add the special methods of Python 3 that stand for those with old names."""
    modernise_operators(names, classic=classic)
    if "__nonzero__" in names:
        truth = names["__nonzero__"]
        names.setdefault("__bool__", lambda self: bool(truth(self)))
    if "__cmp__" in names:
        for name, test in _COMPARED.items():
            names.setdefault(name, _compared(names["__cmp__"], test))
        if not classic:
            names.setdefault("__hash__", object.__hash__)
    elif "__eq__" in names:
        names.setdefault("__hash__", object.__hash__)
        names.setdefault("__ne__", _differs)
    if "next" in names and "__next__" not in names:
        names["__next__"] = lambda self: self.next()
    if "__getslice__" in names or "__setslice__" in names or "__delslice__" in names:
        _slices(names)
    if classic and "__getattr__" in names:
        _delegate(names)


def _differs(self: Any, other: Any) -> Any:
    """`!=` of a class that has __eq__ alone: 2.x did not ask it."""
    compare = getattr(type(self), "__cmp__", None)
    return self is not other if compare is None else compare(self, other) != 0


def _compared(method: Callable[..., Any], test: Callable[[int], bool]) -> Callable[..., Any]:
    def compared(self: Any, other: Any) -> Any:
        answer = method(self, other)
        return answer if answer is NotImplemented else test(answer)

    return compared


def _slices(names: dict[str, Any]) -> None:
    for action in ("get", "set", "del"):
        old, new = names.get(f"__{action}slice__"), f"__{action}item__"
        if old is not None:
            names[new] = _sliced(old, names.get(new), new)


def _sliced(old: Callable[..., Any], plain: Callable[..., Any] | None, name: str) -> Callable[..., Any]:
    def at(self: Any, index: Any, *value: Any) -> Any:
        if isinstance(index, slice) and index.step is None:
            start = 0 if index.start is None else index.start
            stop = sys.maxsize if index.stop is None else index.stop
            length = len(self) if start < 0 or stop < 0 else 0
            return old(self, start + length if start < 0 else start, stop + length if stop < 0 else stop, *value)
        if plain is not None:
            return plain(self, index, *value)
        return getattr(super(type(self), self), name)(index, *value)

    return at


def _delegate(names: dict[str, Any]) -> None:
    """Let special methods of a classic class go through its own __getattr__, as they did."""
    look = names["__getattr__"]

    def through(name: str) -> Callable[..., Any]:
        def method(self: Any, *arguments: Any) -> Any:
            for kind in type(self).__mro__:
                found = _get(kind, "__dict__").get(name)
                if found is not None and not getattr(found, "is_delegate", False) and kind not in (object, Instance):
                    return found(self, *arguments)
            old = {"__bool__": "__nonzero__"}.get(name, name)
            try:
                target = look(self, old)
            except AttributeError:
                return _default(self, name, arguments)
            return target(*arguments)

        method.is_delegate = True  # type: ignore[attr-defined]
        return method

    for name in _DELEGATED:
        names.setdefault(name, through(name))
    names.setdefault("__hash__", object.__hash__)


def can_be_called(value: Any) -> bool:
    """callable() of 2.x, which asked an instance of a classic class for its `__call__`."""
    if not isinstance(value, Instance):
        return callable(value)
    found = [_get(kind, "__dict__").get("__call__") for kind in _get(type(value), "__mro__")]
    found = [method for method in found if method is not None]
    if any(not getattr(method, "is_delegate", False) for method in found):
        return True
    try:
        return bool(found) and _get(type(value), "__getattr__")(value, "__call__") is not None
    except AttributeError:
        return False


def _default(self: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    if name == "__str__":
        return repr(self)
    if name == "__repr__":
        return str(_get(Instance, "__dict__")["__repr__"](self))
    if name == "__bool__":
        return True
    if name in ("__eq__", "__lt__", "__gt__", "__add__", "__radd__", "__sub__", "__mul__", "__mod__"):
        return NotImplemented
    if name == "__iter__":
        return _by_index(self)
    if name == "__contains__":
        return any(each is arguments[0] or each == arguments[0] for each in self)
    raise _NoMethod(f"{type(self).__name__} instance has no attribute {name!r}")


class _NoMethod(AttributeError, TypeError):
    """2.x raised AttributeError; today's list() goes on without a length only after TypeError."""


_NoMethod.__name__ = _NoMethod.__qualname__ = "AttributeError"
_NoMethod.__module__ = "builtins"


def _by_index(self: Any) -> Any:
    index = 0
    while True:
        try:
            yield self[index]
        except IndexError:
            return
        index += 1
