"""What a browser makes of long polls: the example, and the client that rawwfile brings along."""

from __future__ import annotations

import pytest

from rawwfile.adapters.interface import application_for
from rawwfile.adapters.load import load_target
from rawwfile.streaming.longpoll.decorator import JsonYield
from rawwfile.streaming.longpoll.registry import Registry
from tests.browser.test_chromium import open_page, open_tab, tabs_closed, until
from tests.commands import CHECKOUT

LOAD = """
const done = arguments[0]
const script = document.createElement("script")
script.src = "/client.js"
script.onload = () => done(true)
document.head.append(script)
"""

COLLECT = """
const [url, options, done] = arguments, got = []
const run = async () => { for await (const item of jsonYield(url, options)) got.push(item) }
run().then(() => done([got, "over"]), error => done([got, error.state, error.message]))
"""
"""Everything that a long poll gives, and how it ended."""


POLL = "(async () => { for await (const item of jsonYield('/page', {pause: 50})) window.got = item })()"


@pytest.fixture
def site(serve):
    """Serves methods as a page tree, with the client; site.polls is their json_yield."""

    class Starter:
        polls = JsonYield(Registry())

        def __call__(self, *pages):
            names = {page.__name__: page for page in pages}
            self.live = serve(
                application_for(type("Root", (), {**names, "client_js": self.polls.client_js})(), "pages")
            )
            return self.live

    starter = Starter()
    yield starter
    starter.polls.close_all()


def collect(chromium, live, url, options=None):
    """What the client gives for `url`, in a new tab."""
    open_tab(chromium, live.url("/client.js"))
    assert chromium.execute_async_script(LOAD)
    return chromium.execute_async_script(COLLECT, url, options or {})


def test_the_example_shows_prime_numbers_as_they_come_and_stops(chromium, serve):
    target = load_target(f"{CHECKOUT / 'legacy_examples' / 'long_poll.py'}:root")
    live = serve(application_for(target, "pages"))
    with tabs_closed(chromium):
        open_tab(chromium, live.url("/"))
        until(chromium, "document.getElementById('primes').textContent.startsWith('3 5 7 11 13 ')")
        chromium.execute_script("document.getElementById('stop').click()")
        until(chromium, "document.getElementById('state').textContent == 'polling: over'")


def test_the_jquery_page_says_what_it_lacks(chromium, serve):
    target = load_target(f"{CHECKOUT / 'legacy_examples' / 'long_poll_jquery.py'}:root")
    live = serve(application_for(target, "pages"))
    with tabs_closed(chromium):
        open_tab(chromium, live.url("/"))
        until(chromium, "document.getElementById('status').textContent.startsWith('jQuery is missing')")


def test_every_item_comes_once_to_the_end(chromium, site):
    def page(self):
        yield from range(20)

    live = site(site.polls(page))
    with tabs_closed(chromium):
        assert collect(chromium, live, "/page") == [list(range(20)), "over"]
    assert {each.state for each in site.polls.streams()} == {"done"}


def test_an_answer_that_is_lost_is_asked_for_again(chromium, site):
    def page(self):
        yield from "abc"

    lost = []
    polled = site.polls(page)

    def flaky(self, **fields):
        answer = polled(self, **fields)
        if fields["ack"] == "1" and not lost:
            lost.append(answer)
            raise RuntimeError("the answer is made, and does not get out")
        return answer

    flaky.exposed = True
    live = site(flaky)
    with tabs_closed(chromium):
        assert collect(chromium, live, "/flaky") == [["a", "b", "c"], "over"]
    assert len(lost) == 1


def test_an_error_and_an_expired_stream_are_errors(chromium, site):
    def failing(self):
        yield "a"
        raise ValueError("b")

    def page(self):
        yield "a"
        site.polls.close_all()
        yield "b"

    live = site(site.polls(debug=True)(failing), site.polls(page))
    with tabs_closed(chromium):
        assert collect(chromium, live, "/failing") == [["a"], "error", "/failing: b"]
        got, state, _ = collect(chromium, live, "/page")
    assert (got, state) == (["a"], "expired")


def test_a_page_that_is_left_ends_its_stream(chromium, site):
    def page(self):
        while True:
            yield "a"

    live = site(site.polls(page))
    with tabs_closed(chromium):
        open_tab(chromium, live.url("/client.js"))
        assert chromium.execute_async_script(LOAD)
        chromium.execute_script(POLL)
        until(chromium, "window.got == 'a'")
        open_page(chromium, live.url("/client.js?again"))
        count = 0
        while not any("close=1" in entry.request_line for entry in live.book.entries):
            count = len(live.book.wait_entries(count + 1))
    assert [each.state for each in site.polls.streams()] == ["done"]


def test_the_same_stream_by_event_source(chromium, site):
    def page(self):
        yield from "abc"

    live = site(site.polls(page))
    with tabs_closed(chromium):
        open_tab(chromium, live.url("/client.js"))
        got = chromium.execute_async_script("""
            const done = arguments[0], got = [], source = new EventSource("/page")
            source.onmessage = ({data, lastEventId}) => got.push([JSON.parse(data).content, lastEventId])
            source.onerror = () => { if (source.readyState == EventSource.CLOSED) done(got) }
        """)
    assert [content for content, _ in got] == ["a", "b", "c", None]
    assert got[-1][1] == "end"
