"""rawwfile.cherrypy.cache: pages by key (spec 11; H03, H23, H25)."""

from __future__ import annotations

import pytest

from rawwfile.cherrypy.cache import ENTRY_COST, PageCache

HEADERS = {"status": "200 OK", "content-type": "text/html", "set-cookie": []}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_page_is_there_until_it_expires(clock):
    cache = PageCache(0, clock=clock)
    cache.put("key", 1010, HEADERS, b"page")

    clock.now = 1010
    assert cache.get("key").body == b"page"
    assert cache.get("other") is None
    clock.now = 1010.1
    assert cache.get("key") is None


@pytest.mark.parametrize("key", ["", None, 0, ()])
def test_an_empty_key_is_no_key(clock, key):
    cache = PageCache(0, clock=clock)
    cache.put(key, 2000, HEADERS, b"page")

    assert len(cache) == 0 and cache.get(key) is None


def test_headers_are_copies_on_both_sides(clock):
    cache = PageCache(0, clock=clock)
    headers = {**HEADERS, "x": "1", "set-cookie": ["a=b"]}
    cache.put(("any", "key"), 2000, headers, "page")
    headers["x"] = "2"
    headers["set-cookie"].append("c=d")
    cache.get(("any", "key")).headers["set-cookie"].append("e=f")

    assert cache.get(("any", "key")).headers == {**HEADERS, "x": "1", "set-cookie": ["a=b"]}


@pytest.mark.parametrize("status", [304, "304 Not Modified", "206 Partial Content", 416])
def test_what_answers_the_conditions_of_one_request_is_not_kept(clock, status):
    cache = PageCache(0, clock=clock)
    cache.put("key", 2000, {"status": status}, b"")

    assert cache.get("key") is None
    for other in (200, "404 Not Found", 302):
        cache.put("key", 2000, {"status": other}, b"")
        assert cache.get("key").headers == {"status": other}


def test_what_is_sent_piece_by_piece_is_not_kept(clock):
    cache = PageCache(0, clock=clock)
    cache.put("key", 2000, HEADERS, iter([b"x"]))

    assert len(cache) == 0


def test_expired_pages_go_when_the_delay_has_passed(clock):
    cache = PageCache(2, clock=clock)
    cache.put("old", 1010, HEADERS, b"")
    cache.put("new", 5000, HEADERS, b"")
    clock.now = 1119.9
    cache.flush()
    assert len(cache) == 2
    clock.now = 1120
    cache.flush()
    assert len(cache) == 1 and cache.get("new")


def test_without_a_delay_nothing_goes_but_what_is_built_anew(clock):
    cache = PageCache(0, clock=clock)
    cache.put("key", 1010, HEADERS, b"old")
    clock.now = 1e9
    cache.flush()
    assert len(cache) == 1
    cache.put("key", 2e9, HEADERS, b"new")
    assert len(cache) == 1 and cache.get("key").body == b"new"
    cache.forget_all()
    assert len(cache) == 0


def test_memory_has_an_end(clock):
    cache = PageCache(0, clock=clock, most_bytes=4 * ENTRY_COST)
    cache.put("large", 2000, HEADERS, b"x" * ENTRY_COST)
    assert len(cache) == 0
    for key in "abcd":
        cache.put(key, 2000, HEADERS, b"")
    assert cache.get("a")
    cache.put("e", 2000, HEADERS, b"")

    assert [key for key in "abcde" if cache.get(key)] == ["a", "c", "d", "e"]


@pytest.mark.parametrize("long", [lambda n: f"{n:02d}" * 2500, lambda n: (n, "x" * 5000), lambda n: n])
def test_long_keys_and_headers_count_too(clock, long):
    cache = PageCache(0, clock=clock, most_bytes=100 * ENTRY_COST)
    headers = HEADERS if long(1) != 1 else {**HEADERS, "set-cookie": ["x" * 5000]}
    for number in range(100):
        cache.put(long(number), 2000, headers, b"")

    assert 10 < len(cache) <= 20


def test_a_page_that_has_grown_too_large_is_not_served_in_its_old_form(clock):
    cache = PageCache(0, clock=clock, most_bytes=4 * ENTRY_COST)
    cache.put("key", 2000, HEADERS, b"")
    cache.put("key", 2000, HEADERS, b"x" * ENTRY_COST)

    assert cache.get("key") is None


def test_a_key_that_cannot_be_one_is_an_error(clock):
    with pytest.raises(TypeError):
        PageCache(0, clock=clock).get(["list"])
