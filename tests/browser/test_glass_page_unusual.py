"""The inspector's page and what a class meets on odd days: lost streams, failed handshakes, strange bytes, attacks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from rawwfile import response
from rawwfile.glass.inspector import Inspector
from rawwfile.glass.pieces import Piece
from rawwfile.glass.sender import send
from rawwfile.tape.model import Tape
from tests.browser.glass_page import GlassPage, glass_page
from tests.commands import PATIENCE
from tests.glass.fake_inspector import FakeInspector, row
from tests.glass.inspecting import Watched, watching
from tests.live import Authority, Live

ODD = "Gr\u00fc\u00dfe \U0001f600 \u05e9\u05dc\u05d5\u05dd e\u0301"
"""Beyond ASCII, beyond 16 bits, from right to left, and combining."""


@pytest.fixture
def page(chromium: Any, tmp_path: Path) -> Iterator[GlassPage]:
    """The page, not opened yet."""
    with glass_page(chromium, tmp_path) as found:
        yield found


@pytest.fixture
def watched() -> Iterator[Watched]:
    """A watched server with the page /hello."""
    with watching() as found:
        yield found


@pytest.mark.parametrize(
    "refused, said",
    [({"events": 403, "mark.svg": 403}, "rawwfile was started anew: open the address"),
     ({"events": 503}, "rawwfile does not answer")],
    ids=["another run", "too many pages"],
)  # fmt: skip
def test_a_page_whose_events_are_refused_says_why_and_asks_again(
    page: GlassPage, refused: dict[str, int], said: str
) -> None:
    with FakeInspector(refused=dict(refused)) as fake:
        page.open(fake.url)
        page.until_text(".live", said)
        page.is_accessible()
        page.shot(f"refused-events-{refused['events']}")
        fake.refused.clear()
        page.until("document.querySelector('.live').textContent.trim() === '● live'")


def test_after_a_stream_was_cut_nothing_is_lost_and_nothing_doubled(page: GlassPage, watched: Watched) -> None:
    news = watched.inspector._news
    assert news is not None
    whole, starts = news.events, []

    def cut(last_event_id: str | None) -> Iterator[Any]:
        starts.append(last_event_id)
        for number, event in enumerate(whole(last_event_id)):
            yield event
            if len(starts) == 1 and number == 1:
                return  # after the first news

    news.events = cut  # type: ignore[method-assign]
    page.open(watched.inspector.url)
    for number in range(5):
        watched.fetch(f"/hello?{number}")
    page.until("document.querySelectorAll('.item').length >= 5")
    page.until_text(".live", "live")
    watched.fetch("/hello?last")
    page.until_text(".item", "?last")
    assert [text.partition("?")[2] for text in page.texts(".item-line")] == ["last", "4", "3", "2", "1", "0"]
    page.until_text(".count", "6 exchanges")
    assert len(starts) == 2 and starts[1] is not None


def test_a_handshake_that_failed_is_found_and_shows_its_bytes(page: GlassPage, authority: Authority) -> None:
    tape = Tape()
    live = Live("https", authority, tape=tape).start()
    try:
        address = live.server.server_address
        with closing(tape.follow()) as follower:
            send(address[:2], [Piece(b"GET /plain HTTP/1.1\r\n\r\n")], read=PATIENCE)
            while events := follower.next(PATIENCE):
                if any(event.kind == "closed" for event in events):
                    break
            assert events, "the connection is not closed"
        with Inspector(tape, server_address=address, scheme="https") as inspector:
            page.open(inspector.url)
            page.until_text(".list-box", "No exchange yet, but 1 connection")
            page.switch("connections")
            page.point(".item")
            page.until_bytes("in", "GET /plain")
            assert page.run("return document.querySelector('.switcher input[value=cipher]').checked")
            page.until_text(".note-bad", "Plain text on a TLS port")
            page.find(".mark-in")
            page.shot("failed-handshake")
            page.switch("plain")
            page.until_text(".row.empty", "No plain bytes")
            page.is_accessible()
    finally:
        live.stop()


SPANS = """(async () => {
    const ranges = new module.Ranges(1, "out", "plain", () => {}), tell = () => ranges.spans(65000, 66000)
    ranges.grew(given[0])
    await ranges.fetch(65000, 66000)
    const fine = tell()
    ranges.blocks.get(1).spans = [[0, given[0], "content"]]
    return [fine, tell()]
})()"""
"""The spans on both sides of the border of two blocks; and again, with the second block known less finely."""


def test_spans_at_the_border_of_two_blocks_are_told_once(page: GlassPage, watched: Watched) -> None:
    content = b"".join(b"data: tick %05d of many, with some more text\n\n" % number for number in range(2000))

    @watched.page_of
    def ticks() -> str:
        response.sendResponse = 0
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n"
        response.wfile.write(head % len(content) + content)
        return ""

    reply = watched.fetch("/ticks")
    page.open(watched.inspector.url)
    for spans in page.module("ranges.js", SPANS, len(reply.data)):
        assert spans[0][0] <= 65000 and spans[-1][1] >= 66000
        assert [start for start, _, _ in spans[1:]] == [end for _, end, _ in spans[:-1]]
    page.point(".item")
    page.until_bytes("out", "tick 00000")
    page.find(".stream-box").send_keys(Keys.CONTROL, Keys.END)
    page.until_bytes("out", "tick 01999")


READABLE = [
    (ODD.encode(), ODD),
    (b"<script>alert(1)</script>", "<script>alert(1)</script>"),
    (b"\x00\x1b\r\n\x7f", r"\0\x1b\r\n\x7f"),
    (rb"a\nb", r"a\\nb"),
    # What turns the order of letters around, and what nobody sees.
    ("\u202egnp\u202c".encode(), r"\xe2\x80\xaegnp\xe2\x80\xac"),
    ("\ufeff\xa0\u200b\x85".encode(), r"\xef\xbb\xbf\xc2\xa0\xe2\x80\x8b\xc2\x85"),
    # No UTF-8: among what is, too long, a half of a pair, unfinished.
    (b"\xff\xc3\xbc\xc3", "\\xff\u00fc\\xc3"),
    (b"\xc0\xaf\xed\xa0\x80\xe2\x82", r"\xc0\xaf\xed\xa0\x80\xe2\x82"),
    ("\ufffd".encode(), "\ufffd"),
]


def test_bytes_are_read_as_text_where_that_hides_none(page: GlassPage) -> None:
    with FakeInspector() as fake:
        page.open(fake.url)
        for data, text in READABLE:
            assert page.module("chars.js", "module.readable(Uint8Array.from(given[0]))", list(data)) == text


def test_what_is_told_out_of_order_is_listed_in_order(page: GlassPage) -> None:
    with FakeInspector(rows=[row(1)]) as fake:
        page.open(fake.url)
        page.until_text(".live", "live")
        for number in (4, 2, 3):
            fake.push("exchange", row(number))
        listed = "[...document.querySelectorAll('.item-line')].map(each => each.textContent).join()"
        page.until(f"{listed} === arguments[0]", "GET /page/4,GET /page/3,GET /page/2,GET /page/1")


def test_what_came_back_is_shown_with_all_its_bytes(page: GlassPage, watched: Watched) -> None:
    @watched.page_of
    def odd() -> bytes:
        return f"{ODD} \u202egnp\u202c\n".encode() + b"\xff\\n" + b"." * 5000

    page.open(watched.inspector.url)
    write(page, "GET /odd HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n")
    page.click("Send")
    page.until_text(".result-reply pre", f"{ODD} \\xe2\\x80\\xaegnp\\xe2\\x80\\xac\\n\n\\xff\\\\n...")
    page.until_text(".result-reply .hint", "These are the first 4.0 kB")
    page.shot("odd-reply")


def test_the_send_box_says_what_is_wrong_and_waits_for_nothing(page: GlassPage, watched: Watched) -> None:
    page.open(watched.inspector.url)
    write(page, "one\\r\\n\n\U0001f600\U0001f600\\xZZ")
    page.until_text(".editor-status", r"line 2, column 3: \xZZ is no escape")
    write(page, "GET / HTTP/1.1\nHost: a\n\n")
    page.until_text(".editor-status", "no line end among them")
    write(page, "[pause 61]\nx")
    page.until_text(".editor-status", "1 byte in 1 piece, 61 s of pauses")
    assert "line end" not in page.texts(".editor-status")[0]
    page.click("Send")
    page.until_text(".results .wrong", "a pause is 0 to 60 seconds")
    assert page.texts(".result-reply") == []
    page.shot("refused-pause")


def write(page: GlassPage, text: str) -> None:
    """Have this text in the send box, as a request."""
    page.switch("request")
    area = "const area = document.querySelector('textarea.bytes-text')"
    page.run(f"{area}; area.value = arguments[0]; area.dispatchEvent(new Event('input'))", text)


def test_an_exchange_without_a_response_offers_none_to_break(page: GlassPage, watched: Watched) -> None:
    @watched.page_of
    def nothing() -> None:
        response.sendResponse = 0

    watched.fetch("/nothing")
    page.open(watched.inspector.url)
    page.point(".item")
    page.until_text(".actions-card", "Edit or break the request")
    assert "Edit or break the response" not in page.texts(".actions-card button")
    page.until("document.querySelectorAll('.verdict-card .facts dd')[1].textContent === 'none'")
    page.shot("nothing-written")


def test_a_hand_out_says_how_much_was_written_although_it_shows_less(page: GlassPage, watched: Watched) -> None:
    @watched.page_of
    def long() -> bytes:
        return b"x" * 60_000

    watched.fetch("/long")
    page.open(watched.inspector.url)
    page.point(".item")
    page.until("document.querySelector('#handout').dataset.exchange")
    assert page.run("return document.querySelector('#handout .head.out .much').textContent") == "60 kB sent"
    page.until_text("#stream-part .head.out .much", "60 kB sent")
    assert "The rest is left out here." in page.run("return document.querySelector('#handout').textContent")
    page.medium("print")
    page.shot("print-long")


ATTACK = """
const [page, done] = arguments, sure = promise => promise.then(() => "let in", () => "kept out")
const heard = what => new Promise((open, error) => Object.assign(what, {onopen: open, onerror: error}))
const send = {method: "POST", mode: "no-cors", credentials: "include", body: "{}"}
Promise.all([
    fetch(`${page}/wire/api/state`, {credentials: "include"}),
    fetch(`${page}/wire/api/state`, {mode: "no-cors", credentials: "include"}),
    fetch(`${page}/wire/api/clear`, send),
    fetch(`${page}/wire/api/clear`, {...send, mode: "cors", headers: {"X-Rawwfile": "1"}}),
    import(`${page}/wire/assets/api.js`),
    heard(new EventSource(`${page}/wire/api/events`, {withCredentials: true})),
    heard(new WebSocket(`${page.replace("http", "ws")}/wire/api/events`)),
].map(sure)).then(done)
"""
"""What a page of another port of this machine may try; the cookie goes along, for cookies know no ports."""


def test_a_page_of_another_site_gets_in_nowhere(page: GlassPage, watched: Watched) -> None:
    watched.fetch("/hello?kept")
    page.open(watched.inspector.url)
    page.until_text(".item", "?kept")
    host, port = watched.server.server_address[:2]
    page.browser.get(f"http://{host}:{port}/hello")
    page.until("location.port === arguments[0] && document.readyState === 'complete'", str(port))
    assert page.browser.execute_async_script(ATTACK, watched.page.origin) == ["kept out"] * 7
    page.open(f"{watched.page.origin}/wire/")
    page.until_text(".item", "?kept")


MARKUP = "<img/src=x/onerror=alert(1)><script>alert(2)</script>"


def test_markup_is_shown_and_never_run(page: GlassPage, watched: Watched) -> None:
    @watched.page_of
    def evil() -> None:
        response.sendResponse = 0
        response.wfile.write(
            f"HTTP/1.1 200 {MARKUP}\r\nX-{MARKUP}: 1\r\nContent-Type: text/html; charset={MARKUP}\r\n"
            f'Content-Disposition: attachment; filename="{MARKUP}"\r\n\r\n{MARKUP}'
        )

    watched.fetch(f"/evil?{MARKUP}", f"User-Agent: {MARKUP}\r\n")
    page.open(watched.inspector.url)
    page.point(".item")
    page.until_text("#stream-title", MARKUP)
    page.until_bytes("out", f"HTTP/1.1 200 {MARKUP}")
    page.until_text(".note-bad", "<img/src=x/onerror=alert(1)>")
    page.until_text("#side-part", "open-ended")
    page.click("Edit or break the response")
    page.until("document.querySelector('textarea.bytes-text').value.includes(arguments[0])", MARKUP)
    page.find("#filter-text").send_keys(MARKUP)
    page.until("document.querySelectorAll('.item').length === 1")
    page.until("document.querySelector('#handout').textContent.includes(arguments[0])", MARKUP)
    assert page.run("return document.querySelectorAll('img[src=x], script:not([src])').length") == 0
    page.shot("markup")
