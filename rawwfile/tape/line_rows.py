"""One line of a recording as rows of a terminal: its bytes as text or hex, and what they mean beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rawwfile.http.spans import SPAN_KINDS
from rawwfile.tape.finer import FinerSpans
from rawwfile.tape.layout import Look, beside, count_of, duration, hex_rows, wrapped_cells, wrapped_words
from rawwfile.tape.lines import Line
from rawwfile.tape.masked_reader import MaskedReader
from rawwfile.tape.masks import masked
from rawwfile.tape.meanings import short_rule
from rawwfile.tape.model import OUT, ConnectionTape, ExchangeRecord
from rawwfile.tape.visible import cells

HEAD_ROWS, ENTRY_ROWS = 8, 6
"""Most rows for one line of a head, and for one read or write of content."""
SAMPLE = 24
"""Most columns of the bytes of a span."""
SPAN_ROWS = 24
"""Most rows of spans for one line."""
SPAN_COLUMNS = 44
"""Columns that offsets, kind and rule of a span take beside its bytes."""
MOST_KEPT, LONGEST_KEPT = 500, 1000
"""Lines of heads whose rows are kept, for those that are alike, and the bytes of the longest."""
LOOSE = frozenset(["fault", "unread", "unfinished", "excess"])
"""Kinds of spans that no reader has taken apart."""


class Shown:
    """What has been shown of the message that a direction is at."""

    def __init__(self) -> None:
        self.rows = 0
        self.meaning: tuple[str, str] | None = None
        self.left_bytes = 0
        self.left_pieces = 0
        self.left_until = 0.0


class LineSetter:
    """Sets the lines of one connection."""

    def __init__(self, look: Look, connection: ConnectionTape) -> None:
        self.look, self.connection = look, connection
        self._finer_spans: dict[str, tuple[int, FinerSpans]] = {}
        self._readers: dict[str, MaskedReader] = {}
        self._heads: dict[tuple[bytes, int, str, str, str], list[str]] = {}

    def rows(self, line: Line, message: Shown, gutter: int, exchange: ExchangeRecord | None) -> Iterator[str]:
        """The rows of one line, without what stands before them.

        message: what has been shown of the message it belongs to. gutter: the columns before it.
        """
        look = self.look
        data = line.data if look.secrets else self._masked(line)
        content = line.kind == "content"
        text, rule = self._meaning(line, message, exchange)
        if line.kind == "head" and not look.verbose:
            yield from self._head(data, look.columns - gutter, gutter, line.direction, text, rule)
            return
        if look.verbose:
            rows, left = self._hex(line, data, gutter)
        else:
            rows, left = self._text(data, content, look.columns - gutter)
        message.rows += len(rows) if line.kind != "head" else 0
        yield from beside(look, gutter, rows, line.direction, text, rule)
        if left:
            yield look.paint(f"{look.dots} {count_of(left, 'more byte')} of this", "dim")
        if look.verbose > 1:
            yield from self._spans(line, data, look.columns - gutter, exchange)

    def _head(self, data: bytes, room: int, gutter: int, direction: str, text: str, rule: str) -> Sequence[str]:
        """The rows of a line of a head; those of a line that came before, as most lines have."""
        key = data, gutter, direction, text, rule
        found = self._heads.get(key)
        if found is None:
            look = self.look
            rows, left = self._text(data, False, room)
            found = beside(look, gutter, rows, direction, text, rule)
            if left:
                found.append(look.paint(f"{look.dots} {count_of(left, 'more byte')} of this", "dim"))
            if len(data) <= LONGEST_KEPT:
                if len(self._heads) >= MOST_KEPT:
                    self._heads.clear()
                self._heads[key] = found
        return found

    def _masked(self, line: Line) -> bytes:
        if line.spans[0].kind in LOOSE:
            # What no reader understood may be a part of a field whose name stands before it.
            stream = self.connection.stream(line.direction)
            reader = self._readers.get(line.direction)
            if reader is None or reader.stream is not stream:
                reader = self._readers[line.direction] = MaskedReader(stream)
            return reader.read(line.start, line.end)
        return masked(line.direction, line.spans, line.data)

    def _text(self, data: bytes, content: bool, room: int) -> tuple[list[str], int]:
        """The bytes as text in rows of `room` columns, and how many bytes were left out."""
        most = 1 << 30 if self.look.whole else ENTRY_ROWS if content else HEAD_ROWS
        sample = data if self.look.whole else data[: most * room]
        rows: list[str] = []
        done = 0
        for part in sample.splitlines(keepends=True) if content else [sample]:
            found = self._wrapped(part, content, room)
            if len(rows) + len(found) > most:
                if rows:
                    break
                # One long line of what takes several columns for a byte.
                part = part[: len(part) * most // len(found)]
                found = self._wrapped(part, content, room)[:most]
            rows += found
            done += len(part)
        return rows or [""], len(data) - done

    def _wrapped(self, part: bytes, content: bool, room: int) -> list[str]:
        pictures = self.look.unicode
        return wrapped_cells(cells(part, pictures=pictures, as_text=content and pictures), room)

    def _hex(self, line: Line, data: bytes, gutter: int) -> tuple[list[str], int]:
        most = len(data) if self.look.whole else 16 * (ENTRY_ROWS if line.kind == "content" else 4 * HEAD_ROWS)
        sample = data[:most]
        rows = hex_rows(self.look, gutter, sample, cells(sample, pictures=self.look.unicode), line.start)
        return rows, len(data) - len(sample)

    def _meaning(self, line: Line, message: Shown, exchange: ExchangeRecord | None) -> tuple[str, str]:
        """The words beside a line: what it is, in how many pieces it came; and the rule."""
        text, rule = line.meaning
        if line.kind == "content":
            if line.direction == OUT and exchange is not None and exchange.verdict == "open-ended":
                text, rule = ("content, until the close", "RFC 9112 section 6.3") if text == "content" else (text, rule)
            if (text, rule) == message.meaning:
                text = rule = ""
            else:
                message.meaning = (text, rule)
        parts = [text] if text else []
        if len(line.entries) > 1 and self.look.verbose:
            took = line.last_time - line.time
            parts.append(f"in {len(line.entries)} pieces" + (f", {duration(took)}" if took >= 0.001 else ""))
        # The first line of a message says what the numbers beside it are.
        short = rule.replace(" section ", " ") if line.spans[0].kind in ("method", "version") else short_rule(rule)
        return ", ".join(parts), short

    def _spans(self, line: Line, data: bytes, room: int, exchange: ExchangeRecord | None) -> Iterator[str]:
        """A row for each span: offsets, kind, bytes, rule."""
        most = max(4, min(SAMPLE, room - SPAN_COLUMNS))
        finer = self._finer(line, exchange)
        spans = list(finer.between(line.start, line.end)) if finer is not None else line.spans
        if sum(span.end - span.start for span in spans) < line.end - line.start:
            finer, spans = None, line.spans
        sample = len(spans) if self.look.whole else SPAN_ROWS
        for span in spans[:sample]:
            part = data[span.start - line.start : span.end - line.start]
            found = wrapped_cells(cells(part[:SAMPLE], pictures=self.look.unicode), most)
            more = self.look.dots if len(part) > SAMPLE or len(found) > 1 else ""
            kind = SPAN_KINDS.get(span.kind)
            rule = f"  {short_rule(kind.rule)}" if kind and kind.rule else ""
            place = f"{span.start}-{span.end}"
            yield self.look.paint(f'  {place:<9} {span.kind:<12} "{found[0]}"{more}{rule}', "dim")
            words = finer.words(span) if finer is not None else ""
            if words:
                for row in wrapped_words(words, max(20, room - 13))[:SPAN_ROWS]:
                    yield self.look.paint(f"{'':<12} {row}", "dim")
        if len(spans) > sample:
            yield self.look.paint(f"  {self.look.dots} {count_of(len(spans) - sample, 'more span')}", "dim")

    def _finer(self, line: Line, exchange: ExchangeRecord | None) -> FinerSpans | None:
        """The spans within content, once it has all come: while it grows, each piece would be read anew."""
        if exchange is None or line.kind != "content" or exchange.open:
            return None
        # Of each direction, for the two of a WebSocket take turns.
        known = self._finer_spans.get(line.direction)
        if known is None or known[0] != exchange.id:
            known = exchange.id, FinerSpans(self.connection, exchange, line.direction)
            self._finer_spans[line.direction] = known
        return known[1]
