"""A client leaves while a handler has files open on response.wfile: no traceback when they are collected."""

from __future__ import annotations

import bz2
import csv
import gc
import io
import lzma
import sys
import tarfile
import zipfile

import pytest

from rawwfile.errors import ClientDisconnected
from tests.unit.wire import Wire, exchange_for

HEAD = "HTTP/1.1 200 OK\r\n\r\n"


class Leaving(Wire):
    """The client takes `stays` pieces and is gone."""

    stays = 0

    def send(self, data):
        self.gone = len(self.pieces) >= self.stays
        super().send(data)


def write_zip(file):
    archive = zipfile.ZipFile(file, "w")
    for number in range(5):
        archive.writestr(str(number), "x" * 50)
    archive.close()


def write_tar(file):
    archive = tarfile.open(fileobj=file, mode="w|", bufsize=512)
    for number in range(5):
        archive.addfile(tarfile.TarInfo(str(number)))
    archive.close()


def write_packed(opener):
    def write(file):
        packed = opener(file, "w")
        for number in range(5):
            packed.write(b"%d" % number * 1000)
        packed.close()

    return write


def write_csv(file):
    text = io.TextIOWrapper(file, "utf-8", newline="")
    rows = csv.writer(text)
    for number in range(10_000):
        rows.writerow([number, number * number])
    text.flush()


def write_buffered(file):
    buffered = io.BufferedWriter(file, 16)
    for number in range(40):
        buffered.write(b"%d," % number)
    buffered.flush()


WRITERS = {
    "zip": write_zip, "tar": write_tar, "bz2": write_packed(bz2.BZ2File), "xz": write_packed(lzma.LZMAFile),
    "csv": write_csv, "buffered": write_buffered,
}  # fmt: skip


@pytest.fixture
def unraisable(monkeypatch):
    """What Python could not raise, and would print with a traceback."""
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda failure: told.append(failure.exc_value))
    yield told
    gc.collect()


def leaving(handler, stays):
    """Run a handler(response) whose client leaves after that many pieces; how it ended, and the connection."""
    exchange = exchange_for()
    exchange.channel.__class__ = Leaving
    exchange.channel.stays = stays

    def application(exchange):
        exchange.response.sendResponse = 0
        exchange.response.wfile.write(HEAD)
        handler(exchange.response)

    exchange.run(application)
    return exchange.end, exchange.channel


@pytest.mark.parametrize("stays", range(6))
@pytest.mark.parametrize("kind", WRITERS)
def test_files_that_write_their_end_when_collected(kind, stays, unraisable):
    end, wire = leaving(lambda response: WRITERS[kind](response.wfile), stays)
    gc.collect()
    assert unraisable == []
    assert (end, len(wire.pieces)) == ("client-gone", stays) if wire.gone else ("complete", stays)


def test_files_of_a_handler_that_caught_the_loss(unraisable):
    def handler(response):
        try:
            write_zip(response.wfile)
        except ClientDisconnected:
            pass

    assert leaving(handler, 3)[0] == "client-gone"
    gc.collect()
    assert unraisable == []


def test_who_writes_afterwards_is_told(unraisable):
    held = []

    def handler(response):
        held.append(response.wfile)
        write_zip(response.wfile)

    leaving(handler, 3)
    with pytest.raises(ValueError, match="closed"):
        held[0].write(b"more")


def test_a_generator_that_caught_the_loss_goes_on():
    def broadcaster():
        answers = []
        while True:
            response = yield answers
            try:
                response.wfile.write(b"news")
            except ClientDisconnected:
                answers.append("gone")

    everybody = broadcaster()
    next(everybody)
    leaving(everybody.send, 1)
    leaving(everybody.send, 1)
    assert everybody.gi_frame is not None
    assert everybody.gi_frame.f_locals["answers"] == ["gone", "gone"]
