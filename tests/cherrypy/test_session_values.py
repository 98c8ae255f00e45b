"""rawwfile.cherrypy.sessions.values: what a session can hold, and that reading it runs nothing (H02)."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import string
import sys
import threading
import time
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.cherrypy.sessions.values import Damaged, Values

ZONE = datetime.timezone(datetime.timedelta(hours=1))
KEPT = [
    None, True, False, 0, -(10**5000), 1 << 1001, 1.5, 1e300, -0.0, complex(1, -2.5), "", "text", "\xe9\u20ac\ud800",
    b"\x00\xff",
    [], [1, [2]], (), (1, (2,)), {}, {"a": 1, 2: "b", (3, None): [4], None: 5, True: 6}, {"t": 1}, {"o": ["x", 1]},
    {1, 2}, frozenset({"a"}), datetime.datetime(2004, 4, 18, 12, 30, 0, 5), datetime.datetime(2004, 1, 1, tzinfo=ZONE),
    datetime.date(2004, 4, 18), datetime.time(1, 2, 3), datetime.timedelta(-1, 5, 7), decimal.Decimal("1.10"),
    time.gmtime(0), "2004-04-18", "NaN",
]  # fmt: skip


@pytest.mark.parametrize("value", KEPT, ids=lambda value: f"{type(value).__name__}")
def test_values_come_back_as_they_were(value):
    values = Values({}, "file")
    text = values.encode({"key": value})
    again = values.decode(text)["key"]

    assert text.isascii()
    assert again == value and type(again) is type(value) and repr_of(again) == repr_of(value)


def repr_of(value):
    # repr() of a very long number is refused.
    return hash(value) if isinstance(value, int) else repr(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_odd_numbers_too(value):
    assert repr(Values({}, "file").decode(Values({}, "file").encode(value))) == repr(value)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


@given(plain)
def test_anything_made_of_them(value):
    values = Values({}, "file")

    assert values.decode(values.encode(value)) == value


class unicode(str):  # noqa: N801
    pass


class long(int):  # noqa: N801
    pass


def test_types_of_python_2_come_back_where_the_application_has_them():
    old = {"__builtins__": {"unicode": unicode, "long": long}}
    text = Values(old, "file").encode([unicode("\u20ac"), long(7)])

    again = Values(old, "file").decode(text)
    assert again == ["\u20ac", 7] and list(map(type, again)) == [unicode, long]
    ported = Values({}, "file").decode(text)
    assert list(map(type, ported)) == [str, int]


class Cart:
    """An application's own class; the namespace is asked for it by this name."""

    def __init__(self, *goods):
        self.goods = list(goods)


class Shy:
    def __init__(self):
        self.lock = threading.Lock()
        self.name = "shy"

    def __getstate__(self):
        return {"name": self.name}

    def __setstate__(self, state):
        self.name = state["name"] + " again"


def own(kind):
    kind.__module__ = "__main__"
    return kind


NAMESPACE = {"Cart": own(Cart), "Shy": own(Shy), "Template": string.Template, "string": string}


def test_instances_of_the_applications_own_classes():
    values = Values(NAMESPACE, "file")
    again = values.decode(values.encode({"cart": Cart(1, Cart("x"))}))["cart"]

    assert type(again) is Cart and again.goods[0] == 1 and again.goods[1].goods == ["x"]
    assert values.decode(values.encode(Shy())).name == "shy again"


def test_classes_of_modules_that_the_application_has_imported():
    shop = types.ModuleType("shop")

    class Item:
        pass

    Item.__module__, Item.__qualname__, shop.Item = "shop", "Item", Item
    item = Item()
    item.price = 5
    text = Values({"shop": shop}, "file").encode(item)

    assert Values({"shop": shop}, "file").decode(text).price == 5
    with pytest.raises(Damaged, match="the application has no class shop:Item now"):
        Values({}, "file").decode(text)


def around():
    value = []
    value.append(value)
    return value


def deep():
    value = []
    for _ in range(300):
        value = [value]
    return value


REFUSED = [
    (lambda: {"f": len}, r"^request\.sessionMap\['f'\] cannot be kept in a session of storageType=file: it is builtin"),
    (lambda: {"a": [1, {"b": threading.Lock()}]}, r"^request\.sessionMap\['a'\]\[1\]\['b'\] cannot be kept"),
    (lambda: {"c": Cart(sys.stdout)}, r"^request\.sessionMap\['c'\]\.__dict__\['goods'\]\[0\] cannot be kept"),
    (lambda: {"t": string.Template("x")}, r"^request\.sessionMap\['t'\] cannot be kept .* it is Template"),
    (lambda: Cart, r"^request\.sessionMap cannot be kept"),
    (lambda: {"l": around()}, "it holds itself, or is too deep"),
    (lambda: {"l": deep()}, "it holds itself, or is too deep"),
    (lambda: {"e": ValueError("x")}, "it is ValueError"),
    (lambda: {"s": {1, len}}, r"\['s'\] \(in it\) cannot be kept"),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_cannot_be_kept_is_named(make, message):
    with pytest.raises(TypeError, match=message):
        Values(NAMESPACE, "file").encode(make())


@pytest.mark.parametrize(
    "made",
    [
        {"o": ["Template", {"d": []}]}, {"o": ["string:Template", {"d": []}]}, {"o": ["os:system", {"d": []}]},
        {"o": ["Cart"]}, {"o": ["nobody", {"d": []}]}, {"o": ["string", {"d": []}]}, {"x": 1}, {}, {"t": 1, "d": []},
        {"d": [[1]]}, {"d": [[[], 1]]}, {"datetime": "x"}, {"int": "z"}, {"o": ["subprocess:Popen", {"d": []}]},
        {"Decimal": "x"}, {"complex": [1]}, {"bytes": "\u20ac"},
    ],
)  # fmt: skip
def test_text_that_we_have_not_written_is_damaged(made):
    with pytest.raises(Damaged):
        Values(NAMESPACE, "file").decode(json.dumps(made).encode())


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000])
def test_text_that_is_no_json_is_damaged(text):
    with pytest.raises(Damaged):
        Values({}, "file").decode(text)
