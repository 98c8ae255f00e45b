"""What a browser makes of event streams and of a CSV that grows: the examples, and EventSource itself."""

from __future__ import annotations

import pytest

from rawwfile import request
from rawwfile.adapters.load import application_for, load_target
from rawwfile.streaming.events import Event
from rawwfile.streaming.sse import sse
from tests.browser.test_chromium import open_tab, tabs_closed, until
from tests.commands import CHECKOUT

LISTEN = """
window.got = []
window.source = new EventSource("/events")
source.onmessage = source.onerror = ({type, data, lastEventId}) => got.push([type, data, lastEventId])
"""
"""Notes every event, and every loss of the connection."""


@pytest.fixture
def example(serve):
    """Starts a server of one example; returns the Live."""

    def start(name):
        return serve(application_for(load_target(f"{CHECKOUT / 'legacy_examples' / f'{name}.py'}:root"), "pages"))

    return start


def test_the_clock_shows_each_tick(chromium, example):
    live = example("sse_clock")
    with tabs_closed(chromium):
        open_tab(chromium, live.url("/"))
        for number in (1, 2):
            until(chromium, "ticks.textContent.startsWith(arguments[0])", f"tick {number} at ")
        shown = chromium.execute_script("return [clock.textContent, ticks.textContent.split('\\n')[0]]")
    assert shown[1].endswith(f" at {shown[0]}")
    assert live.book.wait_entries(3)[-1].end == "client-gone"


def test_the_csv_grows_row_by_row(chromium, example):
    live = example("streamed_csv")
    with tabs_closed(chromium):
        open_tab(chromium, live.url("/"))
        until(chromium, "document.getElementById('end').textContent == 'that was all'")
        seen, cells = chromium.execute_script(
            "return [seen, [...document.getElementById('rows').rows].map(row => [...row.cells].map(c => c.textContent))]"
        )
    assert [row[:2] for row in cells] == [["number", "square"], *([str(n), str(n * n)] for n in range(1, 11))]
    assert cells[1][2].endswith(', "local time"')
    # Ten pauses lie between the rows: a page that had got them together would have grown once.
    assert len({length for _, length in seen}) >= 10


def test_three_streams_on_one_page(chromium, example, tmp_path):
    """Long poll, events and rows go on side by side: each grows while the others do."""
    live = example("three_streams")
    with tabs_closed(chromium):
        open_tab(chromium, live.url("/"))
        until(chromium, "document.getElementById('primes').textContent.startsWith('2 3 5 7 11 ')")
        until(chromium, "document.getElementById('rows').textContent.endsWith('10,100\\r\\n')")
        until(chromium, "document.getElementById('ticks').textContent.split('\\n').length > 4")
        seen, rows = chromium.execute_script("return [seen, document.getElementById('rows').textContent]")
        (tmp_path / "three_streams.png").write_bytes(chromium.get_screenshot_as_png())
    assert rows == "number,square\r\n" + "".join(f"{n},{n * n}\r\n" for n in range(1, 11))
    assert len({length for _, length in seen}) >= 15
    ends = [entry.end for entry in live.book.wait_entries(8)]
    assert "error" not in ends


def test_a_browser_comes_back_with_its_last_event_until_it_is_told_to_stop(chromium, live):
    asked = []

    @live.page
    def index():
        return "<!DOCTYPE html>"

    @live.page
    @sse(retry=10)
    def events():
        last = request.last_event_id
        asked.append(last)
        first = int(last or 0) + 1
        if first > 4:
            sse.stop()
        for number in (first, first + 1):
            yield Event(f"two\nlines {number} \u00fc", id=number)

    with tabs_closed(chromium):
        open_tab(chromium, live.url("/"))
        chromium.execute_script(LISTEN)
        until(chromium, "source.readyState == EventSource.CLOSED")
        got = chromium.execute_script("return got")

    assert [row for row in got if row[0] == "message"] == [
        ["message", f"two\nlines {number} \u00fc", str(number)] for number in range(1, 5)
    ]
    assert [row[0] for row in got] == ["message", "message", "error", "message", "message", "error", "error"]
    assert asked == [None, "2", "4"]
