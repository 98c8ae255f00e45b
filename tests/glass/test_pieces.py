"""The text of the send box: every byte written out, pauses on lines of their own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.glass import pieces as p
from rawwfile.glass.pieces import Piece, PiecesError, pieces_from_json, pieces_from_text, text_from_pieces

TEXTS = [
    (r"GET / HTTP/1.1\r\n", [Piece(b"GET / HTTP/1.1\r\n")]),
    ("a\\r\\n\nb", [Piece(b"a\r\nb")]),
    ("a\r\nb\r\n", [Piece(b"ab")]),
    (r"\t\0\\\x00\xfF\[", [Piece(b"\t\0\\\x00\xff[")]),
    ("caf\u00e9 \u20ac", [Piece("caf\u00e9 \u20ac".encode())]),
    ("one\n[pause 0.5]\ntwo", [Piece(b"one"), Piece(b"two", 0.5)]),
    ("one\n  [pause 2 s] \ntwo\n[pause .25]\n", [Piece(b"one"), Piece(b"two", 2.0), Piece(b"", 0.25)]),
    ("[pause 1]\none", [Piece(b"one", 1.0)]),
    ("one\n[pause 0]\ntwo", [Piece(b"one"), Piece(b"two")]),
    (r"\[pause 0.5]", [Piece(b"[pause 0.5]")]),
    ("a [pause 1]", [Piece(b"a [pause 1]")]),
    (" a ", [Piece(b" a ")]),
    ("", []),
    ("\n\n", []),
]


@pytest.mark.parametrize("text, expected", TEXTS, ids=[text for text, _ in TEXTS])
def test_a_text_says_each_byte_and_each_pause(text: str, expected: list[Piece]) -> None:
    assert pieces_from_text(text) == expected


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("ab\n c\\q", "line 2, column 3: "),
        ("\\x4", "line 1, column 1"),
        ("\\", "line 1, column 1"),
        ("[pause soon]", r"line 1: a pause is written \[pause 0.5\]"),
        ("[pause]", "line 1: a pause is written"),
        ("[pause 61]\na", "0 to 60 seconds"),
        ("\n".join(f"{n}\n[pause 60]" for n in range(7)), "longer than 300 seconds"),
    ],
)
def test_what_is_no_escape_is_named_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(PiecesError, match=complaint):
        pieces_from_text(text)


def test_the_text_of_pieces_is_what_a_person_would_write() -> None:
    pieces = [Piece(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Piece(b" x\ty ", 0.5), Piece(b"\xff[pause 1]")]
    assert text_from_pieces(pieces) == (
        "GET / HTTP/1.1\\r\\n\nHost: a\\r\\n\n\\r\\n\n[pause 0.5]\n\\x20x\\ty\\x20\n[pause 0]\n\\xff[pause 1]"
    )


@given(st.lists(st.builds(Piece, st.binary(max_size=40), st.integers(0, 50).map(lambda n: n / 16)), max_size=5))
def test_text_and_back_gives_the_same_pieces(pieces: list[Piece]) -> None:
    kept = [piece for piece in pieces if piece.data or piece.pause]
    assert pieces_from_text(text_from_pieces(pieces)) == kept
    assert pieces_from_json(json.loads(json.dumps(p.pieces_to_json(pieces)))) == pieces


@pytest.mark.parametrize(
    "value",
    [
        None, {}, "a", [1], [[]], [{}], [{"data": 1}], [{"data": "?"}], [{"data": "YQ"}], [{"data": "\u00e9"}],
        [{"data": "YQ==", "pause": "1"}], [{"data": "YQ==", "pause": True}], [{"data": "YQ==", "pause": -1}],
        [{"data": "YQ==", "pause": 61}], [{"data": "YQ==", "pause": float("nan")}],
        [{"data": "YQ==", "pause": 10**400}], [{"data": "YQ==", "pause": -(10**400)}],
        [{"data": ""}] * (p.MAX_PIECES + 1),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_json_that_is_no_pieces_is_refused_in_a_sentence(value: object) -> None:
    with pytest.raises(PiecesError):
        pieces_from_json(value)


def test_more_bytes_than_the_limit_are_refused() -> None:
    with pytest.raises(PiecesError, match="more than 8388608 bytes"):
        p.checked([Piece(bytes(p.MAX_BYTES)), Piece(b"a")])
