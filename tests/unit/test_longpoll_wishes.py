"""json_yield: keys, and what a poll may say."""

from __future__ import annotations

import pytest

from rawwfile.streaming.longpoll.wishes import BadPoll, take_wishes
from tests.unit.longpolls import Site, letters, site_of

# -- keys ----------------------------------------------------------------------------------------


def test_without_a_key_the_server_makes_one_and_tells_it_once():
    site = site_of(letters)
    first = site.poll("/page").json
    key = first.pop("key")
    assert first == {"state": "ready", "content": "a"}
    assert len(key) >= 22  # 128 bit, six in each character
    assert site.poll(f"/page?key={key}").body == '{"state": "ready", "content": "b"}'


def test_no_two_made_keys_are_alike():
    site = site_of(letters)
    assert len({site.poll("/page", address=f"192.0.2.{n}").json["key"] for n in range(50)}) == 50


KEYS = [
    # key as it stands in the query, whether it is one
    ("1", True),
    ("x" * 64, True),
    ("%C3%BC%20%E2%82%AC", True),
    ("x" * 65, False),
    ("a%00b", False),
    ("a%0Ab", False),
    ("%C2%85", False),
    ("1&key=2", False),
]


@pytest.mark.parametrize(("key", "good"), KEYS, ids=[key[:12] for key, _ in KEYS])
def test_a_key_is_64_printable_characters_at_most(key, good):
    site = site_of(letters)
    answer = site.poll(f"/page?key={key}")
    if good:
        assert (answer.status, answer.content) == (200, "a")
    else:
        assert answer.status == 400
        assert answer.json["error"]["type"] == "BadPoll"
        assert site.streams == []


def test_an_empty_key_asks_for_one():
    assert len(site_of(letters).poll("/page?key=").json["key"]) >= 22


def test_with_sessions_nobody_drains_the_stream_of_another():
    site = site_of(letters, session_of=lambda request: request.headers.get("x-session"))
    assert [site.poll("/page?key=1", "X-Session: anna\r\n").content for _ in range(2)] == ["a", "b"]
    assert site.poll("/page?key=1", "X-Session: bert\r\n").content == "a"
    assert site.poll("/page?key=1").content == "a"
    site.poll("/page?key=1", "X-Session: bert\r\n", method="DELETE")
    assert site.poll("/page?key=1", "X-Session: anna\r\n").content == "c"


def test_sessions_may_be_switched_on_for_all_handlers_at_once():
    site = site_of(letters)
    site.json_yield.session_of = lambda request: request.params["user"]
    assert site.poll("/page?key=1&user=anna").status == 404  # it is an argument of no generator
    site = Site()

    class Root:
        @site.json_yield
        def page(self, user):
            yield user

    site.json_yield.session_of = lambda request: request.params["user"]
    site.serve(Root())
    assert site.poll("/page?key=1&user=anna").content == "anna"
    assert site.poll("/page?key=1&user=bert").content == "bert"


# -- what a poll says ----------------------------------------------------------------------------

BAD = [
    # query, what the message says
    ("key=1&ack=-1", "ack must be"),
    ("key=1&ack=1e3", "ack must be"),
    ("key=1&ack=%D9%A3", "ack must be"),
    ("key=1&ack=9999999999999999", "ack must be"),
    ("key=1&wait=soon", "wait must be"),
    ("key=1&wait=-1", "wait must be"),
    ("key=1&wait=nan", "wait must be"),
    ("key=1&close=yes", "close must be"),
    ("key=1&restart=2", "restart must be"),
    ("close=1", "name its key"),
]


@pytest.mark.parametrize(("query", "message"), BAD, ids=[query for query, _ in BAD])
def test_what_cannot_be_is_answered_400_and_begins_nothing(query, message):
    site = site_of(letters)
    answer = site.poll(f"/page?{query}")
    assert answer.status == 400
    assert answer.json["state"] == "error"
    assert message in answer.json["error"]["message"]
    assert site.streams == []


def test_fields_that_the_function_has_are_the_functions():
    def page(self, wait, ack="-"):
        yield [wait, ack]

    assert site_of(page).poll("/page?key=1&wait=soon&ack=x").content == ["soon", "x"]


def test_a_function_that_wants_the_key_gets_it():
    def page(self, key):
        yield key

    site = site_of(page)
    assert site.poll("/page?key=mine").content == "mine"
    answer = site.poll("/page").json
    assert answer["content"] == answer["key"]


def test_a_function_with_any_fields_gets_none_of_ours():
    def page(self, **fields):
        yield fields

    assert site_of(page).poll("/page?key=1&ack=0&wait=1&restart=0&close=0&a=b&_=17&lastEventId=1").content == {"a": "b"}


def test_fields_of_a_form_are_fields():
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    assert (
        site_of(letters).poll("/page", kind, method="POST", body="key=1").body == '{"state": "ready", "content": "a"}'
    )


@pytest.mark.parametrize("target", ["/page?key=1&colour=red", "/page/1/2"])
def test_arguments_that_do_not_fit_the_generator_are_404_and_begin_nothing(target):
    site = site_of(letters)
    assert site.poll(target).status == 404
    assert site.streams == []


def test_a_missing_argument_is_404_in_the_first_poll_only():
    def page(self, name):
        yield name
        yield "second"

    site = site_of(page)
    assert site.poll("/page?key=1").status == 404
    assert site.poll("/page?key=1&name=x").content == "x"
    assert site.poll("/page?key=1").content == "second"


def test_numbers_of_python_callers_are_text():
    wishes = take_wishes({"key": 7, "ack": 3, "wait": 2.5, "close": 1}, ())
    assert (wishes.key, wishes.ack, wishes.wait, wishes.close) == ("7", 3, 2.5, True)
    with pytest.raises(BadPoll, match="key must be given once"):
        take_wishes({"key": ["1", "2"]}, ())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_poll_may_be_a_post(method):
    assert site_of(letters).poll("/page?key=1", method=method).content == "a"


def test_head_takes_nothing_and_states_no_length():
    site = site_of(letters)
    answer = site.poll("/page?key=1", method="HEAD")
    assert answer.status == 200
    assert answer.get("Content-Type") == "application/json"
    assert answer.get("Content-Length") is None
    assert site.streams == []


def test_other_methods_are_405():
    answer = site_of(letters).poll("/page?key=1", method="PUT")
    assert answer.status == 405
    assert answer.get("Allow") == "GET, HEAD, POST, DELETE, OPTIONS"
