"""The few words of the W3C's WebDriver protocol that are needed to look at a page, over http.client.

A session is a program `chromedriver` and the browser that it starts, in a process group of their own,
with a profile in a directory that is removed. https://www.w3.org/TR/webdriver2/
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names of the program, in the order in which they are looked for."""
STARTING = 30.0
"""Seconds that the driver and the browser have to start."""
ENDING = 5.0
"""Seconds that they have to end by themselves."""
MAX_PLACE = 40
"""Most bytes of the name of the directory for temporary files."""
MAX_ANSWER = 8 << 20
"""Most bytes of an answer of the driver that are read."""

ARGUMENTS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-back-forward-cache",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-proxy-server",
    # Whatever a response links to or redirects to: nothing but loopback is ever asked.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


class WebDriverError(Exception):
    """The driver or the browser did not do what it was told. code: the protocol's word for it, or empty."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


def programs() -> tuple[str, str] | None:
    """The paths of browser and driver; None unless both are installed."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def _directory() -> tempfile.TemporaryDirectory[str]:
    """A directory whose name is short enough: the browser makes a socket in it, whose path has at most 107 bytes."""
    usual = tempfile.gettempdir()
    place = usual if len(os.fsencode(usual)) <= MAX_PLACE or not os.access("/tmp", os.W_OK) else "/tmp"
    return tempfile.TemporaryDirectory(prefix="rawwfile-", dir=place, ignore_cleanup_errors=True)


class Session:
    """A browser without a window. Raises WebDriverError where it does not start, and from every method but `close`."""

    def __init__(self, browser: str, driver: str) -> None:
        self._directory = _directory()
        self._log = tempfile.TemporaryFile()
        self._path = ""
        self._connection: http.client.HTTPConnection | None = None
        try:
            self._process = subprocess.Popen(
                [driver, "--port=0"],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                # The browser calls TMPDIR and HOME its own too: what it leaves there goes with the directory.
                env={**os.environ, "TMPDIR": self._directory.name, "HOME": self._directory.name},
                start_new_session=True,
            )
        except OSError as error:
            self._log.close()
            self._directory.cleanup()
            raise WebDriverError(f"cannot run {driver}: {error.strerror}") from None
        try:
            self._port = self._wait_for_port()
            self._begin(browser)
        except BaseException:
            self.close()
            raise

    def _wait_for_port(self) -> int:
        ends = time.monotonic() + STARTING
        while time.monotonic() < ends:
            self._log.seek(0)
            if found := re.search(rb"started successfully on port ([0-9]+)", self._log.read()):
                return int(found[1])
            if self._process.poll() is not None:
                raise WebDriverError(f"chromedriver ended at once, with exit code {self._process.returncode}")
            time.sleep(0.01)  # it tells nobody but its own output
        raise WebDriverError(f"chromedriver was not ready after {STARTING:g} s")

    def _begin(self, browser: str) -> None:
        arguments = [*ARGUMENTS, f"--user-data-dir={self._directory.name}/profile"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # the sandbox refuses to work for root
        wanted = {
            "browserName": "chrome",
            "pageLoadStrategy": "normal",
            "unhandledPromptBehavior": "dismiss",
            "goog:chromeOptions": {"binary": browser, "args": arguments},
        }
        told = self._command("POST", "/session", {"capabilities": {"alwaysMatch": wanted}}, STARTING)
        self._path = f"/session/{told['sessionId']}"
        self.version = str(told["capabilities"].get("browserVersion", ""))

    def limit(self, seconds: float) -> None:
        """Let a page take this long to load, and a script to run."""
        limits = {"pageLoad": int(seconds * 1000), "script": int(seconds * 1000)}
        self._command("POST", f"{self._path}/timeouts", limits, ENDING)

    def visit(self, url: str, seconds: float) -> None:
        """Navigate; returns when the page is loaded. An error page and no page in time may raise WebDriverError."""
        self._command("POST", f"{self._path}/url", {"url": url}, seconds)

    def run(self, script: str, seconds: float, *arguments: Any, asynchronous: bool = False) -> Any:
        """What a script in the page returns, or, where it is asynchronous, gives to its last argument."""
        kind = "async" if asynchronous else "sync"
        told = {"script": script, "args": list(arguments)}
        return self._command("POST", f"{self._path}/execute/{kind}", told, seconds)

    def source(self, url: str, seconds: float) -> str:
        """The text of the document at `url` as it came, by a word of Chromium's own. Raises where it is not shown."""
        path = f"{self._path}/goog/cdp/execute"
        tree = self._command("POST", path, {"cmd": "Page.getFrameTree", "params": {}}, seconds)
        wanted = {"frameId": tree["frameTree"]["frame"]["id"], "url": url}
        told = self._command("POST", path, {"cmd": "Page.getResourceContent", "params": wanted}, seconds)
        if told["base64Encoded"]:
            raise WebDriverError("the document is no text")
        return str(told["content"])

    def _command(self, method: str, path: str, told: dict[str, Any] | None, seconds: float) -> Any:
        """Say one command and return the value of the answer; the driver has `seconds` and a bit more."""
        body = None if told is None else json.dumps(told).encode("utf-8")
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=seconds + ENDING)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json; charset=utf-8"})
            response = connection.getresponse()
            value = json.loads(response.read(MAX_ANSWER))["value"]
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            raise WebDriverError(f"chromedriver did not answer: {type(error).__name__} {error}") from None
        finally:
            connection.close()
        if response.status != 200:
            raise WebDriverError(str(value.get("message", "")).partition("\n")[0], str(value.get("error", "")))
        return value

    def close(self) -> None:
        """End the browser and the driver, and remove the profile."""
        if self._path:
            with contextlib.suppress(WebDriverError):
                self._command("DELETE", self._path, None, ENDING)
            self._path = ""
        # Their group, which has nobody else in it. It is certainly theirs, since its leader is not yet waited for.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()
        self._directory.cleanup()
