"""A recording as a conversation: what is printed, and that nothing in it can steer a terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.glass.terminal import look_for, wants_colour, write_rows
from rawwfile.tape.layout import Look, beside, duration, wrapped_cells, wrapped_words
from rawwfile.tape.lines import LineMaker
from rawwfile.tape.model import IN, OUT, Event, Tape
from rawwfile.tape.reading import Crossing, recognised, tape_of, tape_of_bytes
from rawwfile.tape.show import CONTENT_ROWS, ConnectionView, shown
from rawwfile.tape.visible import cells, harmless, printable, visible, width_of

ASK = b"GET /push HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"
PUSH = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\n\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
PLAIN = Look()
COLOURS = re.compile(r"\x1b\[[0-9;]+m")


def rows_of(crossed: list[Crossing], look: Look = PLAIN) -> list[str]:
    return list(shown(tape_of(crossed), look))


def text_of(data: bytes, look: Look = PLAIN) -> str:
    return "\n".join(shown(tape_of_bytes(data), look))


def test_the_drawing_of_a_push() -> None:
    tape = tape_of([(0.0, IN, ASK), (0.004, OUT, PUSH), (0.905, OUT, b"tick 1\n")])
    connection = tape.connections[1]
    for entry in connection.stream(OUT).entries:
        entry.by = "shop.cpy:88"
    connection.peer, connection.local = "127.0.0.1:5", "127.0.0.1:8000"
    connection.closed, connection.closed_by, connection.why = 0.91, "server", "only the close ends the response"

    assert list(shown(tape, Look())) == [
        "connection 1 · 127.0.0.1:5 to 127.0.0.1:8000 · http · 00:00:00 UTC",
        "#1 ▸ 0.000  GET /push HTTP/1.1␍␊       request line                  RFC 9112 3",
        "     0.000  Host: 127.0.0.1:8000␍␊     site, required once           9112 3.2",
        "     0.000  ␍␊                         end of fields                 9112 2.1",
        "            · by shop.cpy:88",
        "#1 ◂ 0.004  HTTP/1.0 200 OK␍␊          status line                   RFC 9112 4",
        "     0.004  Content-Type: text/plain␊  what the content is           9110 8.3",
        "     ⚠ warning: a line ends in LF alone (RFC 9112 2.2)",
        r"       End each line with CR LF (b'\r\n'). Readers may accept this, and need",
        "         not.",
        "     0.004  ␊                          end of fields                 9112 2.1",
        "     ⚠ warning: a line ends in LF alone (RFC 9112 2.2)",
        "            … 0.901 s …",
        "     0.905  tick 1␊                    content, until the close      9112 6.3",
        "#1 = only closing can end it: no usable Content-Length and no chunks; but a",
        "  line ends in LF alone, RFC 9112 section 2.2; 50 bytes in 0.905 s; the",
        "  connection ends (3 more remarks: -v shows them)",
        "connection 1 closed by the server: only the close ends the response; 44 bytes",
        "  ▸ and 50 bytes ◂, 0.910 s",
    ]


def test_without_unicode_everything_is_ascii() -> None:
    found = "\n".join(rows_of([(0.0, IN, ASK), (0.2, OUT, PUSH + "é\x1b".encode())], Look(unicode=False)))
    assert found.isascii()
    assert "#1 > 0.000  GET /push HTTP/1.1\\r\\n" in found
    assert "#1 < 0.200  HTTP/1.0 200 OK\\r\\n" in found
    assert "! warning: a line ends in LF alone" in found
    assert "... 0.200 s ..." in found
    assert "\\xc3\\xa9\\x1b" in found


def test_every_level_has_a_word_and_a_sign_of_its_own() -> None:
    for unicode in (True, False):
        look = Look(unicode=unicode)
        signs = [look.sign(level) for level in ("good", "info", "warning", "bad")]
        assert len(set(signs)) == 4
    found = text_of(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Look(verbose=1))
    assert "✗ bad: 4 bytes less than its Content-Length of 9" in found
    assert "· info: no Date field" in found


def test_colours_only_repeat_what_the_words_say() -> None:
    crossed = [(0.0, IN, ASK), (0.2, OUT, PUSH + b"x")]
    plain, coloured = rows_of(crossed), rows_of(crossed, Look(colour=True))
    assert plain != coloured
    assert [COLOURS.sub("", row) for row in coloured] == plain


def test_hex_and_spans() -> None:
    hexed = text_of(HELLO, Look(verbose=1))
    assert "000000  48 54 54 50 2f 31 2e 31  HTTP/1.1  status line" in hexed
    assert "status-code" not in hexed
    spans = text_of(HELLO, Look(verbose=2))
    assert '9-12      status-code  "200"  9112 4' in spans
    assert '38-43     content      "hello"  9112 6' in spans
    assert "48 54 54 50 2f 31 2e 31 20 32 30 30 20 4f 4b 0d  HTTP/1.1 200 OK␍" in text_of(HELLO, Look(130, verbose=1))


def test_rows_fit_the_terminal() -> None:
    long = b"GET /" + b"a" * 500 + b" HTTP/1.1\r\nHost: a\r\nCookie: " + b"b" * 300 + b"\r\n\r\n"
    for width in (60, 80, 100, 200):
        for verbose in (0, 1, 2):
            found = rows_of([(0.0, IN, long), (0.1, OUT, PUSH + b"z" * 400)], Look(width, verbose=verbose))
            assert max(map(width_of, found)) <= width, (width, verbose)


def test_a_narrow_terminal_is_taken_for_one_of_forty_columns() -> None:
    assert Look(10).columns == 40 and Look(4000).columns == 200


@pytest.mark.parametrize("width", [40, 50, 60, 80])
def test_everything_fits_on_a_narrow_terminal(width: int) -> None:
    crossed = [(0.0, IN, ASK), (0.5, OUT, HELLO.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b; Path=/; HttpOnly\r\n\r\n"))]
    for verbose in 0, 1:
        found = list(shown(tape_of(crossed), Look(width=width, verbose=verbose)))
        assert [row for row in found if len(row) > width] == []
        assert [row for row in found if re.search(r"[^\s(](?:RFC )?9\d{3} \d", row)] == []


def test_content_is_a_sample_unless_all_is_asked_for() -> None:
    lines = b"".join(b"line %d\n" % number for number in range(200))
    data = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(lines) + lines
    found = text_of(data)
    assert "line 3" in found and "line 100" not in found
    assert f"… {len(lines) - 6 * len('line 1') - 6:,} more bytes of this" in found
    assert "line 199" in text_of(data, Look(whole=True))


def test_many_writes_are_a_sample_too_and_are_counted() -> None:
    crossed: list[Crossing] = [(0.0, IN, ASK), (0.0, OUT, PUSH)]
    crossed += [(number / 100, OUT, b"tick\n") for number in range(1000)]
    found = "\n".join(rows_of(crossed))
    assert found.count("tick") == CONTENT_ROWS
    assert f"… {5 * (1000 - CONTENT_ROWS):,} more bytes in {1000 - CONTENT_ROWS} pieces" in found


def test_chunks_count_as_content() -> None:
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 5000 + b"0\r\n\r\n"
    found = text_of(data).splitlines()
    assert len(found) < CONTENT_ROWS + 20
    assert any("the last chunk" in row for row in found)


def test_pipelined_requests_come_first_and_each_answer_has_its_number() -> None:
    found = rows_of([(0.0, IN, ASK + ASK), (0.1, OUT, HELLO + HELLO)])
    labels = [row[:4] for row in found if row.startswith("#")]
    assert labels == ["#1 ▸", "#2 ▸", "#1 ◂", "#1 =", "#2 ◂", "#2 ="]


def test_one_exchange_alone() -> None:
    tape = tape_of([(0.0, IN, ASK + ASK), (0.1, OUT, HELLO + HELLO)])
    found = "\n".join(shown(tape, Look(), exchanges={2}))
    assert "#2" in found and "#1" not in found
    assert list(shown(tape, Look(), connections={7})) == []


def test_events_are_shown_with_hex() -> None:
    tape = tape_of([(0.0, IN, ASK), (0.5, OUT, HELLO)])
    tape.connections[1].events.append(Event(0.25, "handler-start", "Root.index", 1))
    assert "handler is called" not in "\n".join(shown(tape, Look()))
    assert "     0.250  · the handler is called: Root.index" in list(shown(tape, Look(verbose=1)))


def test_what_was_dropped_is_said() -> None:
    tape = tape_of([(0.0, IN, ASK), (0.1, OUT, HELLO)])
    tape.connections[1].stream(OUT).first = 3
    tape.connections[1].lost = 2
    tape.dropped = 1
    found = "\n".join(shown(tape, Look()))
    assert "◂ the first 3 bytes not kept" in found
    assert "2 older exchanges not kept" in found
    assert "(1 older connection not kept)" in found


SECRETS = b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic c2VjcmV0\r\nCookie: sid=hidden42\r\n\r\n"


@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_secrets_are_hidden_unless_asked_for(verbose: int) -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=hidden42;\r\n x=hidden42\r\nContent-Length: 0\r\n\r\n"
    found = "\n".join(rows_of([(0.0, IN, SECRETS), (0.1, OUT, answer)], Look(verbose=verbose)))
    for secret in ("c2VjcmV0", "hidden42", b"c2VjcmV0".hex(" "), b"hidden4".hex(" ")):
        assert secret not in found
    assert "hidden42" in "\n".join(rows_of([(0.0, IN, SECRETS)], Look(secrets=True)))


def test_secrets_in_what_no_reader_understood_are_hidden() -> None:
    broken = b"GET / HTTP/1.1\r\nHost : a\r\nCook"
    found = "\n".join(rows_of([(0.0, IN, broken), (0.1, IN, b"ie: sid=hidden42\r\n\r\n")]))
    assert "hidden42" not in found and "sid=" in found


HOSTILE = [
    b"\x1b[2J\x1b]0;title\x07",
    b"\xc2\x9b31m",  # CSI as one character of UTF-8
    "\u202eevil\u2066".encode(),  # from right to left
    "a\u0301\u0300".encode(),  # marks that pile up
    "\u2028\u2029\u0085".encode(),
    "\ufeff\u200b\U000e0041".encode(),
    b"\x00\x08\x7f\x0c\x0b",
    b"\xff\xfe\xed\xa0\x80",
    "\u240d\u240a".encode(),  # looks like our CR LF
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("colour", [False, True])
def test_hostile_bytes_never_reach_the_terminal(hostile: bytes, colour: bool) -> None:
    for data in (
        b"GET /" + hostile + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"HTTP/1.1 200 " + hostile + b"\r\nX-" + hostile + b": " + hostile + b"\r\n\r\n" + hostile,
        hostile,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" + hostile,
    ):
        for verbose in (0, 2):
            tape = tape_of_bytes(data)
            connection = tape.connections[1]
            connection.why = connection.peer = hostile.decode("latin-1")
            connection.closed, connection.tls = 1.0, {"server_name": hostile.decode("utf-8", "surrogateescape")}
            found = "\n".join(shown(tape, Look(colour=colour, verbose=verbose)))
            assert_harmless(COLOURS.sub("", found) if colour else found)


def assert_harmless(text: str) -> None:
    for character in text.replace("␍", "").replace("␊", "").replace("\n", ""):
        assert harmless(character), repr(character)


@given(st.lists(st.tuples(st.sampled_from([IN, OUT]), st.binary(min_size=1, max_size=80)), max_size=8), st.data())
def test_any_bytes_are_shown_whole_and_harmless(pieces: list[tuple[str, bytes]], data: st.DataObject) -> None:
    start = data.draw(st.sampled_from([b"", ASK, ASK[:-2], b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"]))
    answer = data.draw(st.sampled_from([b"", HELLO, PUSH, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]))
    crossed = [(0.0, way, part) for way, part in [(IN, start), (OUT, answer), *pieces] if part]
    tape = tape_of(crossed)
    look = Look(whole=True, verbose=data.draw(st.sampled_from([0, 1, 2])), unicode=data.draw(st.booleans()))
    for row in shown(tape, look):
        assert_harmless(row)
    for connection in tape:
        for way in (IN, OUT):
            lines = list(LineMaker(connection.stream(way)).ready(final=True))
            assert b"".join(line.data for line in lines) == connection.stream(way).read()


def test_a_view_that_follows_gives_each_line_once() -> None:
    whole = tape_of([(0.0, IN, ASK), (0.1, OUT, PUSH), (0.2, OUT, b"one\n"), (0.3, OUT, b"two\n")])
    connection = whole.connections[1]
    stream = connection.stream(OUT)
    entries, end = stream.entries, stream.end
    view = ConnectionView(whole, connection, Look())
    assert "two" in "".join(view.news()) and list(view.news()) == []
    stream.entries, stream.end = entries[:2], entries[1].end
    view = ConnectionView(whole, connection, Look())
    first = "".join(view.news())
    assert "one" in first and "two" not in first
    stream.entries, stream.end = entries, end
    assert ["two" in row for row in view.news()] == [True]


def test_a_field_that_is_folded_is_one_line() -> None:
    tape = tape_of_bytes(b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\nY: d\r\n\r\n")
    lines = list(LineMaker(tape.connections[1].stream(OUT)).ready(final=True))
    assert [line.data for line in lines][1] == b"X: a\r\n b\r\n\tc\r\n"


def test_what_bytes_are_is_told_by_their_beginning() -> None:
    assert recognised(b"HTTP/1.1 200 OK\r\n") == recognised(b"\r\nHTTP/9") == recognised(b"http/1.0 200") == "response"
    assert recognised(b"GET / HTTP/1.1\r\n") == recognised(b"") == recognised(b"\x16\x03") == "request"


@pytest.mark.parametrize(
    ("data", "text", "expected"),
    [
        (b"a\tb\\c\r\n\x00\xff", False, "a\\tb\\\\c␍␊\\x00\\xff"),
        ("é\u4e2d".encode(), True, "é\u4e2d"),
        ("é".encode(), False, "\\xc3\\xa9"),
        (b"\xc3", True, "\\xc3"),
        ("\u202e".encode(), True, "\\xe2\\x80\\xae"),
    ],
)
def test_visible(data: bytes, text: bool, expected: str) -> None:
    assert visible(data, as_text=text) == expected
    assert "".join(cells(data, as_text=text)) == expected


@given(st.binary(max_size=60))
def test_escapes_can_be_read_back(data: bytes) -> None:
    escaped = visible(data, pictures=False)
    assert escaped.isascii() and escaped.isprintable() or not escaped
    assert escaped.encode("ascii").decode("unicode_escape").encode("latin-1") == data


def test_printable_takes_any_text() -> None:
    assert printable("a\x1b[b\nc") == "a\\x1b[b\\nc"
    assert printable("C:\\x é") == "C:\\x é"
    assert printable("\ud800\udc80") == "\\xed\\xa0\\x80\\x80"


def test_wrapping() -> None:
    assert wrapped_words("one two  three", 7) == ["one two", "three"] or wrapped_words("one two", 7) == ["one two"]
    assert wrapped_words("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrapped_cells(["\\x00"] * 3, 9) == ["\\x00\\x00", "\\x00"]
    assert width_of("\u4e2d\u6587") == 4 and width_of("▸◂␍␊…·✓⚠✗é") == 10
    assert wrapped_cells(list("\u4e2d\u6587"), 3) == ["\u4e2d", "\u6587"]


def test_words_stand_below_only_where_bytes_fill_the_row() -> None:
    look = Look(80)
    assert beside(look, 12, ["x" * 66], "in", "words", "9112 3")[1].endswith("words" + " " * 25 + "9112 3")
    one = beside(look, 12, ["x" * 50], "in", "words that are many", "9112 3")
    assert len(one) == 1 and one[0].endswith(" 9112 3")


def test_durations() -> None:
    assert [duration(each) for each in (0.0021, 0.0999, 0.5, 12.34)] == ["2.1 ms", "99.9 ms", "0.500 s", "12.3 s"]


class Output(io.StringIO):
    def __init__(self, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal, self._encoding = terminal, encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "variables", "expected"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": ""}, True),  # no-color.org: "when present and not an empty string"
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": "xterm"}, True),
        (False, {}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(terminal: bool, variables: dict[str, str], expected: bool) -> None:
    assert wants_colour(Output(terminal), variables) is expected
    assert look_for(Output(terminal), environment=variables).colour is expected
    assert look_for(Output(terminal), colour=True, environment=variables).colour


def test_the_look_fits_the_output() -> None:
    assert look_for(Output(False), environment={"COLUMNS": "132"}).width == 132
    assert look_for(Output(False), environment={"COLUMNS": "wide"}).width == 80
    assert look_for(Output(False, "utf-8"), environment={}).unicode
    assert not look_for(Output(False, "latin-1"), environment={}).unicode
    assert not look_for(Output(False, "no such"), environment={}).unicode


def test_what_the_encoding_lacks_is_escaped() -> None:
    out = Output(False, "ascii")
    write_rows(out, ["é ▸"])
    assert out.getvalue() == "\\xe9 \\u25b8\n"


def test_levels() -> None:
    look = Look()
    assert [look.wants(level) for level in ("good", "info", "warning", "bad")] == [False, False, True, True]
    assert all(replace(look, verbose=1).wants(level) for level in ("good", "info", "warning", "bad"))
    assert not replace(look, level="bad").wants("warning")


def test_an_empty_tape_has_no_rows() -> None:
    assert list(shown(Tape(), Look())) == []


UPGRADE = (
    b"GET /e HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)


def test_every_span_of_frames_and_of_event_streams() -> None:
    frame = b"\x81\x85\x01\x02\x03\x04" + bytes(byte ^ (1, 2, 3, 4)[at % 4] for at, byte in enumerate(b"hello"))
    crossed = [(0.0, IN, UPGRADE), (0.1, OUT, SWITCH), (0.2, IN, frame), (0.3, OUT, b"\x81\x05hello")]
    found = "\n".join(rows_of(crossed, Look(verbose=2)))
    assert 'ws-text      "igohn"  6455 5.6' in found and "unmasked: b'hello'" in found
    assert found.count("final text frame of 5 bytes") == 2
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    found = "\n".join(rows_of([(0.0, IN, ASK), (0.1, OUT, head), (0.2, OUT, b"id: 1\nda"), (0.3, OUT, b"ta: x\n\n")],
                              Look(verbose=2)))  # fmt: skip
    assert 'sse-field    "id"' in found and 'sse-field    "da"' in found and 'sse-field    "ta"' in found
    # While the exchange goes on the content is one span: it would have to be read anew for each piece.
    tape = tape_of([(0.0, IN, ASK), (0.1, OUT, head + b"id: 1\n\n")])
    tape.exchanges[1].ended = None
    assert "sse-field" not in "\n".join(shown(tape, Look(verbose=2)))


@pytest.mark.parametrize("size", [1, 7, 30, 1 << 20])
@pytest.mark.parametrize("last", [b"0\r\n\r\n", b"000;a=b\r\nT: x\r\n\r\n", b"ZZ\r\n", b"5\r\nhel"])
def test_chunks_that_nobody_looks_at_are_put_together_and_tell_the_same(size: int, last: bytes) -> None:
    chunks = b"".join(b"%x;n=%d\r\n%s\r\n" % (number % 7 + 1, number, b"x" * (number % 7 + 1)) for number in range(90))
    sent = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + last
    tape = tape_of([(0.3 * (at // 300), OUT, sent[at : at + size]) for at in range(0, len(sent), size)])
    connection = tape.connections[1]

    for verbose in 0, 2:
        view, other = (ConnectionView(tape, connection, Look(width=100, verbose=verbose)) for _ in range(2))
        for maker in other._makers.values():
            maker.most = 1 << 60
        assert list(view.whole()) == list(other.whole())
    lines = list(LineMaker(connection.stream(OUT), most=10).ready(final=True))
    assert b"".join(line.data for line in lines) == sent
    assert size < 1000 or len(lines) < 30
