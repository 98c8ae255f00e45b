"""The inspector's page: what a newcomer meets, live data, breaking and comparing, keys, TLS."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from rawwfile import response
from rawwfile.glass.inspector import Inspector
from rawwfile.glass.pieces import PiecesError, pieces_from_text, text_from_pieces
from rawwfile.tape.model import Tape
from tests.browser.glass_page import GlassPage, glass_page
from tests.commands import CHECKOUT, PATIENCE, running
from tests.glass.inspecting import Watched, watching
from tests.glass.test_pieces import TEXTS
from tests.live import Authority, Live


@pytest.fixture
def page(chromium: Any, tmp_path: Path) -> Iterator[GlassPage]:
    """The page, not opened yet."""
    with glass_page(chromium, tmp_path) as found:
        yield found


@pytest.fixture
def watched() -> Iterator[Watched]:
    """A watched server with the page /hello."""
    with watching(application="a test", visits=[{"path": "/hello", "title": "The page /hello"}]) as found:
        yield found


def test_a_newcomer_finds_howto_20_and_sees_its_gaps_and_who_wrote(page: GlassPage, tmp_path: Path) -> None:
    with running("demo", "--wire=web", "--port", "0", cwd=tmp_path) as demo:
        page.open(demo.wait_for(r"(http://\S+/\?t=\S+)")[1])
        page.shot("newcomer-1-begin")
        page.is_accessible()
        page.click("Visit /howto20/")
        page.until_bytes("out", "First line.")
        page.shot("newcomer-2-first-line")
        page.until_bytes("out", "Third and last line")
        page.until_text(".verdict-line", "open-ended")
        gaps = page.texts(".gap-text")
        assert len(gaps) == 2 and all(gap.startswith("nothing for 2.") for gap in gaps), gaps
        source = (CHECKOUT / "legacy_examples" / "howto20.py").read_text("utf-8").splitlines()
        lines = [str(number) for number, line in enumerate(source, 1) if "wfile.write(" in line]
        assert [by.rpartition(":")[2] for by in page.texts(".head.out .by")] == lines
        page.until_text(".notes", "Only closing can end it")
        page.shot("newcomer-3-three-lines")


def test_lines_are_on_the_page_before_the_next_is_written(page: GlassPage, watched: Watched) -> None:
    turn = [threading.Event(), threading.Event()]

    @watched.page_of
    def slowly() -> str:
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\n\r\none\n")
        for event, line in zip(turn, ("two\n", "three\n"), strict=True):
            assert event.wait(PATIENCE)
            response.wfile.write(line)
        return ""

    page.open(watched.inspector.url)
    ask = threading.Thread(target=watched.fetch, args=("/slowly",))
    ask.start()
    try:
        page.until_text(".item", "/slowly")
        page.point(".item")
        page.until_bytes("out", "one")
        page.until_text(".verdict-line", "open")
        assert "two" not in "".join(page.texts(".row.bytes.out .text"))
        turn[0].set()
        page.until_bytes("out", "two")
        assert "three" not in "".join(page.texts(".row.bytes.out .text"))
        page.shot("live-second-line")
    finally:
        for event in turn:
            event.set()
        ask.join(PATIENCE)
    page.until_bytes("out", "three")
    page.until_text(".verdict-line", "open-ended")


def test_a_response_is_broken_compared_and_mended(page: GlassPage, watched: Watched) -> None:
    page.open(watched.inspector.url)
    page.select(".send-part .part-head select", "Hello, with a length")
    page.select(".break-tools select", "Length plus one")
    page.click("Break it")
    page.until_text(".result-break ins", "6")
    assert page.texts(".result-break del") == ["5"]
    assert "Content-Length: 6" in page.run("return document.querySelector('textarea.bytes-text').value")
    page.shot("break-1-length")
    page.click("Who notices?")
    page.find("table.compare")
    clients = [name.split()[0] for name in page.texts(".compare tbody th")]
    readings = dict(zip(clients, page.texts(".compare .reading strong"), strict=True))
    assert set(readings) >= {"http.client", "curl", "chromium", "rawwfile"}, readings
    assert readings["http.client"] == "IncompleteRead" and readings["rawwfile"] == "short", readings
    noticed = dict(zip(clients, page.texts(".compare td.noticed"), strict=True))
    assert noticed["http.client"] == "! notices" and noticed["chromium"] == "? does not say", noticed
    page.until_text(".result-compare p", "3 of 4 notice that something is wrong: http.client, curl, rawwfile.")
    page.until_text("#announcer", "Compared")
    page.is_accessible()
    page.shot("break-2-compared")
    page.click("Serve it at /lab/now and visit it")
    page.until_text(".verdict-line", "short")
    page.until_text(".notes .note-bad", "Content-Length")
    page.shot("break-3-served")
    page.click("Undo")
    assert "Content-Length: 5" in page.run("return document.querySelector('textarea.bytes-text').value")


def test_the_next_visitor_gets_the_bytes_of_the_send_box(page: GlassPage, watched: Watched) -> None:
    page.open(watched.inspector.url)
    page.select(".send-part .part-head select", "Chunked by hand")
    page.click("Answer the next /lab/now")
    page.click("Visit it now")
    page.until_text(".row.bytes.out .meaning", "chunk of 7 bytes")
    page.until_text(".verdict-line", "complete")
    page.click("Edit or break the request")
    page.until("document.querySelector('textarea.bytes-text').value.startsWith('GET /lab/now HTTP/1.1\\\\r\\\\n')")
    page.click("Send")
    page.until_text(".result-reply", "What came back")
    page.shot("send-box")


def test_everything_is_reached_by_keys(page: GlassPage, watched: Watched) -> None:
    watched.fetch()
    watched.fetch("/hello?second")
    page.open(watched.inspector.url)
    page.keys(Keys.TAB)
    assert page.run("return document.activeElement.textContent") == "Skip to the exchanges"
    page.keys(Keys.ENTER)
    page.keys("1")
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    page.until_text("#stream-title", "/hello")
    page.until("!document.querySelector('#stream-title').textContent.includes('second')")
    page.keys("2")
    page.until_text(".readout", "method")
    page.keys(Keys.ARROW_DOWN)
    page.until_text(".readout", "field name")
    page.keys("]", "]", "]")
    page.until_text(".readout", "field value")
    page.keys(Keys.SHIFT, Keys.ARROW_RIGHT, Keys.NULL)
    page.keys(Keys.CONTROL, Keys.END, Keys.NULL)
    page.until_text(".read-bytes", "6f = “o”")
    page.shot("keys-last-byte")
    page.keys("3")
    page.until("document.activeElement.matches('.note-go')")
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ENTER)
    page.until("document.querySelectorAll('.run.selected').length > 0")
    page.keys("?")
    page.find("dialog[open]")
    page.is_accessible()
    page.shot("keys-help")
    page.keys(Keys.ESCAPE)
    page.until("!document.querySelector('dialog[open]')")
    assert not page.run("return document.querySelector('.send-part:not(.closed)')")
    page.find(".fold").send_keys(Keys.ENTER)
    page.keys("4")
    page.until("document.activeElement.matches('textarea')")
    page.keys(Keys.CONTROL, "a", Keys.NULL)
    page.keys("HTTP/1.1 204 No Content", Keys.ENTER, Keys.ENTER)
    assert page.run("return document.activeElement.value") == "HTTP/1.1 204 No Content\\r\\n\n\\r\\n\n"
    page.keys(Keys.CONTROL, Keys.ENTER, Keys.NULL)
    page.until_text(".result-reply", "Armed")


def test_a_whole_connection_has_a_heading_for_each_exchange(page: GlassPage, watched: Watched) -> None:
    request = "GET /hello?{} HTTP/1.1\r\nHost: a\r\nConnection: {}\r\n\r\n"
    watched.send(request.format(1, "keep-alive").encode() + request.format(2, "close").encode())
    page.open(watched.inspector.url)
    page.point(".item")
    page.until_bytes("in", "GET /hello?2 HTTP/1.1")
    assert "GET /hello?1" not in "".join(page.texts(".row.bytes.in .text"))
    page.switch("connection")
    page.until_bytes("in", "GET /hello?1 HTTP/1.1")
    page.until_text(".row.mark", "Exchange 2: GET /hello?2")
    page.is_accessible()
    page.shot("whole-connection")
    page.click("Copy as curl")
    page.until_text("#announcer", "curl command")


def test_bytes_are_named_under_the_pointer_and_filters_narrow_the_list(page: GlassPage, watched: Watched) -> None:
    watched.fetch()
    watched.send(b"GET /hello HTTP/1.1\nHost: a\r\n\r\n")
    page.open(watched.inspector.url)
    page.find("#filter-text").send_keys("400")
    page.until("document.querySelectorAll('.item').length === 1")
    page.point(".item")
    page.until_text(".notes", "bad")
    page.run("document.querySelector('.note-bad summary').click()")
    page.until("document.querySelector('.note-bad details').innerText.length > 40")
    page.point(".note-bad .note-go")
    page.until("document.querySelectorAll('.run.selected').length > 0")
    page.switch("hex")
    page.until_text(".row.bytes .hex", "47 45 54")
    page.point(".row.bytes .hex .run")
    page.until_text(".readout", "method (0 to 2)")
    page.until("document.querySelector('.run.hovered')")
    page.is_accessible()
    page.shot("refused-hex")
    page.switch("lines")
    page.switch("connections")
    page.until("document.querySelectorAll('.item').length === 0")
    page.find("#filter-text").send_keys(Keys.CONTROL, "a", Keys.NULL, Keys.DELETE)
    page.until("document.querySelectorAll('.item').length === 2")


def test_the_tape_is_paused_saved_opened_and_cleared(page: GlassPage, watched: Watched, tmp_path: Path) -> None:
    watched.fetch("/hello?first")
    page.open(watched.inspector.url)
    page.until_text(".item", "?first")
    page.click("Pause")
    watched.fetch("/hello?second")
    page.until_text(".live", "paused")
    # The event has come when the inspector's answer to a later question is here.
    page.module("api.js", "module.getJson('api/exchanges?from=0&count=9').then(each => each.total)")
    assert len(page.texts(".item")) == 1
    page.click("Pause")
    page.until_text(".item", "?second")
    saved = page.module("api.js", "fetch(document.querySelector('a[download]').href).then(each => each.text())")
    (tmp_path / "saved.wire").write_text(saved, "utf-8")
    page.click("Clear")
    page.until_text(".list-box", "Nothing has crossed the wire yet")
    page.find("input[type=file]").send_keys(str(tmp_path / "saved.wire"))
    page.until_text(".loaded", "saved.wire")
    page.until_text(".item", "?second")
    page.point(".item")
    page.until_bytes("out", "hello")
    page.shot("opened-wire-file")
    page.click("Back to the live tape")
    page.until_text(".list-box", "Nothing has crossed the wire yet")
    (tmp_path / "bad.wire").write_text("no recording", "utf-8")
    page.find("input[type=file]").send_keys(str(tmp_path / "bad.wire"))
    page.until_text(".trouble", "bad.wire")


def test_tls_shows_both_sides_of_the_cipher(page: GlassPage, authority: Authority) -> None:
    tape = Tape()
    live = Live("https", authority, tape=tape).start()
    inspector = Inspector(tape, server_address=live.server.server_address, scheme="https")
    try:
        live.page(index)
        context = authority.client_context()
        with live.connect(context) as client:
            client.fetch()
        page.open(inspector.start())
        page.point(".item")
        page.until_text(".tls-card", "localhost")
        page.until_text(".tls-card", "http/1.1")
        page.until_text(".tls-card", "ClientHello")
        page.until_bytes("in", "GET / HTTP/1.1")
        page.switch("cipher")
        page.until_text(".row.bytes.in .hex", "16 03 01")
        page.until("document.querySelector('.k-tls-record-header')")
        page.until_text(".row.mark", "TLS record: handshake, ClientHello")
        page.until_text(".records", "application data, ")
        page.run("document.querySelectorAll('.tls-card details').forEach(each => { each.open = true })")
        page.until_text(".chain dd", "localhost")
        assert page.texts(".chain dt")[:3] == ["good for", "belongs to", "signed by"]
        page.is_accessible()
        page.shot("tls-cipher")
        page.switch("plain")
        page.until_bytes("in", "GET / HTTP/1.1")
        page.shot("tls-plain")
    finally:
        inspector.stop()
        live.stop()


def index() -> str:
    """The page / of the server with TLS."""
    return "hello"


def test_the_text_of_the_send_box_means_the_same_as_in_python(page: GlassPage, watched: Watched) -> None:
    page.open(watched.inspector.url)
    read = """(() => { try {
        return module.piecesFromText(given[0]).map(({data, pause}) => [[...data], pause])
    } catch (error) { return error.message } })()"""
    for text, pieces in TEXTS:
        assert page.module("pieces.js", read, text) == [[list(data), pause] for data, pause in pieces], text
    for text in ("ab\n c\\q", "\\x4", "[pause soon]", "\U0001f600\u00e9\\q"):
        with pytest.raises(PiecesError) as caught:
            pieces_from_text(text)
        assert page.module("pieces.js", read, text).partition(":")[0] == str(caught.value).partition(":")[0]
    write = "module.textFromPieces(given[0].map(([data, pause]) => ({data: Uint8Array.from(data), pause})))"
    some = bytes(range(256)) + "caf\u00e9 \u200b".encode() + b"\r\n x\r\r\n [pause 1]\n"
    for _, pieces in [*TEXTS, ("", [(some, 0.0)])]:
        text = page.module("pieces.js", write, [[list(data), pause] for data, pause in pieces])
        assert pieces_from_text(text) == [piece for piece in pieces if piece[0] or piece[1]], text
        assert len(pieces) != 1 or b"\x80" in pieces[0][0] or text == text_from_pieces(pieces_from_text(text))


def test_the_printed_page_is_a_hand_out(page: GlassPage, watched: Watched) -> None:
    watched.fetch()
    page.open(watched.inspector.url)
    page.point(".item")
    page.until("document.querySelector('#handout').dataset.exchange")
    page.medium("print")
    page.until("getComputedStyle(document.querySelector('#handout')).display === 'block'")
    assert page.run("return getComputedStyle(document.querySelector('main')).display") == "none"
    said = page.run("return document.querySelector('#handout').innerText")
    assert "request line" in said and "GET /hello HTTP/1.1" in said and "The notes" in said, said
    page.shot("print")
    page.medium("")
    assert base64.b64decode(page.pdf()).startswith(b"%PDF-")
    (page.shots / "print.pdf").write_bytes(base64.b64decode(page.pdf()))


