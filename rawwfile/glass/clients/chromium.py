"""The browser Chromium, without a window: what a person would see. One browser for all responses of a comparison."""

from __future__ import annotations

import re
import subprocess
from typing import Any

from rawwfile.glass.clients import webdriver
from rawwfile.glass.clients.outcome import Client, Outcome, sample
from rawwfile.glass.one_shot import OneShot

LOOKING = 10.0
"""Seconds that a script has to say what is on the page."""

MAX_TEXT = 1 << 20
"""Most characters of a page that are looked at."""

PAGE = """
const text = document.body ? document.body.textContent : ""
return [location.href, text.slice(0, arguments[0]), document.contentType, document.characterSet]
"""

FRAMES = """
const done = arguments[arguments.length - 1]
const decided = () => image.complete && (frames.length || !image.naturalWidth)
const look = () => quiet < 20 || !decided() ? setTimeout(look, 4) : done(frames)
look()
"""
"""The sizes of the frames that the page with the image has noted, as soon as it has seen nothing new for 20 looks.

An image that is still being decoded is not broken yet.
"""


class Chromium(Client):
    """Chromium by way of chromedriver. What it shows is content, an error page is `refused`."""

    name = "chromium"

    def __init__(self) -> None:
        self._session: webdriver.Session | None = None
        self._trouble = "the browser does not run"

    def version(self) -> str | None:
        """The browser's, from its --version; None without browser or driver."""
        found = webdriver.programs()
        if found is None:
            return None
        try:
            done = subprocess.run([found[0], "--version"], capture_output=True, timeout=LOOKING, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        number = re.search(rb"[0-9]+(\.[0-9]+)+", done.stdout)
        return number[0].decode("ascii") if number else None

    def open(self) -> None:
        """Start the browser, if it does not run."""
        found = webdriver.programs()
        if self._session is None and found is not None:
            try:
                self._session = webdriver.Session(*found)
            except webdriver.WebDriverError as error:
                self._trouble = str(error)

    def read(self, server: OneShot, method: str) -> Outcome:
        """Go to the address and look. It asks with GET alone."""
        if method != "GET":
            return Outcome(f"an address asks with GET; there is no {method} without a form or a script", fault="-")
        if self._session is None:
            return Outcome(self._trouble, fault="cannot be asked")
        try:
            return self._look(self._session, server)
        except webdriver.WebDriverError as error:
            self.close()  # whatever state it is in: the next response gets a new one
            return Outcome(str(error), fault="cannot be asked")

    def _look(self, browser: webdriver.Session, server: OneShot) -> Outcome:
        # After a 204 the old document stays: if that were the last response's, it would be read as this one's.
        browser.limit(server.allowed)
        browser.visit("about:blank", LOOKING)
        said = ""
        try:
            browser.visit(server.url, server.left)
        except webdriver.WebDriverError as error:
            if error.code == "timeout":
                self.close()  # its renderer may be busy for ever
                return Outcome(f"not loaded after {server.allowed:g} s; {_words(error)}", fault="never done")
            if error.code != "unknown error":
                raise
            said = _words(error)
        if server.as_image and not said:
            server.answered.wait(server.left)
            return _image(browser.run(FRAMES, LOOKING, asynchronous=True))
        address, text, kind, charset = browser.run(PAGE, LOOKING, MAX_TEXT)
        if address == "about:blank":
            return Outcome("; ".join(filter(None, ("the page before is still there", said))), fault="old page stays")
        if address.startswith("chrome-error:"):
            return _error_page(text, said)
        content = _source(browser, address, charset) if text.strip() else b""
        detail = f"a document, {kind}; {sample(content)}" + (f"; {said}" if said else "")
        # A blank page may be one that is empty, or one whose bytes were thrown away: it looks the same.
        return Outcome(detail, content=content, noticed=False) if content.strip() else Outcome(detail, fault="blank")

    def close(self) -> None:
        """End the browser."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _words(error: Exception) -> str:
    found = re.search(r"net::ERR_\w+", str(error))
    return found[0] if found else str(error)[:200]


def _error_page(text: str, said: str) -> Outcome:
    """What the browser's own page means: no response, or, for one without content, its status."""
    found = re.search(r"\bERR_[A-Z0-9_]+|\bHTTP ERROR [0-9]+", text)
    code = found[0] if found else said or "without a code"
    refused = not code.startswith("HTTP")
    return Outcome(f"its own error page: {code}", fault="refused" if refused else "own page", noticed=refused)


def _source(browser: webdriver.Session, address: str, charset: str) -> bytes:
    """The content that the shown document was made of."""
    text = browser.source(address, LOOKING)[:MAX_TEXT]
    try:
        return text.encode(charset)
    except (LookupError, UnicodeEncodeError):
        return text.encode("utf-8", "replace")


def _image(frames: Any) -> Outcome:
    """What an image in a page shows. frames: their sizes."""
    seen = f"frames of the image in a page, one after the other: {', '.join(frames[:100]) or 'none'}"
    if not frames:
        return Outcome(seen, fault="img is broken")
    return Outcome(seen, fault="img frames replaced" if len(frames) > 1 else "img is shown", noticed=False)
