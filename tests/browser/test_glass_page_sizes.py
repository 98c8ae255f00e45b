"""The inspector's page with much on the tape, in small windows, enlarged, and in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.glass_page import GlassPage, glass_page
from tests.glass.fake_inspector import FakeInspector, FakeStream, connection, row
from tests.glass.inspecting import watching

MOST_ELEMENTS = 4000
"""Of all the page, whatever is on the tape."""
CONTENT = 100_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"
WRITE = 65_536


@pytest.fixture
def page(chromium: Any, tmp_path: Path) -> Iterator[GlassPage]:
    """The page, not opened yet."""
    with glass_page(chromium, tmp_path) as found:
        yield found


def test_ten_thousand_exchanges(page: GlassPage) -> None:
    rows = [row(number) for number in range(1, 10_001)]
    with FakeInspector(rows=rows) as fake:
        add_small(fake, rows[0])
        page.open(fake.url)
        page.until_text(".count", "10,000 exchanges")
        assert elements(page) < MOST_ELEMENTS
        page.find(".list-box").send_keys(Keys.END)
        page.until_text(".item.chosen", "/page/1")
        page.until_bytes("out", "hello")
        assert page.run("return document.querySelectorAll('.item').length") < 60
        assert page.texts(".notes-card h3 small") == ["1 good"]
        assert page.texts(".second-opinion summary")[0] == "Second opinion: httplint, 1 warning"
        page.shot("ten-thousand")
        page.keys("2")
        page.until_text(".readout", "method")
        # The page is told to load all anew, and what is looked at stays.
        fake.rows.append(row(10_001, target="/anew"))
        fake.push("missed", {})
        page.until_text(".count", "10,001 exchanges")
        page.until_text(".readout", "method")
        assert page.texts("#stream-title") == ["GET /page/1"]
        fake.rows.pop()
        page.find("#filter-text").send_keys("/page/777")
        page.until_text(".count", "11 exchanges")
        fake.push("exchange", row(10_001, target="/page/7777/late", open=True, duration=None))
        page.until_text(".count", "12 exchanges")
        page.until_text(".item", "/page/7777/late")
        assert elements(page) < MOST_ELEMENTS


@pytest.mark.parametrize("mode", ["hex", "lines"])
def test_a_response_of_100_megabytes(page: GlassPage, mode: str) -> None:
    big = row(1, target="/big", out=len(HEAD) + CONTENT, request=[0, 18], response=[0, len(HEAD) + CONTENT])
    with FakeInspector(rows=[big]) as fake:
        fake.streams[1, "in"] = FakeStream.of([(b"GET /big HTTP/1.1\n", "method")])
        spans = [(0, len(HEAD) - 2, "field-value"), (len(HEAD) - 2, len(HEAD), "blank-line")]
        fake.streams[1, "out"] = FakeStream(
            len(HEAD) + CONTENT, numbered, [*spans, (len(HEAD), len(HEAD) + CONTENT, "content")]
        )
        end = len(HEAD) + CONTENT
        writes = [
            [2 + at // WRITE, "out", "plain", at, min(WRITE, end - at), 0.0, None] for at in range(0, end, WRITE)
        ]
        fake.connections[1] = connection(1, [big], [[1, "in", "plain", 0, 18, 0.0, None], *writes])
        page.open(fake.url)
        page.point(".item")
        page.switch(mode)
        page.until_bytes("out", "HTTP/1.1 200")
        page.find(".stream-box").send_keys(Keys.CONTROL, Keys.END)
        # The last line of the content is its ten-millionth.
        page.until_bytes("out", "009999999")
        page.until_text(".readout", f"byte {len(HEAD) + CONTENT - 1:,}")
        page.until_text(".read-what", f"content ({len(HEAD):,} to {len(HEAD) + CONTENT - 1:,})")
        if mode == "lines":
            # Far from the beginning too a row is a line, as soon as its bytes are here.
            each = "[...document.querySelectorAll('#stream-part .row.bytes.out .text')]"
            page.until(f"{each}.every(row => /^[0-9]{{9}}LF$/.test(row.textContent))")
        page.shot(f"100-megabytes-{mode}")
        page.keys(Keys.PAGE_UP)
        page.until_bytes("out", "009999")
        assert elements(page) < MOST_ELEMENTS
        # A drag of the scroll bar to the middle, and a small step from there.
        middle = "(box.scrollHeight - box.clientHeight) / 2"
        page.run(f"const box = document.querySelector('.stream-box'); box.scrollTop = {middle}")
        page.until_bytes("out", "0049")
        page.run("document.querySelector('.stream-box').scrollTop += 40")
        page.until_bytes("out", "0049")
        if mode == "lines":
            page.until_bytes("out", "LF")
            page.until("!document.querySelector('#stream-part .waiting')")
            page.until_bytes("out", "0049")
        assert sum("/api/bytes/" in path for path in fake.asked) < 60


def test_more_pages_than_a_browser_has_connections(page: GlassPage) -> None:
    browser = page.browser
    with watching() as watched:
        page.open(watched.inspector.url)
        watched.fetch("/hello?before")
        page.until_text(".item", "?before")
        first = browser.current_window_handle
        try:
            for _ in range(7):
                browser.switch_to.new_window("tab")
                page.open(watched.inspector.url.partition("?")[0] + "wire/")
                page.until_text(".item", "?before")
            watched.fetch("/hello?behind")
            page.until_text(".item", "?behind")
        finally:
            for handle in set(browser.window_handles) - {first}:
                browser.switch_to.window(handle)
                browser.close()
            browser.switch_to.window(first)
        # What came while nobody saw the page is told when it is seen again.
        page.until_text(".item", "?behind")
        page.until_text(".live", "live")
        watched.fetch("/hello?after")
        page.until_text(".item", "?after")
        page.shot("seen-again")


def test_long_targets_and_fields_leave_the_bytes_their_place(page: GlassPage) -> None:
    with watching() as watched:
        watched.fetch("/hello?" + "a" * 5000, "X-" + "y" * 3000 + ": " + "z" * 3000 + "\r\n")
        page.open(watched.inspector.url)
        page.point(".item")
        page.until_bytes("in", "GET /hello?aaa")
        page.fits()
        tall = "document.querySelector(arguments[0]).getBoundingClientRect().height"
        assert page.run(f"return {tall}", "#stream-title") < 80
        assert page.run(f"return {tall}", ".stream-box") > 300
        page.shot("long-target")


@pytest.mark.parametrize("width, height, name", [(640, 400, "200-percent"), (360, 740, "phone")])
def test_small_windows_and_200_percent(page: GlassPage, width: int, height: int, name: str) -> None:
    with watching(visits=[{"path": "/hello", "title": "The page /hello"}]) as watched:
        watched.fetch()
        page.size(width, height)
        page.open(watched.inspector.url)
        page.fits()
        page.shot(f"{name}-1-begin")
        page.point(".item")
        page.until_bytes("out", "HTTP/1.1 200")
        page.run("document.querySelector('#stream-part').scrollIntoView()")
        page.fits()
        page.shot(f"{name}-2-bytes")
        page.click("Edit or break the response")
        page.until("document.querySelector('textarea.bytes-text').value.includes('hello')")
        page.fits()
        page.is_accessible()
        page.shot(f"{name}-3-send-box")


def test_dark_and_light_by_the_system_and_by_the_button(page: GlassPage) -> None:
    with watching() as watched:
        watched.fetch()
        page.prefer(prefers_color_scheme="dark")
        page.open(watched.inspector.url)
        page.point(".item")
        page.until_bytes("out", "hello")
        dark = background(page)
        page.is_accessible()
        page.shot("dark")
        page.point("[aria-label='Colours: auto']")
        light = background(page)
        assert max(dark) < 60 and min(light) > 200
        page.point("[aria-label='Colours: light']")
        assert background(page) == dark
        page.prefer(forced_colors="active", prefers_reduced_motion="reduce")
        page.shot("forced-colours")


def background(page: GlassPage) -> list[int]:
    """Red, green and blue behind the page."""
    colour = page.run("return getComputedStyle(document.documentElement).backgroundColor")
    return [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]


def elements(page: GlassPage) -> int:
    """How many elements the document has."""
    return int(page.run("return document.querySelectorAll('*').length"))


def add_small(fake: FakeInspector, first: dict[str, Any]) -> None:
    """Bytes for an exchange."""
    fake.streams[1, "in"] = FakeStream.of([(b"GET /page/1 HTTP/1.1\r\n", "method"), (b"\r\n", "blank-line")])
    fake.streams[1, "out"] = FakeStream.of(
        [(b"HTTP/1.1 200 OK\r\n", "status-code"), (b"\r\n", "blank-line"), (b"hello", "content")]
    )
    note = {"id": "a", "level": "good", "direction": "out", "start": 0, "end": 3, "message": "ours", "rule": "RFC 9112",
            "explanation": "", "advice": "", "source": "rawwfile"}  # fmt: skip
    theirs = {"id": "httplint:B", "level": "warning", "message": "theirs", "rule": "", "source": "httplint"}
    fake.details[1] = {"notes": [{**note, **theirs}, note]}
    sizes = {direction: fake.streams[1, direction].size for direction in ("in", "out")}
    first.update(request=[0, sizes["in"]], response=[0, sizes["out"]])
    entries = [[1, "in", "plain", 0, sizes["in"], 0.01, None], [2, "out", "plain", 0, sizes["out"], 0.02, "small.py:7"]]
    fake.connections[1] = connection(1, [first], entries)


def numbered(start: int, stop: int) -> bytes:
    """A head, then lines of ten bytes with their numbers."""
    head = HEAD[start:stop]
    first, last = max(0, start - len(HEAD)), max(0, stop - len(HEAD))
    lines = b"".join(b"%09d\n" % number for number in range(first // 10, -(-last // 10)))
    return head + lines[first % 10 : first % 10 + last - first]
