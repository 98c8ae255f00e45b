"""Lab 20: a ClientHello with host and protocol; the request on the plain side alone; another authority is refused."""

from __future__ import annotations

import ssl

from rawwfile.lab.certificates import HOST, lab_certificates
from rawwfile.lab.expectations import complete
from rawwfile.lab.judging import NotYet
from rawwfile.lab.program import Called, call, crashed
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit
from rawwfile.tape.model import CIPHER, IN, OUT, ConnectionTape
from rawwfile.tape.tls_hellos import ClientHello
from rawwfile.tape.tls_records import TlsConversation

VISITS = (
    ("/secret", "the secret"),
    ("/authority.pem", "the certificate to believe"),
)

WRONG = {
    "wrong_no_authority.py": ("handshake", "the handshake failed"),
    "wrong_no_import.py": ("crash", "NameError"),
    "wrong_nothing_named.py": ("crash", "check_hostname requires server_hostname"),
    "wrong_below.py": ("asked", "no request came over the connection"),
    "wrong_reads_below.py": ("crash", "Bad file descriptor"),
    "wrong_a_little.py": ("answer", "ask returned 20 bytes"),
    "wrong_no_name.py": ("server-name", "names no host"),
    "wrong_no_protocol.py": ("alpn", "offers no protocol"),
    "wrong_believes_all.py": ("believes", "was told to believe another authority"),
    "wrong_host.py": ("server-name", "names rawwfile.example"),
}

PROTOCOL = "http/1.1"
SECRETS = (b"/secret", b"treasure", b"Connection")


def tls() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's context, and that of who looks on."""
    made = lab_certificates()
    return made.server, made.client


def drive(visit: Visit) -> tuple[Called, Called]:
    """Let the program ask; then let it ask again and believe an authority that has nothing to do with this server."""
    address = (HOST, visit.address[1])
    first = call(visit, "ask", address, lab_certificates().authority)
    return first, call(visit, "ask", address, lab_certificates("another one").authority)


def judge(seen: Seen) -> None:
    """The hello, the handshake, the two sides of TLS, and the second attempt."""
    trouble = seen.returned[0].trouble if seen.returned else ""
    if not seen.connections:
        _say_trouble(trouble)
        raise NotYet("connected", "ask made no connection", "RFC 9110 section 4.2.2",
                     "Connect to address, and speak TLS there.")  # fmt: skip
    first, second = seen.connections[0], seen.connections[-1]
    judge_hello(seen, first, trouble)
    if first.tls is None:
        raise NotYet("handshake", f"the handshake failed: {trouble or 'see the recording'}", "RFC 8446 section 4.4.2",
                     "Let the context believe the authority that ask is given: "
                     "ssl.create_default_context(cadata=authority).")  # fmt: skip
    seen.good.append(f"the handshake agreed on {first.tls['version']} with {first.tls['cipher']}")
    judge_sides(seen, first, trouble)
    if seen.returned:
        judge_answer(seen, seen.returned[0])
    asked = [each.target for each in second.exchanges]
    seen.expect(
        second is not first and not asked,
        "believes",
        good="told to believe another authority, it broke off before it had said what it wants",
        saw=f"your program was told to believe another authority, and asked for {', '.join(asked)} all the same",
        rule="RFC 9110 section 4.3.4",
        step="Leave check_hostname and verify_mode as create_default_context sets them.",
    )


def judge_answer(seen: Seen, called: Called) -> None:
    """What ask gave back is what was said, not what crossed the network."""
    if "Bad file descriptor" in called.trouble:
        raise NotYet("crash", f"ask failed: {called.trouble}", "Python's own",
                     "Send and read on what wrap_socket returns: it has taken over the socket below.")  # fmt: skip
    crashed(called, "ask")
    value = called.value.encode("utf-8", "replace") if isinstance(called.value, str) else called.value
    if isinstance(value, bytes):
        seen.expect(
            SECRETS[1] in value,
            "answer",
            good=f"ask returned the answer, {len(value)} bytes",
            saw=f"ask returned {len(value)} bytes, which begin with {value[:8]!r}, and the secret is not in them",
            rule="RFC 9112 section 6.3",
            step="Read on the wrapped socket, to the end, and return all of it.",
        )


def judge_hello(seen: Seen, connection: ConnectionTape, trouble: str) -> None:
    """What the client says before anything is encrypted."""
    note = next((note for note in connection.notes if note.id == "plain-on-tls-port"), None)
    hello = hello_of(connection)
    if hello is None:
        if note is None:
            _say_trouble(trouble)
        saw = f"no ClientHello came{_behind(note.message if note else '')}"
        raise NotYet("hello", saw, "RFC 8446 section 4.1.2",
                     "Wrap the connection: context.wrap_socket(connection, server_hostname=address[0]).")  # fmt: skip
    seen.good.append(f"the connection begins with a {hello.describe()}")
    seen.expect(
        hello.server_name == HOST,
        "server-name",
        good=f"it names the host {HOST}, readable for everybody (SNI)",
        saw=f"the hello names {hello.server_name or 'no host'}",
        rule="RFC 6066 section 3",
        step=f'Say which host you mean: server_hostname="{HOST}". An address is no host name.',
    )
    seen.expect(
        PROTOCOL in hello.alpn,
        "alpn",
        good=f"it offers {', '.join(hello.alpn)} (ALPN)",
        saw=f"the hello offers {', '.join(hello.alpn) or 'no protocol'}",
        rule="RFC 7301 section 3.1",
        step='Before you wrap the socket: context.set_alpn_protocols(["http/1.1"]).',
    )


def judge_sides(seen: Seen, connection: ConnectionTape, trouble: str) -> None:
    """The exchange is on the plain side; the cipher side has none of its words."""
    if not connection.exchanges:
        raise NotYet("asked", f"no request came over the connection{_behind(trouble)}", "RFC 9112 section 3",
                     "Send REQUEST on the wrapped connection.")  # fmt: skip
    page = SeenExchange(connection, connection.exchanges[0])
    seen.looked_at = page
    complete(seen, page, f"the answer to {page.record.target}")
    plain = page.request.data + page.response.data
    cipher = connection.stream(IN, CIPHER).read() + connection.stream(OUT, CIPHER).read()
    seen.expect(
        SECRETS[0] in plain and SECRETS[1] in plain,
        "secret",
        good=f"{len(plain)} bytes of HTTP are on the plain side, the secret among them",
        saw=f"the program asked for {page.record.target}",
        rule="RFC 9112 section 3.2",
        step="Ask for /secret.",
    )
    seen.expect(
        cipher and not any(secret in cipher for secret in SECRETS),
        "leak",
        good=f"of these the {len(cipher)} bytes that crossed the network show nothing",
        saw="what crossed the network shows words of the request or of the answer",
        rule="RFC 8446 section 5.2",
        step="Send nothing on the socket below; use the wrapped one alone.",
    )


def hello_of(connection: ConnectionTape) -> ClientHello | None:
    """What the records of the client show, read as anybody on the way could."""
    conversation = TlsConversation()
    conversation.receive(IN, connection.stream(IN, CIPHER).read())
    return conversation.client_hello


def _say_trouble(trouble: str) -> None:
    """Nothing was said on the connection, which then may be missing on the tape: Python tells why. Raises NotYet."""
    if not trouble:
        return
    step = "Mend the line that failed."
    if "server_hostname" in trouble:
        step = "Say which host you mean: context.wrap_socket(connection, server_hostname=address[0])."
    raise NotYet("crash", f"ask failed before it had said anything: {trouble}", "Python's own", step)


def _behind(trouble: str) -> str:
    return f": {trouble}" if trouble else ""
