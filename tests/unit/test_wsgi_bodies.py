"""rawwfile.adapters.wsgi: the bodies of PEP 3333, when they are sent and closed."""

from __future__ import annotations

import io

import pytest

from rawwfile.adapters.wsgi import FileWrapper, WsgiApplication
from rawwfile.exchange.body import FileSlice
from tests.unit.wire import HEAD, exchange_for
from tests.unit.wsgi_applications import PLAIN, Chunks, Measured, answer, giving


@pytest.mark.parametrize("result", [[b"hello"], (b"hello",), [b"he", b"", b"llo"]])
def test_a_list_gets_a_content_length(result):
    _, lines, content = answer(giving(result))
    assert content == b"hello"
    assert "Content-Length: 5" in lines
    assert not [line for line in lines if line.startswith("Transfer-Encoding")]


@pytest.mark.parametrize("result", [[], (), [b""], iter([]), iter([b"", b""])])
def test_an_empty_body_says_so(result):
    _, lines, content = answer(giving(result))
    assert "Content-Length: 0" in lines
    assert content == b""


@pytest.mark.parametrize("make", [list, iter])
def test_an_empty_body_on_head_does_not_state_a_length(make):
    _, lines, content = answer(giving(make([])), HEAD)
    assert content == b""
    assert not [line for line in lines if line.startswith("Content-Length")]
    app = giving(make([]), fields=[("Content-Length", "12")])
    assert "Content-Length: 12" in answer(app, HEAD)[1]


def test_each_chunk_is_sent_before_the_next_is_made_and_the_end_before_close():
    events = []
    result = Chunks([b"", b"a", b"", b"b"], events)
    _, _, content = answer(giving(result), events=events)
    assert content == b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n"
    assert events == ["made", "made", "sent", "made", "made", "sent", "sent", "closed"]


def test_a_one_chunk_iterable_gets_a_content_length_and_is_closed_after_it():
    events = []
    _, lines, content = answer(giving(Measured([b"hello"], events, length=1)), events=events)
    assert "Content-Length: 5" in lines
    assert content == b"hello"
    # Its last byte says that it is complete, so that one waits for the end of the iterable.
    assert events == ["made", "sent", "sent", "closed"]


def test_head_ends_an_endless_body_after_its_first_chunk():
    events = []

    def endless():
        while True:
            yield b"x"

    result = Chunks(endless(), events)
    _, _, content = answer(giving(result), HEAD, events=events)
    assert content == b""
    assert events == ["made", "sent", "closed"]


def test_a_client_that_leaves_ends_the_body():
    events = []

    def leaving():
        yield b"a"
        exchange.channel.gone = True
        yield b"b"
        yield b"c"

    exchange = exchange_for(events=events)
    exchange.run(WsgiApplication(giving(Chunks(leaving(), events))))
    assert events == ["made", "sent", "made", "closed"]
    assert exchange.end == "client-gone"


def test_a_client_that_left_before_the_first_byte_still_closes_the_body():
    events = []
    exchange = exchange_for(events=events)
    exchange.channel.gone = True
    exchange.run(WsgiApplication(giving(Chunks([b"a", b"b"], events))))
    assert events == ["made", "closed"]


def test_an_error_before_the_first_chunk_is_an_error_page_without_the_applications_fields():
    events = []
    result = Chunks([b"", ValueError("early")], events)
    _, lines, content = answer(giving(result, fields=[("X-App", "1")]))
    assert lines[0] == "HTTP/1.1 500 Internal Server Error"
    assert "X-App: 1" not in lines
    assert b"early" not in content
    assert events == ["made", "closed"]


def test_an_error_after_the_first_chunk_is_a_visible_cut():
    events = []
    exchange, lines, content = answer(giving(Chunks([b"a", ValueError("late")], events)))
    assert lines[0] == "HTTP/1.1 200 OK"
    assert content == b"1\r\na\r\n"
    assert exchange.cut and not exchange.keep
    assert events == ["made", "closed"]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "returned NoneType"),
        (b"body", "returned bytes: return a list of bytes"),
        ("body", "returned str"),
        (5, "returned int"),
        (["body"], "must give bytes, not str: 'body'"),
        ([b"a", 5], "must give bytes, not int: 5"),
        (iter([bytearray(b"a")]), "must give bytes, not bytearray"),
    ],
)
def test_bodies_that_are_no_bytes_are_refused(result, message, caplog):
    assert answer(giving(result))[1][0] == "HTTP/1.1 500 Internal Server Error"
    assert message in caplog.text


def test_a_str_in_the_middle_of_a_stream_is_a_cut():
    exchange, _, content = answer(giving(iter([b"a", "b"])))
    assert content == b"1\r\na\r\n"
    assert exchange.cut


def test_write_sends_at_once():
    events = []

    def app(environ, start_response):
        write = start_response("200 OK", [*PLAIN, ("Content-Length", "6")])
        write(b"")
        assert exchange.channel.pieces == []
        write(b"ab")
        assert b"".join(exchange.channel.pieces).endswith(b"\r\n\r\nab")
        write(b"cd")
        with pytest.raises(TypeError):
            write("ef")
        return Chunks([b"", b"ef"], events)

    exchange = exchange_for()
    exchange.run(WsgiApplication(app))
    assert b"".join(exchange.channel.pieces).endswith(b"\r\n\r\nabcdef")
    assert exchange.end == "complete" and not exchange.cut
    assert events == ["made", "made", "closed"]


def test_an_error_in_close_leaves_the_response_whole(caplog):
    class Bad(Chunks):
        def close(self):
            super().close()
            raise ValueError("in close")

    events = []
    _, _, content = answer(giving(Bad([b"a"], events)))
    assert content == b"1\r\na\r\n0\r\n\r\n"
    assert events == ["made", "closed"]
    assert "in close" in caplog.text
    _, lines, content = answer(giving(Bad([ValueError("first")], events)))
    assert lines[0].startswith("HTTP/1.1 500")


def wrapping(file, fields=PLAIN):
    def app(environ, start_response):
        start_response("200 OK", fields)
        return environ["wsgi.file_wrapper"](file)

    return app


def test_a_file_on_disk_is_sent_as_a_slice_from_where_it_stands(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    file = path.open("rb")
    file.seek(2)
    exchange = exchange_for()
    WsgiApplication(wrapping(file))(exchange)
    assert isinstance(exchange.response.body, FileSlice)
    file.seek(2)
    _, lines, content = answer(wrapping(file))
    assert (content, file.closed) == (b"23456789", True)
    assert "Content-Length: 8" in lines


def test_a_file_is_sent_up_to_the_content_length(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    file = path.open("rb")
    _, lines, content = answer(wrapping(file, [("Content-Length", "4")]))
    assert content == b"0123"
    file = path.open("rb")
    exchange, lines, content = answer(wrapping(file, [("Content-Length", "40")]))
    assert content == b"0123456789"
    assert "Content-Length: 40" in lines
    assert exchange.cut and file.closed


def test_another_file_is_read_in_blocks_and_closed_once():
    class File(io.BytesIO):
        closings = 0

        def close(self):
            File.closings += 1
            super().close()

    _, _, content = answer(wrapping(File(b"abc")))
    assert content == b"3\r\nabc\r\n0\r\n\r\n"
    assert File.closings == 1
    assert list(FileWrapper(io.BytesIO(b"abcde"), 2)) == [b"ab", b"cd", b"e"]


def test_a_file_is_closed_when_the_head_cannot_be_sent(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    file = path.open("rb")
    exchange = exchange_for()
    exchange.channel.gone = True
    exchange.run(WsgiApplication(wrapping(file)))
    assert file.closed
