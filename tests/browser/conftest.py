"""A Chromium without a window, for all tests that need one, driven by way of ChromeDriver."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.commands import PATIENCE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # the sandbox refuses to work for root, who runs the tests in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-back-forward-cache",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A selenium WebDriver; it believes every certificate, and waits for no page to be loaded."""
    webdriver = pytest.importorskip("selenium.webdriver")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("needs the programs chromium and chromedriver; .ci/run installs them")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.accept_insecure_certs = True
    options.page_load_strategy = "none"
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(argument)
    # With both programs named, selenium has no reason to look for one on the network.
    with webdriver.Chrome(options, webdriver.ChromeService(driver)) as window:
        window.set_script_timeout(PATIENCE)
        yield window
