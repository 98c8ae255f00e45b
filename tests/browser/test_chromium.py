"""What a browser makes of HowTo 20, of a WebSocket by hand and of a request for a client's certificate.

Chromium sniffs a text/plain document that it navigates to: it waits for 1,024 bytes or the end before it
shows any, unless "X-Content-Type-Options: nosniff" forbids it. HowTo 20 writes no such field and less than
that, so its address typed in shows the page whole, at the end. A script that fetches the same page gets
every line at once, and so does the navigation when the field is there. All three are looked at here.
"""

from __future__ import annotations

import time
from contextlib import contextmanager

import pytest

from rawwfile.adapters.load import application_for, load_target
from tests.commands import CHECKOUT, PATIENCE, running
from tests.live import Live
from tests.stopwatch import LIMIT, LINES, LOOKS, Stopwatch

OBSERVE = """
window.seen = []
new MutationObserver(() => {
    const text = document.body ? document.body.textContent : ""
    const last = seen.length ? seen[seen.length - 1][1] : 0
    if (text.length != last) seen.push([performance.timeOrigin + performance.now(), text.length])
}).observe(document, {childList: true, subtree: true, characterData: true})
"""
"""Runs before anything else in every document of a tab: notes when its text has grown, and to what length."""

FETCH = """
const path = arguments[0]
fetch(path).then(async response => {
    const reader = response.body.getReader(), decoder = new TextDecoder()
    for (let part; !(part = await reader.read()).done;) document.body.append(decoder.decode(part.value))
})
"""

SIGHTS = {
    # name: how the page is looked at, and the first line whose delay is asserted
    "fetched": ("fetched by a script", 0),
    # The first line of a navigation waits for Chromium to make a document for it.
    "nosniff": ("its address opened, with nosniff", 1),
    "opened": ("its address opened", len(LINES)),
}
SCHEMES = ("http", "https")


def until(chromium, condition, *arguments):
    """Wait for an expression of JavaScript to be true, in whatever document there is by then."""
    exceptions = pytest.importorskip("selenium.common.exceptions")
    wait = pytest.importorskip("selenium.webdriver.support.wait")
    patient = wait.WebDriverWait(chromium, PATIENCE, 0.01, [exceptions.JavascriptException])
    patient.until(lambda driver: driver.execute_script(f"return {condition}", *arguments), condition)


def open_page(chromium, url):
    """Navigate to `url` and wait for the end of the document."""
    chromium.get(url)
    until(chromium, "location.href == arguments[0] && document.readyState == 'complete'", url)


def open_tab(chromium, url):
    """Open a page in a new tab, with OBSERVE in all its documents."""
    chromium.switch_to.new_window("tab")
    chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": OBSERVE})
    open_page(chromium, url)


def clock_shift(chromium):
    """Seconds to add to a document's clock for time.monotonic: rather too many than too few, by a millisecond or so."""

    def shift():
        shown = chromium.execute_script("return performance.timeOrigin + performance.now()")
        return time.monotonic() - shown / 1000

    return min(shift() for _ in range(20))


@contextmanager
def tabs_closed(chromium):
    """Close the tabs that have been opened meanwhile, which ends what they still read."""
    first = chromium.current_window_handle
    try:
        yield
    finally:
        for handle in chromium.window_handles:
            if handle != first:
                chromium.switch_to.window(handle)
                chromium.close()
        chromium.switch_to.window(first)


# -- HowTo 20 ------------------------------------------------------------------------------------


def look(chromium, authority):
    """Look at the page in every way at the same time; when each line was seen, and all that was shown."""
    pages = {(scheme, name): f"{scheme}_{name}" for scheme in SCHEMES for name in SIGHTS}
    nosniff = {page: "X-Content-Type-Options: nosniff" for (_, name), page in pages.items() if name == "nosniff"}
    stopwatch = Stopwatch(*pages.values(), more_fields=nosniff)
    lives = {scheme: Live(scheme, authority, {}, stopwatch).start() for scheme in SCHEMES}
    try:
        with tabs_closed(chromium):
            tabs = {sight: begin(chromium, lives[sight[0]], sight[1], page) for sight, page in pages.items()}
            return {sight: finish(chromium, tabs[sight], stopwatch.wait_ended(page)) for sight, page in pages.items()}
    finally:
        for live in lives.values():
            live.stop()


def begin(chromium, live, name, page):
    """Begin to look at HowTo 20 in a new tab; its handle."""
    # An empty page of the same server first: what is timed needs no new process for its document.
    open_tab(chromium, live.url("/"))
    if name == "fetched":
        chromium.execute_script(FETCH, f"/{page}/")
    else:
        chromium.get(live.url(f"/{page}/"))
    if name != "opened":  # so that beginning with the next does not delay the first line of this one
        until(chromium, "document.body && document.body.textContent")
    return chromium.current_window_handle


def finish(chromium, handle, reading):
    """Wait for the whole text in a tab, and put what its document has seen into the reading."""
    chromium.switch_to.window(handle)
    until(chromium, "document.body && document.body.textContent.endsWith(arguments[0])", LINES[-1].decode("ascii"))
    shift = clock_shift(chromium)
    seen, text = chromium.execute_script("return [seen, document.body.textContent]")
    reading.seen = [(when / 1000 + shift, count) for when, count in seen]
    return reading, text


@pytest.fixture(scope="module")
def sights(chromium, authority):
    """What `look` found; it looks again where a busy machine made a line late, LOOKS times at most."""
    for _ in range(LOOKS):
        found = look(chromium, authority)
        if all(delay < LIMIT for (_, name), (reading, _) in found.items() for delay in reading.delays[SIGHTS[name][1] :]):
            break
    return found


@pytest.mark.parametrize("name", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_howto20(sights, scheme, name, capsys):
    reading, text = sights[scheme, name]
    how, first_timed = SIGHTS[name]
    with capsys.disabled():
        print(f"\n  HowTo 20 in Chromium over {scheme.upper()}, {how}: each line {reading}", end="")

    assert text.encode("ascii") == b"".join(LINES)
    assert reading.each_before_the_next or name == "opened"
    assert all(delay < LIMIT for delay in reading.delays[first_timed:])


# -- the WebSocket by hand -----------------------------------------------------------------------

CONVERSE = """
const [url, done] = arguments
const said = [], socket = new WebSocket(url)
socket.binaryType = "arraybuffer"
const questions = ["hello", "", "Grüße 😀", "x".repeat(126), "y".repeat(70000), new Uint8Array([0, 1, 255]).buffer]
socket.onopen = () => questions.forEach(question => socket.send(question))
socket.onmessage = ({data}) => {
    said.push(typeof data == "string" ? data : [...new Uint8Array(data)])
    if (said.length == questions.length) socket.close(1000, "thanks")
}
socket.onclose = ({code, reason, wasClean}) => done([said, code, reason, wasClean])
"""
"""Says all of `questions` at once, and closes when there are as many answers."""


@pytest.fixture
def echo(serve):
    """A server of legacy_examples/websocket_echo.py."""
    target = load_target(f"{CHECKOUT / 'legacy_examples' / 'websocket_echo.py'}:root")
    return serve(application_for(target, "pages"))


def test_the_websocket_echoes_all_that_chromium_says_and_closes_as_it_does(chromium, echo):
    with tabs_closed(chromium):
        open_tab(chromium, echo.url("/"))
        said, *closing = chromium.execute_async_script(CONVERSE, echo.url("/").replace("http", "ws", 1))

    assert said == ["hello", "", "Grüße 😀", "x" * 126, "y" * 70000, [0, 1, 255]]
    assert closing == [1000, "thanks", True]


def test_the_page_of_the_websocket_shows_what_comes_back(chromium, echo):
    with tabs_closed(chromium):
        open_tab(chromium, echo.url("/"))
        until(chromium, "socket.readyState == WebSocket.OPEN")
        for word in ("hello", "socket"):
            chromium.find_element("id", "say").send_keys(word, "\ue007")  # the Enter key
        until(chromium, "document.getElementById('log').textContent == arguments[0]", "echo: hello\necho: socket\n")


# -- the demo ------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--tls"], ["--mtls"]], ids=" ".join)
def test_the_demo_lists_its_examples_and_asks_no_browser_for_a_certificate_in_vain(chromium, tmp_path, words):
    with running("demo", "--port", "0", *words, cwd=tmp_path) as demo, tabs_closed(chromium):
        host, port = demo.address()
        site = f"{'https' if words else 'http'}://{host}:{port}"
        open_tab(chromium, f"{site}/")
        links = [link.get_attribute("href") for link in chromium.find_elements("css selector", "dt a")]
        open_page(chromium, f"{site}/who/")
        text = chromium.execute_script("return document.body.textContent")

    assert links[0] == f"{site}/howto20/"
    assert len(links) == len(list((CHECKOUT / "legacy_examples").glob("*.py")))
    assert text.startswith("address:     127.0.0.1 port ")
    assert text.endswith("certificate: none was shown\n" if words else "protocol:    HTTP/1.1\n")
