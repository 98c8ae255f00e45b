"""json_yield answers byte for byte as the decorator published in 2010, with today's json.dumps."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.longpolls import Site


def published(function):
    """What the article's decorator does: a table of generators by key, and two kinds of answer."""
    made = {}

    def poll(self, key, *rest, **fields):
        if key not in made:
            made[key] = function(self, *rest, **fields)
        try:
            content = next(made[key])
        except StopIteration:
            return json.dumps({"state": "done", "content": None})
        return json.dumps({"state": "ready", "content": content})

    return poll


def both(function):
    """Two objects with one method `page`: by the published decorator, and by ours; and the site of ours."""
    site = Site()
    theirs = type("Theirs", (), {"page": published(function)})()
    ours = type("Ours", (), {"page": site.json_yield(function)})()
    return theirs, ours, site.serve(ours)


def primes(self):
    """The article's generator."""
    probe = 1
    while True:
        probe += 2
        if all(probe % i for i in range(2, probe)):
            yield probe


def test_the_prime_numbers():
    theirs, _, site = both(primes)
    for expected in (3, 5, 7, 11):
        answer = site.poll("/page?key=1")
        assert answer.body == theirs.page("1") == f'{{"state": "ready", "content": {expected}}}'


def test_the_end():
    def one(self):
        yield "only"

    theirs, _, site = both(one)
    for expected in ('{"state": "ready", "content": "only"}', *['{"state": "done", "content": null}'] * 3):
        assert site.poll("/page?key=1").body == theirs.page("1") == expected


def test_a_call_from_python_gives_the_same_text():
    theirs, ours, _ = both(primes)
    for _ in range(3):
        assert ours.page("1") == theirs.page("1")
    assert ours.page(key="1") == theirs.page(key="1")
    assert ours.page(7) == theirs.page(7)


def test_the_first_path_segment_is_the_key_and_the_others_are_the_functions():
    def pair(self, a, b="-"):
        yield [a, b]
        yield "next"

    theirs, _, site = both(pair)
    assert site.poll("/page/1/x?b=2").body == theirs.page("1", "x", b="2")
    assert site.poll("/page/1").body == theirs.page("1")


def test_each_key_has_a_generator_of_its_own_and_the_arguments_of_its_first_poll():
    def count(self, start, step=1):
        yield from range(int(start), int(start) + 3 * int(step), int(step))

    theirs, _, site = both(count)
    said = [
        ("a", {"start": "1"}),
        ("b", {"start": "10", "step": "5"}),
        ("a", {"start": "99"}),
        ("b", {}),
        ("a", {}),
        ("a", {"step": "7"}),
    ]
    for key, fields in said:
        query = "&".join(f"{name}={value}" for name, value in {"key": key, **fields}.items())
        assert site.poll(f"/page?{query}").body == theirs.page(key, **fields)


ITEMS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@given(st.lists(ITEMS, max_size=4))
def test_every_item_that_json_can_hold(items):
    def page(self):
        yield from items

    theirs, _, site = both(page)
    for _ in range(len(items) + 2):
        assert site.poll("/page?key=1").body == theirs.page("1")


def test_what_returns_an_iterator_will_do_as_a_generator():
    def page(self):
        return iter([1, {"a": 2}])

    theirs, _, site = both(page)
    for _ in range(3):
        assert site.poll("/page?key=1").body == theirs.page("1")


def test_json_says_what_it_is_and_is_not_kept():
    answer = both(primes)[2].poll("/page?key=1")
    assert answer.status == 200
    assert answer.get("Content-Type") == "application/json"
    assert answer.get("Cache-Control") == "no-store"


@pytest.mark.parametrize("accept", ["application/json, text/javascript, */*; q=0.01", "*/*", "text/html,*/*;q=0.8"])
def test_jquery_and_browsers_get_json(accept):
    answer = both(primes)[2].poll("/page?key=1", f"Accept: {accept}\r\n")
    assert answer.body == '{"state": "ready", "content": 3}'
