"""TLS around HTTP: the handshake, the records, and the end (RFC 8446)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rawwfile.http.notes.base import Note, RequestFault, quoted

OLD_VERSIONS = ("SSLv3", "TLSv1", "TLSv1.1")


@dataclass
class TlsFacts:
    """What is known of the TLS of one connection; offsets are in its cipher streams.

    Whoever reads the records fills it in: rawwfile.tape.tls_records.
    """

    version: str | None = None
    """As `ssl.SSLSocket.version()` says: "TLSv1.3"; None: no handshake came to its end."""
    cipher: str = ""
    server_name: str | None = None
    """The name that the client asked for (SNI)."""
    offered_alpn: list[str] = field(default_factory=list)
    """The protocols that the client offered; empty without ALPN."""
    alpn: str | None = None
    """The protocol chosen."""
    client_certificate: str | None = None
    """The subject of the certificate that the client showed."""
    resumed: bool = False
    first_bytes: bytes = b""
    """The first bytes that the client sent, at most 60."""
    hello: tuple[int, int] = (0, 0)
    """Where the client's first record stands."""
    client_end: int = 0
    """Bytes that the client sent in all."""
    client_said_goodbye: bool = False
    """The client sent the close_notify alert."""
    closed_by_client: bool = False
    """The client ended its sending; False: the server closed first, or nobody has."""
    failure: str = ""
    """Why the handshake failed, as OpenSSL or the alert says; empty: it did not."""


class TlsOnPlainPort(RequestFault):
    """The first byte is 0x16, the mark of a TLS handshake: the client speaks https to a port that speaks http. It
    cannot read the answer either; browsers show a protocol error. Mostly the address bar has filled in the s
    by itself."""

    id = "tls-on-plain-port"
    rule = "RFC 9110 section 4.2.2"
    sentence = "a TLS hello on a plain-HTTP port"
    advice = "Use http://, or start the server with --tls-cert (rawwfile demo has --tls)."


class PlainOnTlsPort(Note):
    """The client speaks http to a port that speaks https: its first byte is a letter and not 0x16. The server
    answers in plain HTTP, so that the person reads why, and closes. A client that expects HTTP can read it,
    unlike a TLS alert, which would look like noise."""

    id = "plain-on-tls-port"
    level = "bad"
    direction = "in"
    rule = "RFC 9110 section 4.2.2"
    sentence = "plain text on a TLS port: {value}"
    advice = "Use https:// for this port."
    doubtful = True


class TlsEstablished(Note):
    """Both sides agreed on version and keys, and each byte after the handshake is encrypted and cannot be
    changed on the way unnoticed. With TLS 1.3 the keys of this connection cannot be had later, even by somebody
    who steals the server's private key. What everybody can still see is who talks to whom, when, and how
    much."""

    id = "tls-established"
    level = "good"
    direction = "in"
    rule = "RFC 8446 section 2"
    sentence = "{version} with {cipher}{resumed}"


class TlsOldVersion(Note):
    """TLS 1.0 and 1.1 rest on MD5 and SHA-1 and have been broken in several ways; since 2021 they must not be
    used (sections 4 and 5 of RFC 8996), and SSL 3.0 not since 2015. Browsers refuse them, and so does an OpenSSL
    with ordinary settings. Where an old machine needs it, it needs a network of its own more."""

    id = "tls-old-version"
    level = "bad"
    direction = "in"
    rule = "RFC 8996 section 4"
    sentence = "TLS of a version that must not be used any more: {version}"
    advice = "Use TLS 1.2 or 1.3."


class TlsNoServerName(Note):
    """The client did not say in its hello which host it wants, so a server with several certificates can only show
    a default one. All browsers send the name, in clear text, as everybody on the way can see. A literal
    address in the URI is a good reason not to: addresses are not sent."""

    id = "tls-no-server-name"
    level = "info"
    direction = "in"
    rule = "RFC 6066 section 3"
    sentence = "the client's hello names no server (SNI)"
    advice = "Connect by name, such as https://localhost:8443/."


class TlsServerName(Note):
    """The client's hello names the host it wants, so the server can show the right certificate. The name
    travels in clear text: who watches the line sees where you go, though not what you read there. Encrypted
    Client Hello is to hide it one day; until then the name is the most telling thing on the line."""

    id = "tls-server-name"
    level = "good"
    direction = "in"
    rule = "RFC 6066 section 3"
    sentence = "the client's hello asks for {name} (SNI), readable for everybody on the way"


class TlsAlpn(Note):
    """In its hello the client lists the protocols that it speaks, and the server picks one: that is how HTTP/2
    is agreed on without a round trip. This server picks http/1.1, because it is the protocol that people can
    read. curl -v prints both lists, and curl --http1.1 offers this one alone."""

    id = "tls-alpn"
    level = "info"
    direction = "in"
    rule = "RFC 7301 section 3"
    sentence = "the client offers {offered} (ALPN); {chosen}"
    advice = "Nothing is wrong; HTTP/1.1 is what is taught here."


class TlsClientCertificate(Note):
    """The client has shown a certificate of its own and proved that it has the key to it, so the server knows
    who it is before the first byte of HTTP. In TLS 1.3 it travels encrypted; in 1.2 everybody could read the
    name in it. The browser asks its person which one to show, and remembers the choice until it is closed."""

    id = "tls-client-certificate"
    level = "good"
    direction = "in"
    rule = "RFC 8446 section 4.4.2"
    sentence = "the client showed a certificate: {subject}"


class TlsHandshakeFailed(Note):
    """The handshake ended without keys, so no HTTP was spoken. Often the client does not trust the certificate: a
    self-signed one has to be given to it (curl --cacert), or excepted by hand in a browser. Or the two sides
    have no version or cipher in common."""

    id = "tls-handshake-failed"
    level = "bad"
    direction = "in"
    rule = "RFC 8446 section 6.2"
    sentence = "the TLS handshake failed: {failure}"
    advice = "Give the client the certificate to trust; compare versions and ciphers."
    doubtful = True


class TlsTruncated(Note):
    """The client's side of the connection ended without the close_notify alert. TLS has this word of farewell
    because anybody on the way can cut a connection, and only the alert shows that the end was meant. In HTTP
    the framing tells as well, so for a request with a known end nothing is lost. Some browsers leave it out."""

    id = "tls-truncated"
    level = "info"
    direction = "in"
    rule = "RFC 8446 section 6.1"
    sentence = "the client closed without the close_notify alert"
    advice = "End with close_notify (ssl.SSLSocket.unwrap) before closing the socket."


class TlsClosedCleanly(Note):
    """The client said close_notify before it closed, so the server knows that nobody on the way cut the
    connection. For content that lasts until the close, this is what makes its end trustworthy. It does not mean
    that the client was content: that is for HTTP to say."""

    id = "tls-closed-cleanly"
    level = "good"
    direction = "in"
    rule = "RFC 8446 section 6.1"
    sentence = "the client ended TLS with close_notify"


def notes_on_tls(facts: TlsFacts) -> Iterator[Note]:
    """Notes on one connection to a TLS port; their spans are in its cipher stream, direction "in"."""
    hello, end = facts.hello, facts.client_end
    if facts.first_bytes[:1] and facts.first_bytes[0] != 0x16:
        shown = quoted(facts.first_bytes)
        yield PlainOnTlsPort(0, min(end or len(facts.first_bytes), 60), value=shown)
        return
    if facts.server_name is not None:
        yield TlsServerName(*hello, name=facts.server_name[:60])
    elif hello[1]:
        yield TlsNoServerName(*hello)
    if facts.offered_alpn:
        chosen = f"{facts.alpn} was chosen" if facts.alpn else "none was chosen"
        yield TlsAlpn(*hello, offered=", ".join(facts.offered_alpn)[:60], chosen=chosen)
    if facts.failure:
        yield TlsHandshakeFailed(0, end, failure=facts.failure[:100])
    if facts.version is None:
        return
    if facts.version in OLD_VERSIONS:
        yield TlsOldVersion(*hello, version=facts.version)
    else:
        resumed = ", resumed from an earlier connection" if facts.resumed else ""
        yield TlsEstablished(*hello, version=facts.version, cipher=facts.cipher, resumed=resumed)
    if facts.client_certificate is not None:
        yield TlsClientCertificate(*hello, subject=facts.client_certificate[:100])
    if facts.client_said_goodbye:
        yield TlsClosedCleanly(end, end)
    elif facts.closed_by_client:
        yield TlsTruncated(end, end)
