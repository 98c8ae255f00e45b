"""What the page is told of a recording: lists, details, ranges of bytes and spans, notes."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from rawwfile import response
from rawwfile.glass.web import shown
from rawwfile.glass.web.rows import MAX_BYTES, MAX_SPANS
from rawwfile.http.notes.base import LEVELS, ForeignNote, Note, load_all, note_from
from rawwfile.http.spans import SPAN_KINDS
from rawwfile.tape.meanings import FIELDS
from rawwfile.tape.model import ConnectionTape, ExchangeRecord
from tests.glass.inspecting import Watched, watching

ROW = {"id", "connection", "number", "method", "target", "status", "verdict", "level", "raw", "began", "duration",
       "first_byte", "in", "out", "open"}  # fmt: skip


def by_hand(*writes: bytes):
    """A handler that writes these."""

    def raw() -> None:
        response.sendResponse = 0
        for data in writes:
            response.wfile.write(data)

    return raw


def test_the_state_says_what_the_page_needs_once() -> None:
    visits = [{"path": "/hello", "title": "a page"}]
    with watching(application="hello.py", visits=visits) as watched:
        state = watched.page.get("state")
        host, port = watched.server.server_address
        assert state["server"] == {"url": f"http://{host}:{port}", "scheme": "http", "application": "hello.py",
                                   "lab": "/lab/now"}  # fmt: skip
        assert state["visits"] == visits and state["loaded"] is None and state["secrets"] is False
        assert state["kinds"].keys() == SPAN_KINDS.keys()
        assert state["kinds"]["crlf"] == {"title": "line end", "rule": "RFC 9112 section 2.2"}
        assert state["fields"]["host"] == list(FIELDS[b"host"])
        assert state["seq"] >= 0 and state["limits"]["connections"] > 0


def test_an_exchange_is_a_row_of_the_list(watched: Watched) -> None:
    reply = watched.fetch("/hello?a=b")
    answer = watched.page.get("exchanges")
    assert answer["total"] == 1
    (row,) = answer["rows"]
    assert row.keys() == ROW
    assert (row["id"], row["connection"], row["number"]) == (1, 1, 1)
    assert (row["method"], row["target"], row["status"], row["verdict"]) == ("GET", "/hello?a=b", 200, "complete")
    assert (row["out"], row["open"], row["raw"], row["level"] in LEVELS) == (len(reply.data), False, False, True)
    assert 0 <= row["began"] <= row["first_byte"] <= row["began"] + row["duration"]


def test_the_list_comes_in_pages_and_is_filtered_by_the_server(watched: Watched) -> None:
    watched.page_of(by_hand(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"))
    watched.send(b"GET /hello?%d HTTP/1.1\r\nHost: a\r\n\r\n" % 1 + b"POST /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
    watched.fetch("/hello?2")
    watched.fetch("/raw")

    def ids(query: str) -> list[int]:
        return [row["id"] for row in watched.page.get(f"exchanges?{query}")["rows"]]

    assert ids("") == [1, 2, 3, 4] and ids("from=1&count=2") == [2, 3] and ids("from=9") == ids("count=0") == []
    assert ids("text=hello") == [1, 3] and ids("text=POST") == [2] and ids("text=404+nowhere") == [2]
    assert ids("text=%233") == [3] and ids("text=xyz") == []
    assert ids("verdict=short") == [4] and ids("level=bad") == [4] and ids("level=good") == [1, 2, 3, 4]
    assert ids("level=bad&verdict=complete") == []
    assert watched.page.get("exchanges?text=hello&count=1")["total"] == 2


def test_all_about_one_exchange(watched: Watched) -> None:
    watched.page_of(by_hand(b"HTTP/1.1 200 OK\n", b"Content-Length: 9\n\n", b"short"))
    reply = watched.fetch("/raw")
    found = watched.page.get("exchange/1")
    assert found.keys() >= ROW | {"handler", "events", "explain", "curl", "reason", "version", "end", "keep", "refused"}
    assert found["request"] == [0, reply.sent] and found["response"] == [0, len(reply.data)]
    assert found["explain"] == "4 bytes less than its Content-Length of 9" and found["raw"] is True
    assert found["handler"].startswith("by_hand.<locals>.raw (test_api.py:")
    kinds = [event["kind"] for event in found["events"]]
    assert kinds.index("request-read") < kinds.index("handler-start") < kinds.index("first-byte") < len(kinds)
    notes = {note["id"]: note for note in reversed(found["notes"])}
    bare = notes["bare-lf"]
    assert bare.keys() == {"id", "level", "topic", "direction", "start", "end", "message", "explanation", "rule",
                           "advice", "source"}  # fmt: skip
    assert (bare["start"], bare["end"], bare["level"], bare["direction"]) == (15, 16, "warning", "out")
    assert "content-short" in notes
    assert found["level"] == "bad"


def test_all_about_one_connection(watched: Watched) -> None:
    writes = [b"HTTP/1.0 200 OK\r\n\r\n", b"one\n", b"two\n"]
    watched.page_of(by_hand(*writes))
    reply = watched.fetch("/raw")
    found = watched.page.get("connection/1")
    (row,) = watched.page.get("connections")
    assert {name: found[name] for name in row if name != "exchanges"} == {
        name: row[name] for name in row if name != "exchanges"
    }
    assert row["exchanges"] == [1] and row["in"] == reply.sent
    assert row["out"] == len(reply.data) == sum(map(len, writes))
    assert row["scheme"] == "http" and row["opened"] <= row["closed"] and row["peer"].startswith("127.0.0.1:")
    assert found["exchanges"][0]["response"] == [0, len(reply.data)]
    out = [entry for entry in found["entries"] if entry[1:3] == ["out", "plain"]]
    assert [entry[3:5] for entry in out] == [[0, 19], [19, 4], [23, 4]]
    assert all(entry[6].startswith("test_api.py:") for entry in out)
    assert [entry[0] for entry in found["entries"]] == [1, 2, 3, 4]
    assert {(each["direction"], each["side"]) for each in found["streams"]} == {("in", "plain"), ("out", "plain")}
    assert found["events"][-1]["kind"] == "closed" and found["more"] == [] and found["tls"] is None
    assert [entry[0] for entry in watched.page.get("connection/1?entries=3")["entries"]] == [3, 4]
    assert watched.page.get("connection/1?exchanges=2")["exchanges"] == []


def test_bytes_come_in_ranges(watched: Watched) -> None:
    data = b"HTTP/1.0 200 OK\r\n\r\n" + bytes(range(256)) * 8192
    watched.page_of(by_hand(data))
    watched.fetch("/raw", "Connection: close\r\n")
    page = watched.page

    def part(query: str) -> bytes:
        answer = page.ask("GET", f"/wire/api/bytes/1/out?{query}")
        assert answer.status == 200 and answer.fields["Content-Type"] == "application/octet-stream"
        assert answer.fields["X-Start"] == (query.partition("from=")[2].partition("&")[0] or "0")
        return answer.body

    assert len(data) > MAX_BYTES
    assert part("") == data[:MAX_BYTES] and part("from=5&to=9") == data[5:9]
    assert part("from=100") == data[100 : 100 + MAX_BYTES] and part("from=9&to=5") == part("from=99999999") == b""
    assert part("to=9999999999999999999")[:99] == data[:99]
    assert page.ask("GET", "/wire/api/bytes/1/in").body.startswith(b"GET /raw HTTP/1.1\r\n")
    assert page.ask("GET", "/wire/api/bytes/1/in?side=cipher").body == b""


def test_spans_come_in_ranges_and_tile_them(watched: Watched) -> None:
    watched.page_of(by_hand(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
    reply = watched.fetch("/raw")
    size = len(reply.data)
    whole = watched.page.get("spans/1/out")
    assert [span[0] for span in whole] == [0, *(span[1] for span in whole[:-1])] and whole[-1][1] == size
    assert whole[0] == [0, 8, "version"] and whole[-1] == [size - 5, size, "content"]
    assert watched.page.get("spans/1/out?from=2&to=9") == [[2, 8, "version"], [8, 9, "sp"]]
    assert watched.page.get(f"spans/1/out?from=2&to={size - 3}&whole=1") == whole
    assert watched.page.get(f"spans/1/out?from={size}") == [] and watched.page.get("spans/1/out?from=9&to=2") == []


def test_no_more_spans_than_a_page_can_draw(watched: Watched) -> None:
    chunks = b"1\r\nx\r\n" * 6000
    watched.page_of(by_hand(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks, b"0\r\n\r\n"))
    reply = watched.fetch("/raw")
    first = watched.page.get("spans/1/out")
    assert len(first) == MAX_SPANS
    rest = watched.page.get(f"spans/1/out?from={first[-1][1]}")
    assert rest[0][0] == first[-1][1] and rest[-1][1] == len(reply.data)


def test_what_is_secret_is_masked_everywhere() -> None:
    for secrets in (False, True):
        with watching(secrets=secrets) as watched:
            cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: id=hush\0hush; Path=/\r\nContent-Length: 0\r\n\r\n"
            watched.page_of(by_hand(cookie))
            watched.fetch("/raw", "Cookie: a=hush\r\nAuthorization: Basic hush\r\n")
            watched.send(b"GET /raw HTTP/1.1\r\nHost: a\r\nCookie : a=hush\r\n\r\n")
            page = watched.page
            paths = ["bytes/1/in", "bytes/1/out", "bytes/2/in", "exchange/1", "exchange/2", "connection/1",
                     "connection/2", "wire", "exchanges", "connections"]  # fmt: skip
            bodies = {path: page.ask("GET", f"/wire/api/{path}").body for path in paths}
            assert secrets or [path for path in paths if b"hush" in bodies[path]] == []
            assert (b"a=hush" in bodies["bytes/1/in"]) is secrets and (b"hush" in bodies["exchange/1"]) is secrets
            part = page.ask("GET", f"/wire/api/bytes/1/in?from={bodies['bytes/1/in'].index(b'Basic') + 7}").body
            assert (b"ush" in part) is secrets


def test_a_note_is_explained(watched: Watched) -> None:
    found = watched.page.get("note/bare-lf")
    assert found["id"] == "bare-lf" and found["explanation"] and found["rule"] == "RFC 9112 section 2.2"
    for name in load_all():
        assert watched.page.get(f"note/{name}")["sentence"]


@pytest.mark.parametrize(
    "path",
    ["", "x", "state/1", "exchanges/1", "exchange", "exchange/7", "exchange/1/2", "connection/7",
     "bytes/7/in", "bytes/1", "spans/1", "note/x", "note/", "note/../x", "note/" + "a" * 100, "wire/1", "events/1",
     "%73tate", "State", "state/", "/state"],
)  # fmt: skip
def test_what_is_not_there_is_404_in_a_sentence(watched: Watched, path: str) -> None:
    answer = watched.page.ask("GET", f"/wire/api/{path}")
    assert answer.status == 404 and answer.json["error"].endswith(".")


@pytest.mark.parametrize(
    "path",
    ["exchange/", "exchange/x", "exchange/-1", "exchange/1.5", "exchange/%31", "exchange/" + "9" * 30,
     "exchanges?from=x", "exchanges?count=-1", "connection/x", "bytes/1/up", "bytes/x/in", "bytes/1/in?side=x",
     "bytes/1/in?from=-1", "spans/1/in?to=x", "spans/1/in?from=%D9%A1"],
)  # fmt: skip
def test_what_is_no_number_is_400_in_a_sentence(watched: Watched, path: str) -> None:
    watched.fetch()
    answer = watched.page.ask("GET", f"/wire/api/{path}")
    assert answer.status == 400 and answer.json["error"].endswith(".")


def test_a_head_request_has_no_content(watched: Watched) -> None:
    answer = watched.page.ask("HEAD", "/wire/api/state")
    assert answer.status == 200 and answer.body == b"" and int(answer.fields["Content-Length"]) > 0


def test_an_exchange_under_way_is_told_as_open(watched: Watched) -> None:
    begun, done = Event(), Event()

    @watched.page_of
    def slow() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe")
        begun.set()
        done.wait()
        response.wfile.write(b"llo")

    thread = Thread(target=watched.fetch, args=["/slow"])
    thread.start()
    try:
        begun.wait()
        found = watched.page.get("exchange/1")
        assert found["open"] is True and found["duration"] is None and found["ended"] is None
        assert found["verdict"] == "short" and found["status"] == 200 and found["notes"] == []
        assert watched.page.ask("GET", "/wire/api/bytes/1/out").body.endswith(b"\r\n\r\nhe")
    finally:
        done.set()
        thread.join()
    assert watched.page.get("exchange/1")["verdict"] == "complete"


def test_the_second_opinion_stands_under_its_own_name(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def lint_notes(connection: ConnectionTape, exchange: ExchangeRecord) -> list[Note]:
        asked.append(exchange.id)
        about = {"id": "httplint:X", "level": "bad", "topic": "fields", "source": "httplint"}
        return [ForeignNote(0, 3, direction="in", message="seen", **about)]

    monkeypatch.setattr(shown, "installed", lambda: True)
    monkeypatch.setattr(shown, "lint_notes", lint_notes)
    watched.fetch()
    for _ in range(3):
        note = watched.page.get("exchange/1")["notes"][-1]
        assert (note["id"], note["source"], note["message"]) == ("httplint:X", "httplint", "seen")
    assert asked == [1]
    record = watched.tape.exchanges[1]
    own, record.notes = record.notes, [*record.notes, note_from(note)]
    assert watched.page.get("exchanges")["rows"][0]["level"] == "good"
    record.notes = own
    monkeypatch.setattr(shown, "installed", lambda: False)
    assert {note["source"] for note in watched.page.get("exchange/1")["notes"]} == {"rawwfile"}
