"""Visitors of legacy_examples/ who leave early: the log says it in one line, and nobody's program fails."""

from __future__ import annotations

import logging
import socket
import struct

import pytest

from tests.commands import PATIENCE
from tests.docs.museum import Museum

PAGES = [
    "/howto20/", "/headers_by_hand/", "/keep_alive_by_hand/closing", "/chunked_by_hand/", "/trailers_by_hand/",
    "/gzip_by_hand/", "/ranges_by_hand/", "/proxy_by_hand/through", "/proxy_by_hand/through?of=/chunked_by_hand/",
    "/server_push/camera", "/cherrypy3_stream/thing?name=a", "/sse_clock/ticks", "/streaming_zip/?count=3000",
    "/early_hints/", "/streamed_csv/rows", "/three_streams/ticks", "/database_stream/readings.csv",
    "/database_stream/snapshot.csv", "/stream_template/large.csv", "/stream_template/", "/broken/two_lengths", "/who/",
]  # fmt: skip
PUT = b"PUT %s HTTP/1.1\r\nHost: x\r\n"
WEBSOCKET = (
    b"GET /websocket_echo/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
HALVES = [
    PUT % b"/upload/disk" + b"Content-Length: 1000000\r\n\r\nabc",
    PUT % b"/upload/raw" + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    PUT % b"/continue_by_hand/put" + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\nabc",
    PUT % b"/trailers_by_hand/sent" + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    b"POST /database_stream/add?count=500 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    WEBSOCKET,
    WEBSOCKET + b"\x81\xfe\xff",
]
"""Requests of which half is missing, or that would go on for long."""


@pytest.mark.parametrize("received", [0, 1])
@pytest.mark.parametrize("politely", [True, False], ids=["politely", "slamming the door"])
def test_who_leaves_early_is_no_failure(caplog, received, politely):
    caplog.set_level(logging.INFO, "rawwfile")
    requests = [f"GET {page} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode() for page in PAGES]
    with Museum() as museum:
        follower = museum.tape.follow(kinds=("closed",))
        here = set()
        for data in requests + (HALVES if not received else []):
            with museum.connect() as client:
                here.add("{}:{}".format(*client.getsockname()))
                client.sendall(data)
                client.recv(received)
                if not politely:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        while here:  # until the server has seen the end of each
            events = follower.next(PATIENCE)
            assert events, here
            here -= {event.connection.peer for event in events}

    assert any("the client is gone" in record.getMessage() for record in caplog.records)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert not [record for record in caplog.records if record.exc_info]
