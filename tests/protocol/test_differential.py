"""rawwfile, h11 and llhttp read the same requests: where they agree, where they may not, and nothing else.

`python -m tests.protocol.differential SECONDS [SEED]` runs for longer.
"""

from __future__ import annotations

import pytest

pytest.importorskip("h11", reason="h11 is not installed: pip install 'rawwfile[test]'")
pytest.importorskip("httptools", reason="httptools is not installed: pip install 'rawwfile[test]'")

from tests.protocol import differential  # noqa: E402
from tests.protocol.conversation import TAIL, chunked, get, post  # noqa: E402
from tests.protocol.differential import SAME_BUT, WE_REFUSE, WE_TAKE, Reading, compare  # noqa: E402
from tests.protocol.test_table import ROWS  # noqa: E402

BLOCKS = 20
REQUESTS = 1000
"""Of each block."""


def readings(data: bytes) -> tuple[Reading, list[Reading]]:
    """Ours, and those of the peers."""
    return differential.read_ours(data), [differential.read_h11(data), differential.read_llhttp(data)]


def test_the_three_agree_on_what_is_plain() -> None:
    for data in (get("X: y"), post("Content-Length: 5", body="hello"), chunked("5\r\nhello\r\n0\r\nA: b\r\n\r\n")):
        ours, peers = readings(data + TAIL)
        assert ours.verdict == "whole" and ours.end == len(data)
        assert [peer == ours for peer in peers] == [True, True], (ours, peers)


def test_the_comparison_finds_a_difference() -> None:
    data = post("Content-Length: 5", body="hello")
    ours, peers = readings(data)
    ours.body, ours.end = b"hell", ours.end - 1
    complaints, _known = compare(data, ours, peers)
    assert sorted({complaint.partition(":")[0] for complaint in complaints}) == ["body", "end"]
    refused = Reading("refused", "no reason that is known")
    assert compare(data, refused, peers)[0] == ["we refuse what both take: no reason that is known"]
    assert len(compare(data, Reading("partial"), peers)[0]) == 2
    ours, peers = readings(data)
    assert compare(data, ours, [refused, refused])[0] == [
        "we take it, h11: refused no reason that is known",
        "we take it, llhttp: refused no reason that is known",
    ]


def test_every_row_of_the_tables() -> None:
    known: set[str] = set()
    for _rule, case in ROWS:
        for data in (case.data, case.data + TAIL):
            ours, peers = readings(data)
            complaints, reasons = compare(data, ours, peers)
            assert not complaints, (case.name, complaints)
            known.update(reasons)
    # A difference that is no more should be struck from the lists.
    assert known == {entry.reason for table in (WE_TAKE, WE_REFUSE, SAME_BUT) for entry in table}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_requests_at_random(block: int) -> None:
    taken = 0
    for seed in range(block * REQUESTS, (block + 1) * REQUESTS):
        data, complaints, _known, ours = differential.run(seed)
        assert not complaints, f"seed {seed}: {data!r}: {complaints}"
        taken += ours.verdict == "whole"
    assert taken > REQUESTS / 5
