"""Lab 12: predictions of what four clients read in five responses, compared with what they do read."""

from __future__ import annotations

from functools import cache

from rawwfile.glass.comparing import Comparing
from rawwfile.glass.pieces import Piece
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

VISITS = (
    ("/a", "length 10"),
    ("/b", "length 3"),
    ("/c", "lengths 3 and 5"),
    ("/d", "length +5"),
    ("/e", "length 3, and chunked"),
)

WRONG = {
    "wrong_same.txt": ("prediction", "c curl: you say hel, and it is hello"),
    "wrong_strict.txt": ("prediction", "d http.client: you say trouble, and it is hello"),
    "wrong_half.txt": ("unanswered", "4 of 20 predictions are missing"),
    "wrong_word.txt": ("word", "e http.client: hi"),
}

WORDS = ("hel", "hello", "trouble")
CLIENTS = ("http.client", "curl", "chromium", "rawwfile")

RECORDED = {
    "a": ("trouble", "trouble", "trouble", "trouble"),
    "b": ("hel", "hel", "hel", "trouble"),
    "c": ("hel", "hello", "trouble", "trouble"),
    "d": ("hello", "hello", "hello", "trouble"),
    "e": ("hello", "hello", "hello", "trouble"),
}
"""What CPython 3.9 to 3.13, curl 7.88 and Chromium 156 read; used for a client that is not on this machine."""

REASONS = {
    "a": "The connection ends before the promise is met, so the message is incomplete (RFC 9112 section 8).",
    "b": "A client counts what it was promised and stops; the rest it does not see (RFC 9112 section 6.3).",
    "c": "The rule is to refuse (RFC 9112 section 6.3); who does not, takes the first length, or the last one.",
    "d": "The rule is digits only (RFC 9110 section 8.6); who uses a general number parser also takes a sign.",
    "e": "With both, chunked wins, and whoever cares for safety refuses (RFC 9112 section 6.3).",
}


def drive(visit: Visit) -> None:
    """Ask for the five responses; they are what the clients are given to read."""
    for name in RECORDED:
        with visit.connect() as line:
            line.get(f"/{name}", "Connection: close\r\n")
            line.rest()


def judge(seen: Seen) -> None:
    """Every question answered first; only then is anything revealed."""
    questions = [f"{case} {client}" for case in RECORDED for client in CLIENTS]
    given = {name: _word(seen.predictions.get(name, "")) for name in questions}
    missing = [name for name in questions if not given[name]]
    seen.expect(
        not missing,
        "unanswered",
        good=f"all {len(questions)} predictions are there",
        saw=f"{len(missing)} of {len(questions)} predictions are missing, the first one is: {''.join(missing[:1])}",
        rule="predict first, then look",
        step="Write one of hel, hello or trouble behind every colon; a guess is better than nothing.",
    )
    for name in questions:
        if given[name] not in WORDS:
            raise NotYet("word", f"{name}: {given[name]}", "three words are enough here",
                         "Write hel, hello or trouble.")  # fmt: skip
    found = readings(tuple(seen.exchange(number).response.data for number in range(1, len(RECORDED) + 1)))
    right = [name for name in questions if given[name] == found[name]]
    seen.good.append(f"{len(right)} of {len(questions)} predictions are right")
    for name in questions:
        if given[name] != found[name]:
            seen.looked_at = seen.exchanges[list(RECORDED).index(name[0])]
            step = f"Ask for /{name[0]} with this client, or press Compare clients; then look at your other answers."
            raise NotYet(
                "prediction", f"{name}: you say {given[name]}, and it is {found[name]}", REASONS[name[0]], step
            )


def _word(text: str) -> str:
    """A prediction without what is only added to it: capitals, quotes, a remark behind "#"."""
    return text.partition("#")[0].strip().strip("\"'.").lower()


@cache
def readings(responses: tuple[bytes, ...]) -> dict[str, str]:
    """ "a curl": one word, as the client reads it here and now; as it was recorded where it is not installed."""
    found = {}
    words = {'"hel"': "hel", '"hello"': "hello"}
    with Comparing(CLIENTS) as comparing:
        for (case, recorded), data in zip(RECORDED.items(), responses, strict=True):
            for row, word in zip(comparing.compare([Piece(data)]).rows, recorded, strict=True):
                found[f"{case} {row.client}"] = words.get(row.reading, "trouble") if row.version else word
    return found
