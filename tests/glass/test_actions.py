"""What the page does: the send box, the lab address, Break it, Compare, opening and keeping recordings."""

from __future__ import annotations

import base64
import io
import json
import random
from typing import Any

import pytest

from rawwfile import expose
from rawwfile.adapters.interface import application_for
from rawwfile.glass import comparing
from rawwfile.glass.inspector import Inspector
from rawwfile.glass.pieces import Piece
from rawwfile.glass.web import answers
from rawwfile.tape.model import Tape
from rawwfile.tape.wirereader import read_wire
from tests.glass.inspecting import Page, Watched, encoded, watching
from tests.live import Live

GET = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
RAW = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


# -- the send box


def test_a_raw_request_is_sent_and_found_on_the_tape(watched: Watched) -> None:
    watched.fetch()
    answer = watched.page.post("send", {"pieces": encoded(GET[:9], Piece(GET[9:], 0.01)), "read": 30})
    assert answer["ended"] == "complete" and answer["sent"] == len(GET) and answer["seconds"] >= 0.01
    data = base64.b64decode(answer["bytes"])
    assert data.endswith(b"\r\n\r\nhello") and sum(size for _, size in answer["arrivals"]) == len(data)
    assert answer["connection"] == 2
    assert watched.page.ask("GET", "/wire/api/bytes/2/in").body == GET


def test_a_broken_request_is_sent_as_it_is(watched: Watched) -> None:
    answer = watched.page.post("send", {"pieces": encoded(b"GET / HTTP/1.1\nHost: a\n\n"), "read": 30})
    assert answer["ended"] == "eof" and base64.b64decode(answer["bytes"]).startswith(b"HTTP/1.1 400 ")


def test_the_end_of_sending_can_be_said(watched: Watched) -> None:
    answer = watched.page.post("send", {"pieces": encoded(GET[:-2]), "read": 30, "end": True})
    assert answer["ended"] == "eof"


def test_a_server_that_is_gone_is_said_in_a_sentence(watched: Watched) -> None:
    watched.server.shutdown(0)
    watched.server.server_close()
    answer = watched.page.post("send", {"pieces": encoded(GET)}, 502)
    assert answer["error"].startswith("The server cannot be reached: ")


def test_a_server_with_tls_is_sent_to_by_tls(authority: Any) -> None:
    live = Live("https", authority).start()
    live.page(hello)
    try:
        with Inspector(Tape(), scheme="https", server_address=live.server.server_address) as inspector:
            page = Page(inspector.url)
            page.enter()
            answer = page.post("send", {"pieces": encoded(GET), "read": 30})
            assert answer["ended"] == "complete" and base64.b64decode(answer["bytes"]).endswith(b"hello")
            assert answer["connection"] is None
            assert page.get("state")["server"]["url"].startswith("https://127.0.0.1:")
    finally:
        live.stop()


def hello() -> str:
    return "hello"


# -- the lab address


def test_the_next_visitor_of_the_lab_address_gets_what_was_written_for_it(watched: Watched) -> None:
    assert watched.fetch("/lab/now").data.startswith(b"HTTP/1.1 404 ")
    answer = watched.page.post("lab", {"pieces": encoded(RAW[:-2], Piece(RAW[-2:], 0.02))})
    host, port = watched.server.server_address
    assert answer == {"url": f"http://{host}:{port}/lab/now", "armed": True}
    assert watched.lab.armed
    reply = watched.fetch("/lab/now?x=1")
    assert reply.data == RAW
    assert watched.fetch("/lab/now").data.startswith(b"HTTP/1.1 404 ") and not watched.lab.armed
    found = watched.page.get("exchange/2")
    assert (found["raw"], found["verdict"], found["handler"].split(" ")[0]) == (True, "complete", "lab_response")
    entries = [entry for entry in watched.page.get("connection/2")["entries"] if entry[1] == "out"]
    assert [entry[4] for entry in entries] == [len(RAW) - 2, 2]


def test_what_is_wrong_with_it_is_judged_like_anybodys(watched: Watched) -> None:
    watched.page.post("lab", {"pieces": encoded(RAW.replace(b": 5", b": 9"))})
    assert watched.fetch("/lab/now").data == RAW.replace(b": 5", b": 9")
    assert "content-short" in {note["id"] for note in watched.page.get("exchange/1")["notes"]}


def test_the_lab_address_can_be_disarmed(watched: Watched) -> None:
    watched.page.post("lab", {"pieces": encoded(RAW)})
    assert watched.page.post("lab", {"pieces": []})["armed"] is False
    assert watched.fetch("/lab/now").data.startswith(b"HTTP/1.1 404 ")


class Root:
    """Pages, some of them at the lab address."""

    @expose
    def index(self) -> str:
        return "index"

    @expose
    def lab(self, *segments: str) -> str:
        return f"lab {segments}"


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


@pytest.mark.parametrize("application, content", [(Root(), b"lab (&#39;now&#39;,)"), (wsgi, b"/lab/now")])
def test_the_lab_address_stands_before_any_application(application: Any, content: bytes) -> None:
    with watching(site=application_for(application)) as watched:
        assert watched.fetch("/lab/now").data.split(b"\r\n\r\n")[1].replace(b"'", b"&#39;") == content
        watched.page.post("lab", {"pieces": encoded(RAW)})
        assert watched.fetch("/lab/now").data == RAW
        assert watched.fetch("/").data.startswith(b"HTTP/1.1 200 OK\r\n")


def test_without_a_lab_box_there_is_no_lab_address(watched: Watched) -> None:
    with Inspector(watched.tape, server_address=watched.server.server_address) as inspector:
        page = Page(inspector.url)
        page.enter()
        assert page.get("state")["server"]["lab"] is None
        page.post("lab", {"pieces": encoded(RAW)}, 404)


# -- Break it


def test_break_it_answers_with_pieces_a_sentence_and_the_place(watched: Watched) -> None:
    found = watched.page.post("break", {"data": b64(RAW), "how": "length-plus", "n": 3})
    assert base64.b64decode(found["pieces"][0]["data"]) == RAW.replace(b": 5", b": 8")
    assert found["what"] == "Content-Length promises 3 bytes more than there is: the reader waits for it."
    assert found["notes"] == ["content-short"] and found["rule"] == "RFC 9112 section 8" and found["end"] is True
    at = RAW.index(b"5")
    assert (found["start"], found["before"], found["after"]) == (at, at + 1, at + 1)


def test_what_does_not_apply_is_409(watched: Watched) -> None:
    found = watched.page.post("break", {"data": b64(RAW), "how": "no-host"}, 409)
    assert found == {"error": "This does not apply: this is for a request, and here is a response."}
    watched.page.post("break", {"data": b64(RAW), "how": "glue"}, 404)
    watched.page.post("break", {"data": b64(RAW), "how": ["lf"]}, 404)
    watched.page.post("break", {"data": "?", "how": "lf"}, 400)
    watched.page.post("break", {"data": b64(RAW), "how": "lf", "kind": "poem"}, 400)
    watched.page.post("break", {"data": b64(RAW), "how": "cut", "n": "many"}, 400)


def test_the_offers_say_which_of_them_apply(watched: Watched) -> None:
    every = watched.page.get("breaks")
    assert {each["applies"] for each in every} == {"request", "response", "both"}
    assert next(each for each in every if each["name"] == "cut")["n"]["value"] == 0
    fitting = {each["name"]: each["not"] for each in watched.page.post("breaks", {"data": b64(GET)})}
    assert fitting["lf"] is None and fitting["status-99"] and fitting.keys() == {each["name"] for each in every}


def test_every_offer_can_be_sent_to_the_server(watched: Watched) -> None:
    """Break it, then send: the server's own notes say what was promised."""
    for offer in watched.page.post("breaks", {"data": b64(GET)}):
        # That content is short shows only to a handler that reads it.
        if offer["not"] is not None or offer["name"] in ("bytes", "split", "length-plus"):
            continue
        broken = watched.page.post("break", {"data": b64(GET), "how": offer["name"]})
        reply = watched.send(*[Piece(base64.b64decode(each["data"])) for each in broken["pieces"]], end=broken["end"])
        assert reply.ended in ("eof", "complete"), offer
        number = next(row["number"] for row in reversed(watched.page.get("connections")))
        ids = [row["id"] for row in watched.page.get("exchanges")["rows"] if row["connection"] == number]
        notes = {note["id"] for each in ids for note in watched.page.get(f"exchange/{each}")["notes"]}
        assert not broken["notes"] or notes & set(broken["notes"]), (offer, notes, broken)


# -- Compare


def test_compare_asks_the_clients(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Comparison:
        def json(self) -> dict[str, Any]:
            return {"rows": [{"client": "http.client", "reading": "ok", "detail": ""}]}

    def compare(pieces: list[Piece], clients: Any = None, method: str = "GET") -> Comparison:
        asked.append((pieces, method))
        return Comparison()

    monkeypatch.setattr(comparing, "compare", compare)
    found = watched.page.post("compare", {"pieces": encoded(RAW), "method": "HEAD"})
    assert found["rows"][0]["client"] == "http.client" and asked == [([Piece(RAW)], "HEAD")]
    watched.page.post("compare", {"pieces": encoded(RAW), "method": "EAT"}, 400)


def test_compare_for_real(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    real = comparing.compare
    monkeypatch.setattr(comparing, "compare", lambda pieces, method: real(pieces, ["http.client"], method=method))
    (row,) = watched.page.post("compare", {"pieces": encoded(RAW)})["rows"]
    assert row["client"] == "http.client" and row["reading"]


# -- recordings


def test_the_recording_can_be_kept_and_opened_again(watched: Watched) -> None:
    page = watched.page
    watched.fetch("/hello?old")
    answer = page.ask("GET", "/wire/api/wire")
    assert answer.fields["Content-Disposition"] == 'attachment; filename="recording.wire"'
    assert len(read_wire(io.BytesIO(answer.body)).exchanges) == 1
    old = {path: page.get(path) for path in ("exchanges", "exchange/1", "connections", "spans/1/in")}
    page.post("clear")
    watched.fetch("/hello?new")
    with page.events() as events:
        events.next()
        opened = page.ask("POST", "/wire/api/wire?name=my%20lesson.wire", body=answer.body)
        assert (opened.status, opened.json) == (200, {"total": 1, "name": "my lesson.wire"})
        assert events.until(lambda name, _: name == "cleared")[-1] == ("cleared", {})
        assert page.get("state")["loaded"] == "my lesson.wire"
        for path, value in old.items():
            assert rounded(page.get(path)) == rounded(value), path
        watched.fetch("/hello?hidden")
        assert [row["target"] for row in page.get("exchanges")["rows"]] == ["/hello?old"]
        assert page.post("wire/close") == {"loaded": None}
        # What came meanwhile is not told: the page loads the list anew.
        assert events.next() == ("cleared", {})
    targets = [row["target"] for row in page.get("exchanges")["rows"]]
    assert targets == ["/hello?new", "/hello?hidden"] and page.get("state")["loaded"] is None


def rounded(value: Any) -> Any:
    """Without the digits of times that .wire files do not keep."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return "seconds" if isinstance(value, float) else value


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"x", b"{}", b"[]", b"null", b'{"wire": 2}\n', b'{"wire": 1}\n{"type": "poem"}\nx', b"\xff\xfe", b"\0",
     b"[" * 100_000, b'{"wire":' * 5000, b'{"wire": 1, "by": "", "started": 5, "masked": []}\n',
     b'{"wire": 1, "by": "x", "started": "2026-01-01T00:00:00Z", "masked": true}\n' + b"[" * 100_000 + b"\n"],
    ids=lambda data: repr(data[:30]),
)  # fmt: skip
def test_what_is_no_recording_is_refused_and_changes_nothing(watched: Watched, data: bytes) -> None:
    watched.fetch()
    answer = watched.page.ask("POST", "/wire/api/wire?name=x.wire", body=data)
    assert answer.status == 400 and answer.json["error"]
    assert watched.page.get("state")["loaded"] is None and watched.page.get("exchanges")["total"] == 1


ODD = [None, -1, 0, 5, 10**12, 1.5, "", "x", "in", [], {}, [0, 5], [5, 0], [[0, 5, "method"]], True, "A" * 3000]


def test_a_damaged_recording_is_refused_or_shown_and_nothing_else(watched: Watched) -> None:
    page, chance = watched.page, random.Random(7)
    watched.fetch()
    watched.send(b"GET / HTTP/1.1\nHost: a\n\n")
    good = page.ask("GET", "/wire/api/wire").body.decode().splitlines()
    opened = 0
    for _ in range(60):
        lines = list(good)
        at = chance.randrange(len(lines))
        row = json.loads(lines[at])
        row[chance.choice(list(row))] = chance.choice(ODD)
        lines[at] = json.dumps(row)
        answer = page.ask("POST", "/wire/api/wire", body="\n".join(lines).encode())
        assert answer.status in (200, 400), lines[at]
        if answer.status == 200:
            opened += 1
            for path in ("exchanges", "connections", "exchange/1", "exchange/2", "connection/1", "bytes/2/in",
                         "spans/2/in", "spans/1/out", "wire"):  # fmt: skip
                assert page.ask("GET", f"/wire/api/{path}").status in (200, 404), (path, lines[at])
    assert 0 < opened < 60


# -- hostile input

BAD = [
    b"", b"x", b"[]", b"1", b'"a"', b"null", b"{", b"\xff", b"[" * 200_000, b'{"a":' * 200_000,
    b'{"pieces": 1' + b"}" * 9, b'{"pieces": [' * 3, b"NaN", b"1" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("data", BAD, ids=lambda data: repr(data[:20]))
def test_what_is_no_json_object_is_400(watched: Watched, data: bytes) -> None:
    for name in ("send", "lab", "break", "breaks", "compare", "clear", "wire/close"):
        answer = watched.page.ask("POST", f"/wire/api/{name}", body=data)
        assert answer.status == 400 and answer.json["error"].startswith("The content is not ")


@pytest.mark.parametrize(
    "value",
    [
        {}, {"pieces": None}, {"pieces": {}}, {"pieces": [1]}, {"pieces": [{"data": "?"}]}, {"pieces": [{"data": 1}]},
        {"pieces": [{"data": "YQ==", "pause": "x"}]}, {"pieces": [{"data": "YQ==", "pause": 1e308}]},
        {"pieces": [{"data": "YQ==", "pause": 10**400}]}, {"pieces": [{"data": "YQ==", "pause": -1}]},
        {"pieces": [{"data": ""}] * 20_001},
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_what_is_no_pieces_is_400(watched: Watched, value: dict[str, Any]) -> None:
    for name in ("send", "lab", "compare"):
        assert watched.page.post(name, value, 400)["error"].endswith(".")


@pytest.mark.parametrize("read", ["x", True, [], {}, None, 10**400, -5])
def test_a_strange_time_to_read_is_refused_or_bounded(watched: Watched, read: Any) -> None:
    wanted = 400 if isinstance(read, (str, bool, list, dict)) else 200
    watched.page.post("send", {"pieces": encoded(GET), "read": read}, wanted)


def test_more_json_than_the_limit_is_413(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_JSON", 1000)
    for size, status in ((900, 200), (1001, 413)):
        body = json.dumps({"data": "", "x": ""}).encode()
        assert watched.page.ask("POST", "/wire/api/breaks", body=body + b" " * (size - len(body))).status == status


def test_only_so_many_requests_are_sent_at_once(watched: Watched) -> None:
    site = watched.inspector._server.application
    taken = 0
    while site.sending.acquire(blocking=False):
        taken += 1
    assert taken == 16
    assert "Too many" in watched.page.post("send", {"pieces": encoded(GET)}, 429)["error"]
    site.sending.release()
    assert watched.page.post("send", {"pieces": encoded(GET)})["ended"] == "complete"


def test_a_fault_of_ours_is_an_answer_with_the_same_guard(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched.inspector._server.application.shown, "connections", lambda: 1 / 0)
    answer = watched.page.ask("GET", "/wire/api/connections")
    assert answer.status == 500 and answer.json["error"].startswith("A fault in the inspector")
    assert answer.fields["Content-Security-Policy"]
