"""Every case of the tables: whole, byte by byte, in random pieces, and with a second request behind it."""

from __future__ import annotations

import random

import pytest

from rawwfile.http.limits import DEFAULT_LIMITS
from tests.protocol import (
    table_chunked,
    table_fields,
    table_framing,
    table_limits,
    table_lines,
    table_targets,
)
from tests.protocol.conversation import TAIL, Case, Rule, Seen, Talk, differences, pieces, read

TABLES = (table_lines, table_targets, table_fields, table_framing, table_chunked, table_limits)
ROWS: list[tuple[Rule, Case]] = [(rule, case) for table in TABLES for rule in table.RULES for case in rule.cases]
IDS = [
    f"{rule.section}: {case.name[:60]} is {case.expected if isinstance(case.expected, int) else 'read'}"
    for rule, case in ROWS
]


def test_table_is_wide_and_its_names_are_different() -> None:
    assert len(ROWS) >= 700
    assert len(set(IDS)) == len(IDS), sorted({i for i in IDS if IDS.count(i) > 1})
    assert all(rule.section.startswith(("9110 ", "9112 ", "6585 ")) for rule, _ in ROWS)


def splits(data: bytes, seed: str) -> list[list[bytes]]:
    """Byte by byte (long ones: both ends byte by byte), and in random pieces."""
    size = len(data)
    rng = random.Random(seed)
    single = range(size) if size <= 2000 else [*range(300), *range(size - 300, size)]
    random_cuts = [[rng.randrange(size) for _ in range(rng.randint(1, 12))] for _ in range(8)] if size else []
    return [pieces(data, cuts) for cuts in ([], single, *random_cuts)]


def check(talk: Talk, rule: Rule, case: Case, tail: tuple[Seen, ...]) -> None:
    whole = talk.requests()
    if isinstance(case.expected, int):
        assert talk.error is not None, f"accepted: {whole}"
        assert talk.error.status_hint == case.expected, talk.error
        assert talk.error.rule.startswith("RFC ")
        assert talk.error.offset is not None and talk.error.message
        assert len(whole) == case.after
        return
    assert talk.error is None, talk.error
    assert talk.closed
    expected = case.expected + (tail if all(seen.keep_alive for seen in case.expected) else ())
    assert len(whole) == len(expected), whole
    for (head, body, trailers), seen in zip(whole, expected):
        assert not differences(head, body, trailers, seen)


@pytest.mark.parametrize(("rule", "case"), ROWS, ids=IDS)
def test_row(rule: Rule, case: Case) -> None:
    for tail, seen_tail in ((b"", ()), (TAIL, (Seen("/tail"),))):
        if tail and case.truncated:
            continue
        whole, *others = splits(case.data + tail, case.name)
        talk = read(whole, case.limits)
        check(talk, rule, case, seen_tail)
        for parts in others:
            assert read(parts, case.limits).key() == talk.key(), parts


def test_a_refusal_does_not_depend_on_a_tail() -> None:
    for _rule, case in ROWS:
        if isinstance(case.expected, int) and not case.truncated:
            assert read([case.data], case.limits).key() == read([case.data + TAIL], case.limits).key(), case.name


def test_a_pipeline_of_everything_that_is_accepted() -> None:
    accepted = [
        case
        for _rule, case in ROWS
        if not isinstance(case.expected, int)
        and case.limits is DEFAULT_LIMITS
        and all(seen.keep_alive for seen in case.expected)
    ]
    data = b"".join(case.data for case in accepted)
    expected = [seen for case in accepted for seen in case.expected]  # type: ignore[union-attr]
    for size in (len(data), 4096, 61):
        talk = read([data[at : at + size] for at in range(0, len(data), size)])
        assert talk.error is None and talk.closed
        assert len(talk.requests()) == len(expected)
        for (head, body, trailers), seen in zip(talk.requests(), expected):
            assert not differences(head, body, trailers, seen)
