"""The field lines of a request, and what they say about framing, persistence and the host."""

from __future__ import annotations

from rawwfile.errors import FramingError, RemoteProtocolError
from rawwfile.http import grammar

MOST_LENGTH_DIGITS = 18
"""A Content-Length of more digits (leading zeros apart) is more than any file system holds."""


def split_list(values: tuple[bytes, ...]) -> list[bytes]:
    """The members of a comma-separated list field, lower-cased, empty ones dropped.

    Source: RFC 9110 section 5.6.1. Only for lists of tokens: quoted commas are not looked for.
    """
    members = (m.strip(b" \t").lower() for value in values for m in value.split(b","))
    return [m for m in members if m]


class FieldBlock:
    """Well-formed field lines, parsed once.

    It is immutable by agreement: equal blocks of different requests share one (see `memo`).
    pairs: (name, value) as received, OWS removed. index: lower-case name to all its values.
    kind, length: see `RequestHead`. Raises FramingError or RemoteProtocolError when the fields
    contradict each other. plain: there is a host, and nothing that concerns length, close or Expect.
    """

    __slots__ = (
        "kind", "length", "connection", "host", "expects_continue", "expectation", "plain", "_block", "_pairs", "_index"
    )  # fmt: skip

    def __init__(self, block: bytes) -> None:
        self._block = block
        self._pairs: tuple[tuple[bytes, bytes], ...] | None = None
        self._index: dict[bytes, tuple[bytes, ...]] | None = None
        self.kind = "none"
        self.length: int | None = 0
        self.connection: list[bytes] | tuple[()] = ()
        self.expectation: tuple[bytes, ...] = ()
        self.expects_continue = False
        # Most handlers read few fields, so only those that decide about the message are looked for.
        deciding: dict[bytes, tuple[bytes, ...]] = {}
        for name, value in grammar.deciding_field.findall(b"\n" + block.lower()):
            value = value.rstrip(b" \t")
            deciding[name] = deciding[name] + (value,) if name in deciding else (value,)
        if b"transfer-encoding" in deciding:
            self._read_transfer_encoding(deciding)
        elif b"content-length" in deciding:
            self._read_content_length(deciding[b"content-length"])
        if b"connection" in deciding:
            self.connection = split_list(deciding[b"connection"])
        self.host = self._read_host(deciding[b"host"]) if b"host" in deciding else None
        if b"expect" in deciding:
            self.expectation = deciding[b"expect"]
            self.expects_continue = b"100-continue" in split_list(self.expectation)
        self.plain = b"host" in deciding and (
            len(deciding) == 1
            or (len(deciding) == 2 and b"connection" in deciding and b"close" not in self.connection)
        )

    @property
    def pairs(self) -> tuple[tuple[bytes, bytes], ...]:
        """(name, value) of each line as received."""
        if self._pairs is None:
            block = self._block
            pairs = grammar.split_field.findall(block)
            if b" \r" in block or b"\t\r" in block:
                pairs = [(name, value.rstrip(b" \t")) for name, value in pairs]
            self._pairs = tuple(pairs)
        return self._pairs

    @property
    def index(self) -> dict[bytes, tuple[bytes, ...]]:
        """Lower-case name to all its values, in order."""
        if self._index is None:
            index: dict[bytes, tuple[bytes, ...]] = {}
            for name, value in self.pairs:
                key = name.lower()
                index[key] = index[key] + (value,) if key in index else (value,)
            self._index = index
        return self._index

    def get(self, name: bytes) -> bytes | None:
        """The values of lower-case `name`, joined with ", " (RFC 9110 section 5.2), or None."""
        values = self.index.get(name)
        return None if values is None else b", ".join(values)

    def _read_content_length(self, values: tuple[bytes, ...]) -> None:
        if len(values) > 1:
            raise FramingError(
                f"{len(values)} Content-Length fields: {values!r}; send one",
                rule="RFC 9112 6.3",
                note="request-lengths",
            )
        value = values[0]
        if not value.isdigit():
            raise FramingError(
                f"Content-Length is not a decimal number: {value[:60]!r}",
                rule="RFC 9110 8.6",
                note="request-length-not-digits",
            )
        # int() refuses thousands of digits, leading zeros counted too.
        digits = value.lstrip(b"0") or b"0"
        if len(digits) > MOST_LENGTH_DIGITS:
            raise FramingError(
                f"Content-Length has more than {MOST_LENGTH_DIGITS} digits",
                status_hint=413,
                rule="RFC 9110 8.6",
                note="request-length-too-long",
            )
        self.length = int(digits)
        self.kind = "length" if self.length else "none"

    def _read_transfer_encoding(self, index: dict[bytes, tuple[bytes, ...]]) -> None:
        if b"content-length" in index:
            raise FramingError(
                "both Content-Length and Transfer-Encoding: the length is stated twice; send one of them",
                rule="RFC 9112 6.1",
                note="request-length-and-coding",
            )
        # Empty members are not passed over here, though RFC 9110 section 5.6.1.2 would have it: no client
        # sends them, others ignore such a field, and h11 and llhttp refuse it too.
        codings = [coding.strip(b" \t") for coding in b",".join(index[b"transfer-encoding"]).split(b",")]
        before = [coding.partition(b";")[0].rstrip(b" \t") for coding in codings[:-1]]
        if codings[-1] != b"chunked" or b"chunked" in before or not all(map(grammar.token.fullmatch, before)):
            shown = b", ".join(codings)[:60]
            raise FramingError(
                f"Transfer-Encoding of a request must end in one chunked: {shown!r}",
                rule="RFC 9112 6.3",
                note="request-coding-not-chunked",
            )
        if len(codings) > 1:
            raise FramingError(
                f"transfer coding {codings[0][:60]!r} is not understood here",
                status_hint=501,
                rule="RFC 9112 6.1",
                note="request-coding-unknown",
            )
        self.kind, self.length = "chunked", None

    def _read_host(self, values: tuple[bytes, ...]) -> bytes:
        if len(values) > 1:
            what = f"{len(values)} Host fields: {values!r}; send one"
            raise RemoteProtocolError(what, rule="RFC 9112 3.2", note="hosts-repeated")
        # An empty Host is for targets without an authority; one of a port alone makes a URI without
        # a host, which must be refused (RFC 9110 section 4.2.1).
        if not grammar.is_host(values[0]) or values[0][:1] == b":":
            what = f"Host is not a host and port: {values[0][:60]!r}"
            raise RemoteProtocolError(what, rule="RFC 9112 3.2", note="host-form")
        # The value was lower-cased with the rest; as received it stands in the block.
        return values[0] if values[0] in self._block else self.index[b"host"][0]


class FieldMemo:
    """Field blocks that came before, found again by their bytes.

    It is exact: the same bytes have the same meaning. Clients repeat themselves, so most of a
    keep-alive connection's heads are found. Bounded by `most` blocks of `largest` bytes; when it
    is full it starts anew, so that a flood of new blocks costs a miss each and no more.
    Threads may share it: every operation on the dict is one step.
    """

    __slots__ = ("most", "largest", "blocks")

    def __init__(self, most: int = 256, largest: int = 2048) -> None:
        self.most = most
        self.largest = largest
        self.blocks: dict[bytes, FieldBlock] = {}

    def parse(self, block: bytes) -> FieldBlock:
        """The parsed form of `block`, remembered if it is small. Raises as FieldBlock does."""
        found = self.blocks.get(block)
        if found is None:
            found = FieldBlock(block)
            if len(block) <= self.largest and self.most:
                if len(self.blocks) >= self.most:
                    self.blocks.clear()
                self.blocks[block] = found
        return found


memo = FieldMemo()
