"""What differs between two recordings, exchange by exchange.

Times never count, nor how the bytes were cut into reads and writes; of the fields those that are
told to be ignored (by default Date) do not, nor does the port that the server listened on, where a
head names it: two runs of one program seldom have the same. Everything else that crossed counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import Match, SequenceMatcher
from typing import Any

from rawwfile.tape.messages import Message, message_of
from rawwfile.tape.model import IN, OUT, ConnectionTape, ExchangeRecord, Tape
from rawwfile.tape.visible import visible

IGNORED = frozenset([b"date"])
"""Names of fields, in lower case, whose values two runs of one program do not share."""
MOST_ALIGNED = 3000
"""Exchanges up to which those that are missing on one side are looked for; beyond, the order decides."""
MOST_STEPS = 30_000_000
"""Pairs of exchanges that are looked at in that search: more than twice those of two times 3000 that are alike."""
SAMPLE = 40
_LOOPBACK = rb"(?i)(?<![a-z0-9.-])((?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]):)"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same.

    where: "exchange 2, GET /x". what: "response field Content-Type". left, right: how it is in the
    one and in the other, with everything unprintable escaped; "" where it is not there.
    """

    where: str
    what: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.left or '(none)'} | {self.right or '(none)'}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Part:
    """An exchange with its connection."""

    connection: ConnectionTape
    exchange: ExchangeRecord

    @property
    def key(self) -> tuple[str, str]:
        return self.exchange.method, self.exchange.target


def differences(
    left: Tape,
    right: Tape,
    *,
    ignored: Collection[bytes] = IGNORED,
    responses_only: bool = False,
    secrets: bool = False,
) -> list[Difference]:
    """Everything that differs, connection by connection; empty where the two say the same.

    ignored: names of fields, in lower case. responses_only: the requests are known to be the same.
    secrets: compare the values that `masks` hides too; a recording that hides them has asterisks there.
    """
    found: list[Difference] = []
    ours, theirs = _parts(left), _parts(right)
    for number, (one, other) in enumerate(_aligned(ours, theirs), 1):
        part = one or other
        assert part is not None
        name = _escaped(" ".join(part.key).strip().encode("latin-1", "replace"))
        where = f"exchange {number}, {name}" if name else f"exchange {number}"
        if one is None or other is None:
            found.append(Difference(where, "recorded", "yes" if one else "", "yes" if other else ""))
        else:
            found += _compared(where, one, other, ignored, responses_only, secrets)
    if not found and not responses_only and len(left.connections) != len(right.connections):
        found.append(Difference("recording", "connections", str(len(left.connections)), str(len(right.connections))))
    return found


def _parts(tape: Tape) -> list[_Part]:
    parts = [_Part(connection, exchange) for connection in tape for exchange in connection.exchanges]
    return sorted(parts, key=lambda part: (part.exchange.connection, part.exchange.number))


def _aligned(ours: Sequence[_Part], theirs: Sequence[_Part]) -> Iterator[tuple[_Part | None, _Part | None]]:
    """Pairs of exchanges that are to be compared; None where one side has none."""
    keys, others = [part.key for part in ours], [part.key for part in theirs]
    if keys == others or max(len(keys), len(others)) > MOST_ALIGNED:
        for index in range(max(len(keys), len(others))):
            yield ours[index] if index < len(ours) else None, theirs[index] if index < len(theirs) else None
        return
    for _, start, stop, begin, end in _Matcher(keys, others).get_opcodes():
        for index in range(max(stop - start, end - begin)):
            yield (
                ours[start + index] if start + index < stop else None,
                theirs[begin + index] if begin + index < end else None,
            )


class _Matcher(SequenceMatcher[tuple[str, str]]):
    """A SequenceMatcher that finds no more when it has looked at `MOST_STEPS` pairs: it may take the cube of them.

    What is left then is paired by its order.
    """

    def __init__(self, ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]) -> None:
        super().__init__(None, ours, theirs, autojunk=False)
        self._ours, self._alike = ours, Counter(theirs)
        self._steps = 0

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """See SequenceMatcher."""
        self._steps += sum(self._alike[key] for key in self._ours[alo:ahi])
        if self._steps > MOST_STEPS:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def _compared(
    where: str, one: _Part, other: _Part, ignored: Collection[bytes], responses_only: bool, secrets: bool
) -> Iterator[Difference]:
    for side, direction in ("request", IN), ("response", OUT):
        if direction == IN and responses_only:
            continue
        first, second = (
            message_of(
                part.connection.stream(direction),
                *(part.exchange.request if direction == IN else part.exchange.response),
                secrets=secrets,
            )
            for part in (one, other)
        )
        _move(second, _port(other.connection), _port(one.connection))
        yield from _messages(where, side, first, second, ignored)
    for what in ("verdict", "keep"):
        ours, theirs = getattr(one.exchange, what), getattr(other.exchange, what)
        if ours != theirs:
            words = {True: "kept", False: "ends"}
            name = "connection afterwards" if what == "keep" else what
            yield Difference(where, name, words.get(ours, ours), words.get(theirs, theirs))


def _port(connection: ConnectionTape) -> bytes:
    """The port on which the server was reached; empty where it was none."""
    port = connection.local.rpartition(":")[2]
    return port.encode("ascii") if port.isascii() and port.isdigit() else b""


def _move(message: Message, port: bytes, to: bytes) -> None:
    """Let the head name the port `to` where it names a loopback address with `port`."""
    if not port or not to or port == to:
        return
    pattern = re.compile(_LOOPBACK + port + rb"(?![0-9])")

    def moved(data: bytes) -> bytes:
        return pattern.sub(lambda match: match[1] + to, data)

    for each in (message, *message.interim):
        each.head = moved(each.head)
        each.words = {word: moved(data) for word, data in each.words.items()}
        each.fields = [(name, moved(value)) for name, value in each.fields]
        each.trailers = [(name, moved(value)) for name, value in each.trailers]


def _messages(where: str, side: str, one: Message, other: Message, ignored: Collection[bytes]) -> Iterator[Difference]:
    before = len(one.interim), len(other.interim)
    if before[0] != before[1]:
        names = [", ".join(each.text("status-code") for each in message.interim) for message in (one, other)]
        yield Difference(where, "interim responses", *names)
    for first, second in zip(one.interim, other.interim, strict=False):
        yield from _messages(where, f"interim {side}", first, second, ignored)
    line = False
    for word, name in (
        ("method", "method"), ("target", "target"), ("version", "version"),
        ("status-code", "status"), ("reason", "reason"),
    ):  # fmt: skip
        ours, theirs = one.words.get(word, b""), other.words.get(word, b"")
        if ours != theirs:
            line = True
            yield Difference(where, f"{side} {name}", *(_quoted(each) if each else "" for each in (ours, theirs)))
    fields = list(_fields(where, f"{side} field", one.fields, other.fields, ignored))
    yield from fields
    if not line and not fields and _bare(one, ignored) != _bare(other, ignored):
        yield from _bytes(where, f"{side} head, byte for byte", one.head, other.head)
    yield from _bytes(where, f"{side} content", one.content, other.content)
    yield from _fields(where, f"{side} trailer field", one.trailers, other.trailers, ignored)
    yield from _bytes(where, f"{side}: bytes that belong to no message", one.rest, other.rest)
    yield from _bytes(where, f"{side}: bytes after the change of protocol", one.switched, other.switched)


def _fields(
    where: str,
    what: str,
    ours: Sequence[tuple[bytes, bytes]],
    theirs: Sequence[tuple[bytes, bytes]],
    ignored: Collection[bytes],
) -> Iterator[Difference]:
    """Fields that are missing, have another value, or stand in another order."""
    left, right = _by_name(ours, ignored), _by_name(theirs, ignored)
    same = True
    for key in [*left, *(key for key in right if key not in left)]:
        name, values = left.get(key, (b"", []))
        other, others = right.get(key, (b"", []))
        if values != others or name != other:
            same = False
            if values == others:
                yield Difference(where, f"{what} name", _quoted(name), _quoted(other))
            else:
                shown = _escaped((name or other).strip())
                yield Difference(where, f"{what} {shown}", _joined(values), _joined(others))
    if same and list(left) != list(right):
        orders = [b", ".join(name for name, _ in side.values()) for side in (left, right)]
        yield Difference(where, f"order of the {what}s", _quoted(orders[0], 200), _quoted(orders[1], 200))


def _by_name(
    fields: Sequence[tuple[bytes, bytes]], ignored: Collection[bytes]
) -> dict[bytes, tuple[bytes, list[bytes]]]:
    found: dict[bytes, tuple[bytes, list[bytes]]] = {}
    for name, value in fields:
        key = name.lower()
        if key not in ignored:
            found.setdefault(key, (name, []))[1].append(value)
    return found


def _bare(message: Message, ignored: Collection[bytes]) -> bytes:
    """The head without the lines that are to be ignored."""
    lines = message.head.splitlines(keepends=True)
    return b"".join(line for line in lines if line.partition(b":")[0].strip().lower() not in ignored)


def _bytes(where: str, what: str, ours: bytes, theirs: bytes) -> Iterator[Difference]:
    """Two runs of bytes: their lengths, and what stands at the first byte that differs."""
    if ours == theirs:
        return
    at = _first_difference(ours, theirs)
    begin = max(0, at - 8)
    sides = []
    for data in (ours, theirs):
        end = begin + SAMPLE
        text = f'{len(data)} bytes, from {begin} "{_escaped(data[begin:end])}{"…" if end < len(data) else ""}"'
        sides.append(text if data else "")
    yield Difference(where, f"{what}, from byte {at}", *sides)


def _first_difference(ours: bytes, theirs: bytes) -> int:
    low, high = 0, min(len(ours), len(theirs))
    if ours[:high] == theirs[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if ours[low:middle] == theirs[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _joined(values: Sequence[bytes]) -> str:
    return ", ".join(_quoted(value) for value in values)


def _escaped(data: bytes) -> str:
    return visible(data, pictures=False)


def _quoted(data: bytes, most: int = 120) -> str:
    return f'"{_escaped(data[:most])}{"…" if len(data) > most else ""}"'


__all__ = ["IGNORED", "Difference", "differences"]
