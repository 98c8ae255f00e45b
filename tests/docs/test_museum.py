"""The walk through legacy_examples/: its rooms, its page, and that no exhibit but those of the last room breaks a rule.

Every line to try is typed and every first page is asked with HEAD too, on a server with a tape; then the
notes on the tape say whether a rule was broken.
"""

from __future__ import annotations

import html
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest

from rawwfile.cli.museum import ROOMS, exhibit, load_site
from rawwfile.errors import TargetError
from rawwfile.glass.cases import CASES
from tests.commands import CHECKOUT, PATIENCE
from tests.docs.museum import NAMES, Museum, module_of

WRONG = ["mistakes", "broken"]
OF_2004 = {"howto20": {"no-reason-space"}}
"""What the program of 2004 did not know; it is shown as it was."""
ALSO = ["/gzip_by_hand/", "/trailers_by_hand/", "/ranges_by_hand/", "/proxy_by_hand/through?of=/keep_alive_by_hand/"]
"""Pages beside those that the lines to try ask for."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A museum after the walk, closed again. done: what each line to try did."""
    assert shutil.which("curl"), "the lines to try need curl; .ci/run installs it"
    place = tmp_path_factory.mktemp("walk")
    shutil.copy(CHECKOUT / "README.txt", place)
    with Museum() as museum:

        def visit(name):
            line = museum.site.exhibits[name].to_try
            line = line.replace("http://127.0.0.1:8000/", f"{museum.site.address}{name}/")
            return subprocess.run(["sh", "-c", line], cwd=place, capture_output=True, timeout=PATIENCE, check=False)

        with ThreadPoolExecutor(len(NAMES)) as pool:
            done = pool.map(visit, NAMES)
            right = [name for name in NAMES if name not in (*WRONG, *OF_2004)]
            for name in right:
                museum.ask(f"/{name}/", method="HEAD")
            old = list(pool.map(lambda name: museum.say(f"GET /{name}/ HTTP/1.0\r\n\r\n".encode("ascii")), right))
            for target in ALSO:
                museum.ask(target)
            for name in module_of(museum.site, "broken").PAGES:
                museum.say(f"GET /broken/{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("ascii"))
            museum.done = dict(zip(NAMES, done, strict=True))
            museum.old = dict(zip(right, old, strict=True))
    return museum


def wrong_of(exchanges):
    """The notes on responses that say that something is wrong."""
    notes = [note for each in exchanges for note in each.notes if note.direction == "out"]
    return [note for note in notes if note.level in ("warning", "bad")]


@pytest.mark.parametrize("name", NAMES)
def test_the_line_to_try_works_and_breaks_no_rule(walked, name):
    done, exchanges = walked.done[name], walked.exchanges(f"/{name}/")

    assert (done.returncode, bool(done.stdout)) == (18 if name == "mistakes" else 0, True), done.stderr
    assert exchanges and not any(each.open for each in exchanges)
    if name not in WRONG:
        assert {note.id for note in wrong_of(exchanges)} == OF_2004.get(name, set()), wrong_of(exchanges)


def test_the_sight_of_keep_alive_is_there_to_be_seen(walked):
    first, second, closing, after = walked.done["keep_alive_by_hand"].stdout.splitlines()

    assert first == second == closing != after


def test_clients_of_1_0_get_what_they_know(walked):
    for name, answer in walked.old.items():
        head = answer.partition(b"\r\n\r\n")[0]
        assert head.startswith(b"HTTP/1.1 200"), name
        assert b"chunked" not in head.lower() and b"keep-alive" not in head.lower(), name


@pytest.mark.parametrize("target", ALSO)
def test_other_pages_break_no_rule(walked, target):
    assert walked.exchanges(target)
    assert wrong_of(walked.exchanges(target)) == []


# -- the room of what goes wrong -----------------------------------------------------------------

NOT_WRONG = {"early_103"}
"""Looks odd, and is right; it is some clients that are not."""


def test_the_broken_pages_are_the_rows_of_the_table_of_clients(walked):
    pages = module_of(walked.site, "broken").PAGES

    assert list(pages.values()) == [case.data for name, case in CASES.items() if not name.startswith("x-mixed-replace")]


def test_something_is_said_of_each_broken_page(walked):
    pages = module_of(walked.site, "broken").PAGES
    said = {name: {note.id for note in wrong_of(walked.exchanges(f"/broken/{name}"))} for name in pages}

    assert {name for name, ids in said.items() if not ids} == NOT_WRONG
    assert "lengths-differ" in said["two_lengths"]


def test_they_go_out_as_they_are(walked):
    for name, data in module_of(walked.site, "broken").PAGES.items():
        stream, (start, end) = sent(walked, f"/broken/{name}")
        assert stream.read(start, end) == data


def sent(walked, target):
    """The stream that goes out, and where in it the last response to `target` stands."""
    for connection in walked.tape:
        for each in connection.exchanges:
            if each.target == target:
                return connection.stream("out"), each.response
    raise AssertionError(target)


# -- rooms ---------------------------------------------------------------------------------------


def test_the_rooms_are_walked_from_2004_to_today(walked):
    walk = walked.site.walk()
    places = [each.place for each in walk]
    years = [each.year for each in walk]

    assert walk[0].name == "howto20"
    assert list(dict.fromkeys(each.room for each in walk)) == list(ROOMS)
    for number, room in enumerate(ROOMS, 1):
        inside = [each.place for each in walk if each.room == room]
        assert inside == [(number, place) for place in range(1, len(inside) + 1)]
    assert places == sorted(places)
    assert years == sorted(years)  # digits sort before "today"
    assert (years[0], years[-1]) == ("2004", "today")


TEXT = """A title.

Room: 1.1 The response is a file. 2004, a reason
Goal: a goal,
      in two lines
Run:  a command
Try:  a line
Look: a sight: Look: again
"""


def test_a_docstring_is_read():
    each = exhibit("name", TEXT)

    assert each[:6] == ("name", "A title.", (1, 1), "The response is a file", "2004", "a reason")
    assert each[6:] == ("a goal, in two lines", "a line", "a sight: Look: again")
    assert exhibit("name", TEXT.replace(", a reason", "")).source == ""


@pytest.mark.parametrize(
    ("old", "new", "lacks"),
    [
        ("Room: 1.1", "1.1", "Room of the museum"),
        ("The response is a file", "The attic", "Room of the museum"),
        ("2004", "once", "Room of the museum"),
        ("Try:  a line\n", "", "Try"),
        ("Goal:", "Aim:", "Goal"),
        (TEXT, "", "Goal"),
    ],
)
def test_an_example_that_lacks_something_is_refused_by_name(old, new, lacks):
    with pytest.raises(TargetError, match=f"^the docstring of the example name says no {lacks}\\.$"):
        exhibit("name", TEXT.replace(old, new))


# -- the page ------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """Reads a page strictly: every element that is not void has its end."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.ids, self.links = [], [], [], []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" else []
        if tag not in ("meta", "link", "br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_of_the_walk_is_well_formed_and_has_a_landmark_for_each_room(walked):
    page = walked.site.index()
    outline = Outline(page)

    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n')
    assert [tag for tag in outline.tags if tag in ("h1", "h2", "h3")] == ["h1"] + ["h2"] * len(ROOMS)
    assert outline.tags.count("main") == outline.tags.count("title") == 1
    assert outline.tags.count("dt") == outline.tags.count("dd") == outline.tags.count("pre") == len(NAMES)
    assert len(set(outline.ids)) == len(outline.ids) == len(ROOMS)
    assert outline.links == [f"#{id}" for id in outline.ids] + [f"/{each.name}/" for each in walked.site.walk()]


def test_the_page_says_of_each_exhibit_year_goal_line_and_sight(walked):
    page = walked.site.index()
    address = walked.site.address

    assert '<dt><a href="/early_hints/">Early hints: one response by hand before the usual one</a></dt>' in page
    assert '<p class="year">2017, RFC 8297: <code>early_hints.py</code></p>' in page
    assert f"<pre><code>curl -i {address}early_hints/</code></pre>" in page
    assert "<p>Look at this: two heads: 103 at once, 200 a second later." in page
    assert "127.0.0.1:8000" not in page


def test_over_https_the_lines_say_whom_to_trust():
    site = load_site(CHECKOUT / "legacy_examples")
    site.address, site.trust = "https://127.0.0.1:8443/", "--cacert 'a b/ca.pem' "

    line = site.line(site.exhibits["early_hints"])
    assert line == "curl --cacert 'a b/ca.pem' -i https://127.0.0.1:8443/early_hints/"
    assert html.escape(line) in site.index()
    assert all(site.line(each).startswith("curl --cacert ") for each in site.walk())


def test_the_walk_for_those_who_offer_it(walked):
    visits = walked.site.visits()

    assert visits[0] == {"path": "/howto20/", "title": "HowTo 20: a page that arrives line by line."}
    assert [visit["path"] for visit in visits] == [f"/{each.name}/" for each in walked.site.walk()]
