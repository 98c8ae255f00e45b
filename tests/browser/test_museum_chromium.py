"""Exhibits of legacy_examples/ that are made for a browser: a push that replaces a picture, the page of the walk."""

from __future__ import annotations

import pytest

from tests.browser.test_chromium import open_page, open_tab, tabs_closed, until
from tests.docs.museum import NAMES, Museum

SIGHT = """
const image = document.images[0], canvas = document.createElement("canvas").getContext("2d")
canvas.drawImage(image, 0, 0, 30, 1)
return image.naturalWidth && canvas.getImageData(0, 0, 30, 1).data.join()
"""
"""What the picture looks like now; 0 before there is one."""


@pytest.fixture(scope="module")
def museum():
    """A museum that is open for all tests of this file."""
    with Museum() as museum:
        yield museum


def test_one_picture_takes_the_place_of_another(chromium, museum):
    with tabs_closed(chromium):
        open_tab(chromium, "about:blank")
        # The page is complete when the first picture is there; more of them come all the time.
        open_page(chromium, f"{museum.site.address}server_push/")
        seen = f"(() => {{{SIGHT}}})()"
        until(chromium, seen)
        first = chromium.execute_script(SIGHT)
        until(chromium, f"![0, arguments[0]].includes({seen})", first)
        assert chromium.execute_script("return document.images[0].naturalWidth") == 120

    assert len(museum.exchanges("/server_push/camera")) == 1


def test_the_page_of_the_walk_leads_everywhere_by_keyboard(chromium, museum):
    with tabs_closed(chromium):
        open_tab(chromium, museum.site.address)
        size = chromium.get_window_size()
        chromium.set_window_size(320, 700)
        stops = chromium.execute_script("return [...document.querySelectorAll('a')].map(link => link.tabIndex)")
        width = chromium.execute_script("return document.documentElement.scrollWidth - innerWidth")
        chromium.execute_script("location.hash = 'room-6'")
        heading = chromium.execute_script("return document.querySelector(':target').textContent")
        chromium.set_window_size(size["width"], size["height"])

    assert stops == [0] * (6 + len(NAMES))
    assert width <= 0  # nothing to scroll sideways, on a telephone or at 400 %
    assert heading == "Room 6: What goes wrong"
