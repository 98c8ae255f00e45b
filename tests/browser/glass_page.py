"""The inspector's page in Chromium: what a person does there, in few words. Nothing here waits for time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_core_python.base import AXE_SCRIPT
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.commands import PATIENCE

WATCH = """
window.faults = []
addEventListener("securitypolicyviolation", each => faults.push(`${each.violatedDirective} ${each.blockedURI}`))
addEventListener("error", each => faults.push(`error: ${each.message} ${each.filename}:${each.lineno}`))
addEventListener("unhandledrejection", each => faults.push(`rejection: ${each.reason}`))
"""
"""Runs before anything of the page: keeps what the page did wrong."""

AXE = """
const done = arguments[arguments.length - 1]
const grave = found => found.violations.filter(each => ["serious", "critical"].includes(each.impact))
const told = each => `${each.id}: ${each.nodes.map(node => node.html).slice(0, 3)}`
axe.run(document, {resultTypes: ["violations"]})
    .then(found => done(grave(found).map(told)), error => done([`${error}`]))
"""

MOVING = [
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
]
"""What a click may meet on a page that is drawn anew while data comes."""

SEEN = "[...document.querySelectorAll(arguments[0])].filter(each => !each.closest('#handout'))"
"""The elements of a selector, without those of the hand-out, which shows the same on paper."""


class GlassPage:
    """The page in a browser. shots: where its pictures go."""

    def __init__(self, browser: Any, shots: Path) -> None:
        self.browser = browser
        self.shots = shots

    def open(self, url: str) -> GlassPage:
        """Go to the page and wait until it shows the tape."""
        self.browser.get(url)
        self.until("document.documentElement.dataset.ready === 'yes'")
        return self

    def until(self, condition: str, *arguments: Any) -> Any:
        """Wait for an expression of JavaScript to be true; return it."""
        patient = WebDriverWait(self.browser, PATIENCE, 0.02, [JavascriptException])
        return patient.until(lambda driver: driver.execute_script(f"return {condition}", *arguments), condition)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run JavaScript; `return` answers."""
        return self.browser.execute_script(script, *arguments)

    def module(self, name: str, expression: str, *arguments: Any) -> Any:
        """An expression over a module of the page, which is called `module`; may be a promise."""
        script = f"""const done = arguments[arguments.length - 1], given = arguments
            import(new URL("assets/{name}", document.baseURI))
                .then(module => ({expression})).then(done, error => done(String(error)))"""
        return self.browser.execute_async_script(script, *arguments)

    def find(self, selector: str) -> Any:
        """The first element, as soon as there is one."""
        self.until("document.querySelector(arguments[0])", selector)
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def point(self, selector: str) -> None:
        """Click the first such element; one that is drawn anew meanwhile is looked for again."""

        def clicked(driver: Any) -> bool:
            driver.find_element(By.CSS_SELECTOR, selector).click()
            return True

        WebDriverWait(self.browser, PATIENCE, 0.05, MOVING).until(clicked, selector)

    def click(self, text: str) -> None:
        """Click the visible button that says `text`, when it can be."""

        def clicked(driver: Any) -> bool:
            button = driver.execute_script(
                "return [...document.querySelectorAll('button')].find(each => each.textContent === arguments[0]"
                " && each.offsetParent && !each.disabled)",
                text,
            )
            if button is not None:
                button.click()
            return button is not None

        WebDriverWait(self.browser, PATIENCE, 0.05, MOVING).until(clicked, text)

    def switch(self, value: str) -> None:
        """Choose among few: "hex", "cipher", "connections", "response" ..."""
        self.run("document.querySelector(`.switcher input[value=${arguments[0]}]`).click()", value)

    def select(self, selector: str, text: str) -> None:
        """Choose from a menu, when it has that choice."""
        options = "[...document.querySelectorAll(`${arguments[0]} option`)]"
        self.until(f"{options}.some(each => each.text === arguments[1])", selector, text)
        Select(self.find(selector)).select_by_visible_text(text)

    def texts(self, selector: str) -> list[str]:
        """The texts of all such elements."""
        return self.run(f"return {SEEN}.map(each => each.textContent)", selector)

    def until_text(self, selector: str, text: str) -> None:
        """Wait until one of the elements has `text` in it."""
        has = f"{SEEN}.some(each => each.textContent.includes(arguments[1]))"
        try:
            self.until(has, selector, text)
        except TimeoutException:
            raise AssertionError(f"no {text!r} in {selector}: {self.texts(selector)[:40]}") from None

    def until_bytes(self, direction: str, text: str) -> None:
        """Wait until the rows of a direction, one after the other, have `text` in them."""
        joined = "[...document.querySelectorAll(arguments[0])].map(each => each.textContent).join('')"
        self.until(f"{joined}.includes(arguments[1])", f"#stream-part .row.bytes.{direction} .text", text)

    def keys(self, *keys: str) -> None:
        """Type into what has the focus."""
        self.browser.switch_to.active_element.send_keys(*keys)

    def size(self, width: int, height: int) -> None:
        """Make the window this large, in CSS pixels."""
        self._cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.until("innerWidth === arguments[0]", width)

    def prefer(self, **features: str) -> None:
        """Emulate media features: prefer(prefers_color_scheme="dark")."""
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self._cdp("Emulation.setEmulatedMedia", features=named)

    def medium(self, name: str) -> None:
        """Show it as on paper ("print"), or again on the screen ("")."""
        self._cdp("Emulation.setEmulatedMedia", media=name)

    def pdf(self) -> str:
        """The printed page, as base64."""
        return str(self._cdp("Page.printToPDF", printBackground=True)["data"])

    def shot(self, name: str) -> None:
        """Keep a picture of what is seen now, after it was drawn."""
        self.browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        assert self.browser.save_screenshot(str(self.shots / f"{name}.png"))

    def is_accessible(self) -> None:
        """Fail for each serious or critical finding of axe-core."""
        self.run(f"if (!window.axe) {{ {AXE_SCRIPT} }}")
        found = self.browser.execute_async_script(AXE)
        assert not found, "\n".join(found)

    def fits(self) -> None:
        """Fail if the page must be scrolled sideways, and say what stands out."""
        outside = self.run(
            "const width = document.documentElement.clientWidth;"
            "return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('body *')]"
            ".filter(each => each.getBoundingClientRect().right > width + 1)"
            ".map(each => `${each.tagName}.${each.className}`)"
        )
        assert not outside, outside

    def _cdp(self, name: str, **parameters: Any) -> Any:
        return self.browser.execute_cdp_cmd(name, parameters)


@contextmanager
def glass_page(browser: Any, tmp_path: Path) -> Iterator[GlassPage]:
    """A page for one test; that it broke no rule of its Content-Security-Policy is seen at the end."""
    shots = Path(os.environ.get("RAWWFILE_SCREENSHOTS") or tmp_path)
    shots.mkdir(parents=True, exist_ok=True)
    page = GlassPage(browser, shots)
    watch = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    page.size(1400, 900)
    try:
        yield page
        faults = page.run("return window.faults")
        assert not faults, faults
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watch)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        # Its event stream ends with it.
        browser.get("about:blank")
