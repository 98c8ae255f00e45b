"""The cipher side, read without a key: real handshakes, and any bytes."""

from __future__ import annotations

import ssl

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawwfile.http.notes.tls import notes_on_tls
from rawwfile.http.spans import SPAN_KINDS, SpanTrail
from rawwfile.tape.tls_hellos import RETRY, read_client_hello, read_server_hello, version_name
from rawwfile.tape.tls_records import MOST_FIRST, MOST_LAST, TlsConversation, TlsRecord, TlsSide

FEW = settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("example.test")


class Talk:
    """A client and a server of the ssl module; a conversation reads what goes from one to the other."""

    def __init__(self, version: ssl.TLSVersion, *, trusted: bool = True, name: str | None = "example.test") -> None:
        client, server = ssl.create_default_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        CERTIFICATE.configure_cert(server)
        if trusted:
            AUTHORITY.configure_trust(client)
        client.check_hostname = name is not None
        client.set_alpn_protocols(["h2", "http/1.1"])
        server.set_alpn_protocols(["http/1.1"])
        client.minimum_version = client.maximum_version = version
        self.bios = [ssl.MemoryBIO() for _ in range(4)]
        self.client = client.wrap_bio(self.bios[0], self.bios[1], server_hostname=name)
        self.server = server.wrap_bio(self.bios[2], self.bios[3], server_side=True)
        self.conversation = TlsConversation()
        self.bytes: list[tuple[str, bytes]] = []
        self.records: list[tuple[str, TlsRecord]] = []

    def pass_on(self) -> bool:
        """What one side wrote, to the other; False if nobody wrote."""
        passed = False
        for direction, source, target in (("in", 1, 2), ("out", 3, 0)):
            if data := self.bios[source].read():
                self.bytes.append((direction, data))
                self.records += [(direction, record) for record in self.conversation.receive(direction, data)]
                self.bios[target].write(data)
                passed = True
        return passed

    def shake_hands(self) -> None:
        """Up to the end of the handshake. Raises ssl.SSLError when one side does not want to."""
        waiting = [self.client, self.server]
        while waiting or self.pass_on():
            for side in list(waiting):
                try:
                    side.do_handshake()
                    waiting.remove(side)
                except ssl.SSLWantReadError:
                    pass
                finally:
                    self.pass_on()

    def say(self, text: bytes) -> None:
        """From the client to the server."""
        self.client.write(text)
        self.pass_on()
        read = b""
        while len(read) < len(text):
            read += self.server.read(len(text))
        assert read == text

    def part(self) -> None:
        """The client says goodbye."""
        with pytest.raises(ssl.SSLWantReadError):
            self.client.unwrap()
        self.pass_on()

    def told(self, direction: str) -> list[str]:
        """The records of one direction in words."""
        return [record.describe() for way, record in self.records if way == direction]


def check_tiles(side: TlsSide, size: int) -> None:
    """The spans lie side by side, and the records are made of them."""
    at = 0
    for span in side.trail:
        assert span.start == at < span.end and span.kind in SPAN_KINDS
        at = span.end
    assert at == size == side.trail.end
    for record in side.records:
        header = side.trail.at(record.start)
        assert header is not None and header.kind == "tls-record-header" and header.start == record.start
        assert record.length == record.end - record.start - 5
        if record.length:
            rest = side.trail.at(record.end - 1)
            assert rest == (record.start + 5, record.end, "tls-record")


def test_a_handshake_of_tls_1_3() -> None:
    talk = Talk(ssl.TLSVersion.TLSv1_3)
    talk.shake_hands()
    talk.say(b"hello")
    talk.part()
    hello = talk.conversation.client_hello
    assert hello is not None and hello.whole
    assert (hello.server_name, hello.alpn, hello.versions) == ("example.test", ["h2", "http/1.1"], ["TLS 1.3"])
    assert "TLS_AES_256_GCM_SHA384" in hello.ciphers
    chosen = talk.conversation.server_hello
    cipher = talk.client.cipher()
    assert chosen is not None and chosen.whole and cipher is not None
    assert (chosen.version, chosen.cipher, chosen.alpn) == ("TLS 1.3", cipher[0], None)
    assert talk.told("in")[0].startswith(
        "handshake: ClientHello for example.test: offers TLS 1.3; h2, http/1.1 by ALPN; "
    )
    assert talk.told("out")[0] == f"handshake: ServerHello: chooses TLS 1.3, {cipher[0]}"
    disguise = "change cipher spec: without a meaning in TLS 1.3: it is there for old devices on the way"
    assert disguise in talk.told("out")
    assert all(line.startswith("application data: ") for line in talk.told("out")[2:])
    facts = talk.conversation.facts()
    assert (facts.version, facts.cipher, facts.server_name) == ("TLSv1.3", cipher[0], "example.test")
    assert (facts.offered_alpn, facts.failure, facts.first_bytes[:1]) == (["h2", "http/1.1"], "", b"\x16")
    first = talk.records[0][1]
    assert facts.hello == (0, first.end) == (first.start, first.end)
    assert "tls-established" in [note.id for note in notes_on_tls(facts)]


def test_a_handshake_of_tls_1_2() -> None:
    talk = Talk(ssl.TLSVersion.TLSv1_2)
    talk.shake_hands()
    talk.say(b"hello")
    talk.part()
    answers = " ".join(talk.told("out"))
    names = ("ServerHello: chooses TLS 1.2, ECDHE-", ", http/1.1", "Certificate of ", "ServerKeyExchange of ")
    for name in (*names, "ServerHelloDone of 0 bytes"):
        assert name in answers
    ours = talk.told("in")
    assert "ClientKeyExchange of " in ours[1]
    assert ours[2] == "change cipher spec: from here on this side encrypts what it sends"
    assert ours[3].startswith("handshake: ") and ours[3].endswith("bytes, encrypted")
    assert ours[4].startswith("application data: ") and ours[5].startswith("alert: ")
    facts = talk.conversation.facts()
    assert (facts.version, facts.alpn, facts.client_said_goodbye) == ("TLSv1.2", "http/1.1", True)


def test_a_client_that_does_not_trust() -> None:
    talk = Talk(ssl.TLSVersion.TLSv1_2, trusted=False)
    with pytest.raises(ssl.SSLCertVerificationError):
        talk.shake_hands()
    talk.pass_on()
    assert talk.told("in")[-1] == "alert: fatal, unknown ca"
    facts = talk.conversation.facts()
    assert (facts.failure, facts.version) == ("the client says: unknown ca", None)
    assert "tls-handshake-failed" in [note.id for note in notes_on_tls(facts)]


def test_a_client_that_names_no_host() -> None:
    talk = Talk(ssl.TLSVersion.TLSv1_3, name=None)
    talk.shake_hands()
    assert "ClientHello, which names no host: offers TLS 1.3" in talk.told("in")[0]
    assert talk.conversation.facts().server_name is None


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_split_makes_no_difference(version: ssl.TLSVersion) -> None:
    talk = Talk(version)
    talk.shake_hands()
    talk.say(b"x" * 40_000)
    sizes = {way: sum(len(data) for direction, data in talk.bytes if direction == way) for way in ("in", "out")}
    check_tiles(talk.conversation.client, sizes["in"])
    check_tiles(talk.conversation.server, sizes["out"])
    for step in (1, 7, 1000):
        other = TlsConversation()
        found = [
            (direction, record)
            for direction, data in talk.bytes
            for at in range(0, len(data), step)
            for record in other.receive(direction, data[at : at + step])
        ]
        assert found == talk.records
        assert list(other.client.trail) == list(talk.conversation.client.trail)
        assert list(other.server.trail) == list(talk.conversation.server.trail)
        assert other.facts() == talk.conversation.facts()


def record(kind: int, payload: bytes, version: bytes = b"\x03\x03") -> bytes:
    return bytes([kind]) + version + len(payload).to_bytes(2, "big") + payload


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def test_a_second_hello_in_the_clear() -> None:
    retry = message(2, b"\x03\x03" + RETRY + b"\0" + b"\x13\x01" + b"\0" + b"\0\6" + b"\0\x2b\0\2\3\4")
    hello = message(1, b"\x03\x03" + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0")
    talk = TlsConversation()
    talk.receive("in", record(22, hello))
    found = talk.receive("out", record(22, retry) + record(20, b"\1"))
    assert found[0].says == "HelloRetryRequest: the client shall say hello again, with other key material"
    assert talk.server_hello is None
    found = talk.receive("in", record(20, b"\1") + record(22, hello))
    assert found[1].says == "ClientHello, which names no host: offers TLS 1.2; 1 cipher"


def test_messages_over_several_records() -> None:
    talk = TlsConversation()
    certificate = message(11, bytes(40_000))
    whole = message(8, b"") + certificate + message(99, b"x")
    found = talk.receive("out", b"".join(record(22, whole[at : at + 15_000]) for at in range(0, len(whole), 15_000)))
    assert [one.says for one in found] == [
        "EncryptedExtensions of 0 bytes; then the message goes on in the next record",
        "the message goes on in the next record",
        "Certificate of 40000 bytes; then message 99 of 1 byte",
    ]
    huge = message(11, bytes(100_000)) + message(14, b"")
    found = talk.receive("out", b"".join(record(22, huge[at : at + 16_000]) for at in range(0, len(huge), 16_000)))
    assert found[0].says.startswith("Certificate of 100000 bytes, too many to look at; then the message goes on ")
    assert found[-1].says == "ServerHelloDone of 0 bytes"


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (b"GET / HTTP/1.1\r\n", ["fault"]),
        (b"\x16\x02\x00", ["fault"]),
        (b"\x16\x03\x01\xff\xff....", ["fault"]),
        (record(23, b"") + record(24, b"x"), ["tls-record-header", "tls-record-header", "tls-record"]),
        (record(23, b"abc")[:-1], ["tls-record-header", "tls-record"]),
        (record(23, b"abc") + b"\x16\x03", ["tls-record-header", "tls-record", "unfinished"]),
        (record(23, b"abc") + b"\r\n", ["tls-record-header", "tls-record", "fault"]),
    ],
)
def test_odd_bytes(data: bytes, kinds: list[str]) -> None:
    for step in (1, len(data)):
        talk = TlsConversation(SpanTrail(), SpanTrail())
        for at in range(0, len(data), step):
            talk.receive("in", data[at : at + step])
        talk.finish()
        assert [span.kind for span in talk.client.trail] == kinds
        assert talk.client.trail.end == len(data)
        assert talk.facts().first_bytes == data[:60]


def test_records_are_bounded() -> None:
    talk = TlsConversation()
    count = MOST_FIRST + MOST_LAST + 50
    talk.receive("in", record(23, b"x") * count)
    kept = talk.client.records
    assert len(kept) == MOST_FIRST + MOST_LAST and kept[-1].end == count * 6 and talk.client.encrypted == count


def test_names_of_what_nobody_knows() -> None:
    assert version_name(0x0399) == "version 0x0399"
    hello = read_client_hello(b"\x03\x03" + bytes(32) + b"\0" + b"\0\6\x0a\x0a\x13\x01\xaa\xbb" + b"\1\0")
    assert hello.ciphers == ["TLS_AES_128_GCM_SHA256", "cipher 0xaabb"] and hello.whole
    assert read_server_hello(b"\x03").describe() == "ServerHello: chooses nothing that can be read"
    name = b"\0\0\0\x0b\0\x09\0\0\x06a\nb\xffcd"
    odd = read_client_hello(b"\x03\x03" + bytes(32) + b"\0" + b"\0\0" + b"\1\0" + len(name).to_bytes(2, "big") + name)
    assert odd.server_name == r"a\x0ab\xffcd"


@FEW
@given(st.binary(max_size=300))
def test_hellos_never_raise(body: bytes) -> None:
    for read in (read_client_hello, read_server_hello):
        assert read(body).describe()
        assert read(b"\x03\x03" + bytes(32) + b"\0" + body).describe()


PIECES = st.one_of(
    st.binary(max_size=20),
    st.tuples(st.integers(20, 24), st.binary(max_size=30)).map(lambda pair: record(*pair)),
    st.tuples(st.integers(0, 25), st.binary(max_size=30)).map(lambda pair: record(22, message(*pair))),
)


@FEW
@given(st.lists(st.tuples(st.sampled_from(["in", "out"]), PIECES), max_size=12))
def test_any_bytes(parts: list[tuple[str, bytes]]) -> None:
    whole, drop = TlsConversation(), TlsConversation()
    found = [one.describe() for way, data in parts for one in whole.receive(way, data)]
    dropped = []
    for way, data in parts:
        for at in range(len(data)):
            dropped += [one.describe() for one in drop.receive(way, data[at : at + 1])]
    assert found == dropped and whole.facts() == drop.facts()
    whole.finish()
    for way, side in (("in", whole.client), ("out", whole.server)):
        check_tiles(side, sum(len(data) for direction, data in parts if direction == way))
