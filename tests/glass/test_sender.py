"""Sending raw bytes: in pieces with pauses, with everything that comes back, and bounded."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from rawwfile.glass.pieces import Piece, PiecesError
from rawwfile.glass.sender import NotLocal, Reply, local_address, send
from tests.live import PATIENCE, Live

GET = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"


@contextmanager
def peer(talk: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """A server for one connection; `talk` runs in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)

        def serve() -> None:
            sock, _ = listener.accept()
            sock.settimeout(PATIENCE)
            with sock:
                talk(sock)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[:2]
        thread.join(PATIENCE)
        assert not thread.is_alive()


def ask(live: Live, *pieces: bytes | Piece, **how) -> Reply:
    tls = None
    if live.scheme == "https":
        assert live.authority is not None
        tls = live.authority.client_context()
    given = [piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces]
    return send(("127.0.0.1", live.port), given, tls, server_name="localhost", **{"read": PATIENCE, **how})


@pytest.fixture
def greeting(live: Live) -> Live:
    """A server with one page."""

    @live.page
    def hello() -> str:
        return "hello"

    return live


def test_a_request_is_answered_and_the_sender_is_done_when_the_answer_is_whole(greeting: Live) -> None:
    reply = ask(greeting, GET)
    assert reply.ended == "complete" and reply.data.endswith(b"\r\n\r\nhello")
    assert reply.sent == len(GET) and reply.seconds < PATIENCE
    assert reply.local[0] == "127.0.0.1" and reply.peer[1] == greeting.port
    assert [direction for _, direction, _ in reply.crossed] == ["in", "out"]


def test_pieces_are_writes_of_their_own_in_order_and_time(greeting: Live) -> None:
    reply = ask(greeting, GET[:10], Piece(GET[10:-1], 0.05), Piece(GET[-1:], 0.05))
    sent = [(seconds, data) for seconds, direction, data in reply.crossed if direction == "in"]
    assert [data for _, data in sent] == [GET[:10], GET[10:-1], GET[-1:]]
    assert sent[1][0] >= sent[0][0] + 0.05 and sent[2][0] >= sent[1][0] + 0.05
    assert reply.data.endswith(b"hello")


def test_several_requests_in_one_piece_are_all_waited_for(greeting: Live) -> None:
    reply = ask(greeting, GET * 3)
    assert reply.ended == "complete" and reply.data.count(b"hello") == 3


def test_a_piece_can_wait_for_answers(greeting: Live) -> None:
    reply = ask(greeting, GET, GET, GET, after=[0, 1, 2])
    kinds = [direction for _, direction, _ in reply.crossed]
    assert [kinds[0], kinds[-1]] == ["in", "out"] and reply.data.count(b"hello") == 3
    at = [index for index, kind in enumerate(kinds) if kind == "in"]
    assert len(at) == 3 and all(kinds[index - 1] == "out" for index in at[1:])


def test_an_answer_that_came_before_the_last_byte_was_sent_is_an_answer() -> None:
    answered, rest = threading.Event(), []

    def talk(sock: socket.socket) -> None:
        while b"\r\n\r\n" not in b"".join(rest):
            rest.append(sock.recv(100))
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        while data := sock.recv(100):
            rest.append(data)
        answered.set()

    post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
    with peer(talk) as at:
        # The content is sent when the whole answer has come; no more comes after it.
        reply = send(at, [Piece(post), Piece(b"hello")], read=PATIENCE, after=[0, 1])
        assert answered.wait(PATIENCE)
    assert (reply.ended, b"".join(rest)) == ("complete", post + b"hello")


def test_an_empty_line_behind_the_last_request_has_no_answer(greeting: Live) -> None:
    reply = ask(greeting, GET + GET + b"\r\n\n")
    assert reply.ended == "complete" and reply.data.count(b"hello") == 2


def test_content_can_wait_for_100_continue_but_not_for_ever() -> None:
    post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    for interim in (b"HTTP/1.1 100 Continue\r\n\r\n", b""):
        def talk(sock: socket.socket, interim: bytes = interim) -> None:
            assert sock.recv(1000) == post
            sock.sendall(interim)
            assert sock.recv(1000) == b"hello"
            sock.sendall(answer)
            assert sock.recv(1000) == b""

        with peer(talk) as at:
            reply = send(at, [Piece(post), Piece(b"hello")], read=PATIENCE, continues=[1])
        crossed = [(way, data) for _, way, data in reply.crossed]
        wanted = [("in", post), ("out", interim), ("in", b"hello"), ("out", answer)]
        assert (reply.ended, crossed) == ("complete", [each for each in wanted if each[1]])


def test_a_server_that_closes_ends_it(greeting: Live) -> None:
    reply = ask(greeting, b"GET /hello HTTP/1.0\r\n\r\n", whole=False)
    assert reply.ended == "eof" and reply.clean and reply.data.endswith(b"hello")


def test_what_is_no_request_is_answered_too(greeting: Live) -> None:
    reply = ask(greeting, b"GET /hello HTTP/1.1\nHost: a\n\n")
    assert reply.ended == "eof" and reply.data.startswith(b"HTTP/1.1 400 ")


def test_the_end_of_sending_is_seen_by_the_server(greeting: Live) -> None:
    reply = ask(greeting, b"GET /hello HTTP/1.1\r\nHost", end=True)
    assert reply.ended == "eof" and (not reply.data or reply.data.startswith(b"HTTP/1.1 400 "))


def test_an_answer_that_does_not_come_ends_in_a_timeout() -> None:
    done = threading.Event()
    with peer(lambda sock: done.wait(PATIENCE)) as at:
        reply = send(at, [Piece(GET)], read=0.1)
        done.set()
    assert (reply.ended, reply.data) == ("timeout", b"")


def test_a_piece_waits_no_longer_than_said_for_an_answer() -> None:
    done = threading.Event()
    with peer(lambda sock: done.wait(PATIENCE)) as at:
        reply = send(at, [Piece(GET), Piece(GET)], read=0.1, after=[0, 1])
        done.set()
    assert (reply.ended, reply.sent) == ("timeout", len(GET))


def test_a_peer_that_takes_nothing_ends_in_a_timeout() -> None:
    done = threading.Event()
    with peer(lambda sock: done.wait(PATIENCE)) as at:
        reply = send(at, [Piece(bytes(8 << 20))], read=0.2)
        done.set()
    # How much of it the system holds for the peer is the system's affair.
    assert reply.ended == "timeout" and reply.data == b""


def test_more_than_the_limit_is_not_kept() -> None:
    with peer(lambda sock: sock.sendall(bytes(100))) as at:
        reply = send(at, [], read=PATIENCE, most=10)
    assert reply.ended == "limit" and reply.data == bytes(10)


def test_a_reset_is_told_from_an_end() -> None:
    def talk(sock: socket.socket) -> None:
        sock.recv(1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with peer(talk) as at:
        reply = send(at, [Piece(GET)], read=PATIENCE)
    assert reply.ended == "reset"


def test_it_can_be_stopped() -> None:
    stop, done = threading.Event(), threading.Event()

    def talk(sock: socket.socket) -> None:
        sock.recv(1)
        stop.set()
        done.wait(PATIENCE)

    with peer(talk) as at:
        reply = send(at, [Piece(GET)], read=PATIENCE, stopping=stop.is_set)
        done.set()
    assert reply.ended == "stopped"


def test_a_unix_socket_is_an_address(tmp_path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def serve() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.sendall(sock.recv(100))

        thread = threading.Thread(target=serve)
        thread.start()
        assert send(path, [Piece(b"x")], read=PATIENCE).data == b"x"
        thread.join(PATIENCE)


@pytest.mark.parametrize(
    "host, local",
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("LOCALHOST", True),
        ("::1%lo", True), ("::ffff:10.0.0.1", False), ("0.0.0.0", False), ("192.0.2.1", False), ("a.example", False),
        ("localhost.example", False), ("127.0.0.1.example", False), ("", False), ("2130706433", False),
    ],
)  # fmt: skip
def test_only_addresses_of_this_machine_are_connected_to(host: str, local: bool) -> None:
    assert local_address((host, 80)) is local
    if not local:
        with pytest.raises(NotLocal, match="not this machine"):
            send((host, 80), [Piece(b"x")])


def test_pieces_past_the_limits_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(PiecesError):
        send(("127.0.0.1", 1), [Piece(b"x", 1000)])


def test_nobody_listening_is_an_os_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(OSError):
            send(unused.getsockname(), [Piece(b"x")])


def test_a_server_without_tls_is_an_ssl_error() -> None:
    with peer(lambda sock: sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as at, pytest.raises(ssl.SSLError):
        send(at, [Piece(b"x")], ssl.create_default_context())
