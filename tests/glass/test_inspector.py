"""Starting and stopping an inspector: ports, tokens, addresses, logs; and the lab box by itself."""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any

import pytest

from rawwfile.errors import AddressInUse
from rawwfile.glass import inspector as module
from rawwfile.glass.inspector import Inspector, reachable, server_url
from rawwfile.glass.labbox import LabBox
from rawwfile.glass.pieces import Piece, PiecesError
from rawwfile.glass.web.assets import Assets
from rawwfile.tape.model import Tape
from tests.glass.inspecting import Page, Watched
from tests.live import PATIENCE, LogBook

SERVER = ("127.0.0.1", 8000)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def test_the_port_and_the_token_can_be_those_of_before() -> None:
    """A server that starts itself anew: open pages, with their cookie, go on."""
    port = free_port()
    with Inspector(Tape(), server_address=SERVER, port=port, token="the-token") as first:
        assert first.url == f"http://127.0.0.1:{port}/?t=the-token"
        page = Page(first.url)
        page.enter()
    with Inspector(Tape(), server_address=SERVER, port=port, token="the-token"):
        assert page.ask("GET", "/wire/api/state").status == 200
    with Inspector(Tape(), server_address=SERVER, port=port):
        assert page.ask("GET", "/wire/api/state").status == 403


def test_a_port_that_is_just_being_left_is_waited_for() -> None:
    first = Inspector(Tape(), server_address=SERVER)
    port = int(first.start().partition("/?")[0].rpartition(":")[2])
    second = Inspector(Tape(), server_address=SERVER, port=port)
    thread = threading.Thread(target=second.start)
    thread.start()
    first.stop()
    thread.join(PATIENCE)
    assert second.url.startswith(f"http://127.0.0.1:{port}/")
    second.stop()


def test_a_port_that_is_taken_is_an_error_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PORT_PATIENCE", 0.0)
    with Inspector(Tape(), server_address=SERVER) as first:
        port = int(first.url.partition("/?")[0].rpartition(":")[2])
        with pytest.raises(AddressInUse):
            Inspector(Tape(), server_address=SERVER, port=port).start()


def test_it_may_be_stopped_twice_and_before_it_was_started() -> None:
    inspector = Inspector(Tape(), server_address=SERVER)
    inspector.stop()
    inspector.start()
    inspector.stop()
    inspector.stop()


def test_each_inspector_has_secrets_of_its_own() -> None:
    with Inspector(Tape(), server_address=SERVER) as one, Inspector(Tape(), server_address=SERVER) as other:
        tokens = {each.url.partition("?t=")[2] for each in (one, other)}
        assert len(tokens) == 2


@pytest.mark.parametrize(
    "address, target, url",
    [
        (("127.0.0.1", 80), ("127.0.0.1", 80), "http://127.0.0.1:80"),
        (("0.0.0.0", 80), ("127.0.0.1", 80), "http://127.0.0.1:80"),
        (("", 80), ("127.0.0.1", 80), "http://127.0.0.1:80"),
        (("::", 80, 0, 0), ("::1", 80), "http://[::1]:80"),
        (("::1", 80, 0, 0), ("::1", 80), "http://[::1]:80"),
        ("/tmp/s", "/tmp/s", ""),
        (b"/tmp/s", "/tmp/s", ""),
    ],
)
def test_where_the_watched_server_is_reached(address: Any, target: Any, url: str) -> None:
    assert reachable(address) == target
    assert server_url(reachable(address), "http") == url


def test_its_own_requests_stand_in_no_log(watched: Watched) -> None:
    with LogBook() as book:
        with watched.page.events() as events:
            events.next()
        assert watched.page.ask("GET", "/wire/", {"Cookie": None}).status == 403
        watched.fetch()
        watched.inspector.stop()
    assert [entry.request_line for entry in book.entries] in ([], ["GET /hello HTTP/1.1"])
    assert not [message for message in book.messages if "/wire/" in message]
    assert not logging.getLogger("rawwfile").filters


def test_files_can_be_read_anew_for_who_works_on_the_page(tmp_path: Any) -> None:
    file = tmp_path / "a.js"
    file.write_text("one")
    (tmp_path / "b.py").write_text("secret")
    (tmp_path / "sub").mkdir()
    kept, fresh = Assets(tmp_path), Assets(tmp_path, fresh=True)
    file.write_text("two")
    assert kept.get("a.js")[0] == b"one" and fresh.get("a.js")[0] == b"two"
    assert kept.names == ["a.js"]


# -- the lab box


class Exchange:
    """As far as a lab box looks."""

    def __init__(self, path: str) -> None:
        self.request = type("Request", (), {"raw_path": path})()


def test_a_lab_box_stands_aside_unless_it_is_armed_and_asked() -> None:
    box, seen = LabBox(), []

    class Application:
        name = "site"

        def __call__(self, exchange: Any) -> None:
            seen.append(exchange)

    wrapped = box.wrap(Application())
    asked = Exchange("/lab/now")
    wrapped(asked)
    box.arm([Piece(b"x")])
    other = Exchange("/lab/now/x")
    wrapped(other)
    assert seen == [asked, other] and box.armed
    assert wrapped.rawwfile_application is True and wrapped.name == "site"
    with pytest.raises(AttributeError):
        _ = wrapped.missing


def test_what_is_armed_is_given_once() -> None:
    box = LabBox("/x")
    assert box.take() is None
    box.arm([Piece(b"old")])
    box.arm([Piece(b"new")])
    assert box.take() == [Piece(b"new")] and box.take() is None
    box.arm([Piece(b"x")])
    box.disarm()
    assert box.take() is None and not box.armed
    with pytest.raises(PiecesError):
        box.arm([Piece(b"x", 1e9)])
