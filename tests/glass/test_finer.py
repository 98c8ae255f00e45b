"""What is inside content is named too: events, parts, frames; and only as far as it is short."""

from __future__ import annotations

from typing import Any

import pytest

from rawwfile import request, response
from rawwfile.glass.web import finer, rows
from tests.glass.inspecting import Watched

STREAM = b"retry: 5\n\nevent: tick\ndata: 1\n\n: bye\n\n"
PARTS = b"--x\r\nContent-Type: text/plain\r\n\r\none\r\n--x\r\n\r\ntwo\r\n--x--\r\n"


def serve(watched: Watched, *writes: bytes) -> None:
    def raw() -> None:
        request.rfile.read()
        response.sendResponse = 0
        for data in writes:
            response.wfile.write(data)

    watched.page_of(raw)


def spans(watched: Watched, query: str = "", direction: str = "out") -> list[list[Any]]:
    found = watched.page.get(f"spans/1/{direction}?{query}")
    assert [span[0] for span in found[1:]] == [span[1] for span in found[:-1]]
    return found


def kinds(found: list[list[Any]]) -> list[str]:
    return [kind for _, _, kind in found]


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_events_of_a_stream_are_named_across_chunks(watched: Watched) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    serve(watched, head, chunked(STREAM[:13], STREAM[13:]))
    watched.fetch("/raw")
    found = spans(watched)
    inside = [kind for kind in kinds(found) if kind.startswith("sse-")]
    assert inside.count("sse-field") == 4 and inside.count("sse-comment") >= 1 and inside.count("sse-blank") == 3
    assert "chunk-data" not in kinds(found) and kinds(found).count("chunk-size") == 3
    start, stop = len(head) + 5, len(head) + 20
    part = spans(watched, f"from={start}&to={stop}")
    assert part[0][0] == start and part[-1][1] == stop
    assert part == [[max(a, start), min(b, stop), kind] for a, b, kind in found if a < stop and b > start]


def test_parts_are_named_in_both_directions(watched: Watched) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=x\r\n\r\n"
    serve(watched, head, PARTS)
    fields = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n" % len(PARTS)
    watched.send(b"POST /raw HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n" + PARTS)
    for direction in ("in", "out"):
        found = kinds(spans(watched, direction=direction))
        assert found.count("part-boundary") == 3 and found.count("part-content") == 2 and "content" not in found


def test_frames_are_named_after_a_switch(watched: Watched) -> None:
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    serve(watched, head, b"\x81\x02hi")
    fields = b"Host: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    watched.send(b"GET /raw HTTP/1.1\r\n" + fields + b"\r\n" + b"\x81\x82abcd\x09\x0b", end=True)
    assert kinds(spans(watched))[-2:] == ["ws-header", "ws-text"]
    assert "ws-mask" in kinds(spans(watched, direction="in")) or "switched" not in kinds(spans(watched, direction="in"))


@pytest.mark.parametrize("field", [b"Content-Encoding: gzip\r\n", b"Content-Type: text/plain\r\n", b""])
def test_other_content_stays_one_span(watched: Watched, field: bytes) -> None:
    media = b"" if b"Type" in field else b"Content-Type: text/event-stream\r\n" if field else b""
    serve(watched, b"HTTP/1.1 200 OK\r\n" + media + field + b"\r\n", STREAM)
    watched.fetch("/raw")
    assert kinds(spans(watched))[-1] == "content"


def test_long_content_is_not_looked_into(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finer, "MAX_SIZE", 100)
    serve(watched, b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", STREAM * 5)
    watched.fetch("/raw")
    assert kinds(spans(watched))[-1] == "content"


def test_few_messages_are_kept(watched: Watched) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(STREAM)
    serve(watched, head + STREAM)
    watched.send(b"GET /raw HTTP/1.1\r\nHost: a\r\n\r\n" * 40)
    assert kinds(spans(watched)).count("sse-blank") == 120
    assert len(watched.inspector._server.application.shown._finer._kept) == finer.MAX_KEPT


def test_a_range_in_the_middle_has_no_finer_spans_of_what_is_outside(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = STREAM * 20
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(content)
    serve(watched, head + content)
    watched.fetch("/raw")
    start, stop = len(head) + 300, len(head) + 400
    part = spans(watched, f"from={start}&to={stop}&whole=1")
    assert part[0][0] <= start < part[0][1] and part[-1][0] < stop <= part[-1][1]
    # Few spans in an answer: who goes on where the last one ended comes to the end.
    monkeypatch.setattr(rows, "MAX_SPANS", 7)
    at, steps = start, 0
    while at < stop:
        at, before = spans(watched, f"from={at}&to={stop}&whole=1")[-1][1], at
        steps += 1
        assert at > before
    assert steps > 1
