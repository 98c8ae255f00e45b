"""json_yield: nothing is lost, the end is remembered, errors are told."""

from __future__ import annotations

import pytest

from rawwfile.errors import HTTPError, HTTPRedirect, NotFound
from rawwfile.exchange.channel import ENDED, GONE
from rawwfile.settings import Settings
from tests.unit.longpolls import Closing, letters, site_of

# -- nothing lost --------------------------------------------------------------------------------


def test_with_ack_every_answer_says_more():
    site = site_of(letters)
    answer = site.poll("/page?key=1&ack=0").json
    assert list(answer) == ["state", "content", "seq", "count", "key", "age", "ttl", "more", "retry"]
    assert list(answer.values()) == ["ready", "a", 1, 1, "1", 0.0, 60.0, False, 0]


def test_an_answer_is_repeated_as_it_was_until_it_is_acknowledged():
    site = site_of(letters)
    first = site.poll("/page?key=1&ack=0").body
    site.clock.now += 5
    assert site.poll("/page?key=1&ack=0").body == first
    second = site.poll("/page?key=1&ack=1").json
    assert (second["seq"], second["content"], second["age"]) == (2, "b", 5.0)
    assert site.poll("/page?key=1&ack=1").json["content"] == "b"
    assert site.poll("/page?key=1&ack=2").json["content"] == "c"


def test_an_answer_of_a_poll_without_ack_can_be_asked_for_again_too():
    site = site_of(letters, meta=True)
    assert site.poll("/page?key=1").json["seq"] == 1
    assert site.poll("/page?key=1&ack=0").json["content"] == "a"


def test_without_ack_the_next_poll_gets_the_next_item():
    site = site_of(letters)
    site.poll("/page?key=1&ack=0")
    assert site.contents("/page?key=1", 3) == ["b", "c", "d"]


def broken(line):
    """A line whose answer cannot be written."""
    line.failing = True


def left(line):
    """A line whose client left while the answer was made: the kernel took it all the same."""
    line.state = ENDED


def vanished(line):
    line.state = GONE


@pytest.mark.parametrize("what_happens", [broken, left, vanished])
def test_an_answer_that_did_not_arrive_is_kept(what_happens):
    line = None

    def page(self):
        for letter in "abc":
            if letter == "b":
                what_happens(line)
            yield letter

    site = site_of(page)
    assert site.poll("/page?key=1").content == "a"
    lost = site.ask("/page?key=1")
    line = lost.channel
    site.answer(lost)
    assert site.contents("/page?key=1", 2) == ["b", "c"]


def test_a_client_that_ends_its_sending_and_reads_on_gets_each_item_once():
    site = site_of(letters)
    for letter in "abc":
        exchange = site.ask("/page?key=1")
        exchange.channel.state = ENDED
        exchange.channel.answers_with_reset = False
        assert site.answer(exchange).content == letter


def test_what_the_loop_could_not_send_later_is_kept():
    # The engine leaves the rest of a large answer to the loop, and the exchange ends as complete before.
    site = site_of(letters)
    first = site.poll("/page?key=1")
    first.exchange.end = "client-gone"
    assert site.contents("/page?key=1", 2) == ["a", "b"]


def test_an_acknowledged_answer_is_not_repeated_even_if_its_connection_broke():
    site = site_of(letters)
    site.poll("/page?key=1&ack=0").exchange.end = "client-gone"
    assert site.poll("/page?key=1&ack=1").json["content"] == "b"


def test_who_acknowledges_what_is_not_here_has_lost_its_stream():
    site = site_of(letters)
    answer = site.poll("/page?key=1&ack=57")
    assert (answer.status, answer.state) == (410, "expired")
    assert site.streams == []
    assert site.poll("/page?key=1&ack=57&restart=1").json["content"] == "a"


def test_who_acknowledges_more_than_was_ever_sent_speaks_of_another_stream():
    site = site_of(letters)
    site.poll("/page?key=1")
    answer = site.poll("/page?key=1&ack=57")
    assert (answer.status, answer.json["state"], answer.json["seq"]) == (410, "expired", 1)
    assert site.poll("/page?key=1&ack=1").json["content"] == "b"


# -- the end -------------------------------------------------------------------------------------


def test_done_is_remembered_for_ttl():
    site = site_of(letters, ttl=60)
    site.contents("/page?key=1", 6)
    for _ in range(3):
        assert site.poll("/page?key=1").body == '{"state": "done", "content": null}'
        site.clock.now += 19
    site.clock.now += 10
    assert site.poll("/page?key=1").content == "a"


def test_restart_begins_anew_and_closes_the_old_generator():
    made = []

    def page(self):
        made.append(Closing("xyz"))
        return made[-1]

    site = site_of(page)
    site.contents("/page?key=1", 2)
    assert site.poll("/page?key=1&restart=1").content == "x"
    assert [each.closed for each in made] == [1, 0]
    assert site.contents("/page?key=1", 2) == ["y", "z"]
    assert site.poll("/page?key=1").state == "done"
    assert site.poll("/page?key=1&restart=1").content == "x"


@pytest.mark.parametrize(
    ("method", "query"), [("DELETE", "key=1"), ("POST", "key=1&close=1"), ("GET", "key=1&close=1")]
)
def test_a_client_can_end_its_stream(method, query):
    items = Closing("xyz")
    site = site_of(lambda self: items)
    site.poll("/page?key=1")
    assert site.poll(f"/page?{query}", method=method).body == '{"state": "done", "content": null}'
    assert items.closed == 1
    assert site.poll("/page?key=1").state == "done"
    assert items.closed == 1


def test_to_end_what_is_not_there_is_done_and_begins_nothing():
    site = site_of(letters)
    assert site.poll("/page?key=1", method="DELETE").state == "done"
    assert site.streams == []
    assert site.poll("/page?key=1").content == "a"


def test_done_has_a_seq_of_its_own():
    site = site_of(lambda self: iter("a"))
    site.poll("/page?key=1&ack=0")
    done = site.poll("/page?key=1&ack=1").json
    assert (done["state"], done["seq"], done["count"]) == ("done", 2, 1)
    assert site.poll("/page?key=1&ack=2").json["seq"] == 2


# -- errors --------------------------------------------------------------------------------------


def failing(self):
    yield "a"
    raise ValueError("a secret")


def test_an_error_is_500_logged_and_the_end(caplog):
    site = site_of(failing)
    site.poll("/page?key=1")
    answer = site.poll("/page?key=1")
    assert answer.status == 500
    assert answer.body == '{"state": "error", "error": {"type": "ValueError"}}'
    (record,) = (r for r in caplog.records if "raised" in r.getMessage())
    assert "failing raised ValueError" in record.getMessage()
    assert record.exc_info[0] is ValueError
    assert site.poll("/page?key=1").body == '{"state": "done", "content": null}'


@pytest.mark.parametrize("how", ["debug=True", "log level"])
def test_in_debug_mode_the_message_is_told(how):
    settings = Settings(log_level="debug") if how == "log level" else None
    site = site_of(failing, settings, **({"debug": True} if how == "debug=True" else {}))
    site.poll("/page?key=1")
    assert site.poll("/page?key=1").json["error"] == {"type": "ValueError", "message": "a secret"}


def test_debug_can_be_off_on_a_server_that_debugs():
    site = site_of(failing, Settings(log_level="debug"), debug=False)
    site.poll("/page?key=1")
    assert site.poll("/page?key=1").json["error"] == {"type": "ValueError"}


def test_an_error_that_did_not_arrive_is_repeated():
    site = site_of(failing)
    site.poll("/page?key=1&ack=0")
    assert site.poll("/page?key=1&ack=1").json["seq"] == 2
    again = site.poll("/page?key=1&ack=1")
    assert (again.status, again.state) == (500, "error")
    assert site.poll("/page?key=1&ack=2").state == "done"


@pytest.mark.parametrize("item", [object(), {1, 2}, b"bytes", {("a", "b"): 1}], ids=repr)
def test_what_json_cannot_hold_is_an_error(item, caplog):
    items = Closing(["a", item, "b"])
    site = site_of(lambda self: items)
    site.poll("/page?key=1")
    answer = site.poll("/page?key=1")
    assert (answer.status, answer.json["error"]["type"]) == (500, "TypeError")
    assert "raised TypeError" in caplog.text
    assert items.closed == 1
    assert site.poll("/page?key=1").state == "done"


def test_what_holds_itself_is_an_error():
    item = []
    item.append(item)
    assert site_of(lambda self: iter([item])).poll("/page?key=1").json["error"]["type"] == "ValueError"


def test_an_item_larger_than_max_bytes_is_an_error():
    site = site_of(lambda self: iter(["x" * 90, "x" * 200]), max_bytes=100, debug=True)
    assert site.poll("/page?key=1").status == 200
    assert "more than max_bytes=100" in site.poll("/page?key=1").json["error"]["message"]


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (NotFound("no such list"), 404, "no such list"),
        (HTTPError(503, "later"), 503, "later"),
        (HTTPError(403), 403, None),
    ],
)
def test_an_http_error_of_the_generator_keeps_its_status_and_message(error, status, told):
    def page(self):
        raise error
        yield

    site = site_of(page)
    answer = site.poll("/page?key=1")
    assert answer.status == status
    assert answer.json["error"].get("message") == told
    assert site.poll("/page?key=1").state == "done"


def test_a_redirect_of_the_generator_is_one():
    def page(self):
        raise HTTPRedirect("/login")
        yield

    answer = site_of(page).poll("/page?key=1")
    assert (answer.status, answer.get("Location")) == (303, "/login")


def test_what_the_function_raises_before_it_has_a_generator_is_an_error_page():
    def page(self):
        raise HTTPError(403, "members only")

    site = site_of(page)
    answer = site.poll("/page?key=1")
    assert answer.status == 403
    assert "members only" in answer.body
    assert site.streams == []


@pytest.mark.parametrize("value", [None, "text", b"bytes", {"a": 1}, 7])
def test_what_is_no_generator_is_an_error_that_says_so(value, caplog):
    def page(self):
        return value

    site = site_of(page)
    assert site.poll("/page?key=1").status == 500
    assert f"returned {type(value).__name__}" in caplog.text
    assert site.streams == []
