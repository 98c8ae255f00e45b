"""Every section of an RFC that a text of ours cites exists, and a field's is the one that defines it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rawwfile
from rawwfile.http.notes.base import load_all
from rawwfile.tape.meanings import FIELDS as EXPLAINED
from rawwfile.tape.meanings import meaning_of_field
from tests.unit.rfc_sections import FIELDS, SECTIONS

PACKAGE = Path(rawwfile.__file__).parent
TEXTS = sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".txt", ".html", ".js"))
NUMBER = r"[A-C0-9][0-9]*(?:\.[0-9]+)*"
# "RFC 9110 section 8.6", "RFC 9110 sections 8.8, 13 and 14", and as the errors have it, "RFC 9110 8.6".
CITED = re.compile(
    rf"RFC\s+(?P<rfc>[0-9]{{4}})(?:\s+section\s+(?P<one>{NUMBER})"
    rf"|\s+sections\s+(?P<several>{NUMBER}(?:(?:,|\s+and|\s+to)\s+{NUMBER})+)"
    rf'|\s+(?P<short>{NUMBER}(?=[").])))'
)


def cited(text: str) -> Iterator[tuple[str, str]]:
    """The RFC and the number of each section that a text names in full."""
    for found in CITED.finditer(text):
        named = found["one"] or found["several"] or found["short"]
        yield from ((found["rfc"], number) for number in re.findall(NUMBER, named))


def test_citations_are_found_in_all_their_forms():
    text = 'RFC 9112\nsection 3.2). RFC 9110 sections 8.8, 13 and 14; "RFC 9112 7.1.1", RFC 9112 section C.2.2 '
    assert list(cited(text)) == [
        ("9112", "3.2"), ("9110", "8.8"), ("9110", "13"), ("9110", "14"), ("9112", "7.1.1"), ("9112", "C.2.2")]


def test_every_section_that_a_text_cites_exists():
    found = {
        (str(path.relative_to(PACKAGE)), rfc, number)
        for path in TEXTS
        for rfc, number in cited(path.read_text("utf-8"))
    }
    assert len({(rfc, number) for _, rfc, number in found}) > 150
    assert not [place for place in sorted(found) if place[1] in SECTIONS and place[2] not in SECTIONS[place[1]]]


def test_the_section_of_every_note_and_of_every_field_exists():
    rules = {kind.id: kind.rule for kind in load_all().values()}
    rules |= {name.decode(): meaning.rule for name, meaning in EXPLAINED.items() if meaning.rule.startswith("RFC ")}
    assert len(rules) > 290
    named = {id: re.fullmatch(rf"RFC ([0-9]{{4}}) section ({NUMBER})", rule) for id, rule in rules.items()}
    assert not [id for id, found in named.items() if not found or found[2] not in SECTIONS.get(found[1], [found[2]])]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_explained_by_the_section_that_defines_it(name):
    # Host is required by the protocol that sends it: RFC 9112.
    expected = "RFC 9112 section 3.2" if name == "Host" else f"RFC 9110 section {FIELDS[name]}"
    assert meaning_of_field(name.encode()).rule == expected
