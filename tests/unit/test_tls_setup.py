"""TLS contexts: what they agree to, which certificate they choose, and every file that is wrong.

The handshakes run in memory, between two ssl objects.
"""

from __future__ import annotations

import os
import ssl
import stat
import sys

import pytest

from rawwfile.errors import TlsSetupError
from rawwfile.server.tls import demo_certificates, make_context, server_name_of
from rawwfile.settings import Settings

trustme = pytest.importorskip("trustme")


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    """Write each certificate and key once; return the directory."""
    place = tmp_path_factory.mktemp("tls")
    for name in ("a.example", "b.example", "*.c.example"):
        certificate = authority.issue_cert(name)
        stem = name.replace("*", "any").partition(".example")[0]
        chain = b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
        (place / f"{stem}.pem").write_bytes(chain)
        (place / f"{stem}.key").write_bytes(certificate.private_key_pem.bytes())
        (place / f"{stem}.both").write_bytes(certificate.private_key_and_cert_chain_pem.bytes())
    (place / "ca.pem").write_bytes(authority.cert_pem.bytes())
    (place / "text.pem").write_text("hello\n")
    (place / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    return place


@pytest.fixture(autouse=True)
def in_directory(files, monkeypatch):
    monkeypatch.chdir(files)


def handshake(server_context, client_context, name=None):
    """Return the two ends after a whole handshake. Raises ssl.SSLError if either end refuses."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    waiting = [client, server]
    while waiting:
        for end in list(waiting):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            waiting.remove(end)
    return client, server


def trusting(authority, **attributes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    authority.configure_trust(context)
    for name, value in attributes.items():
        setattr(context, name, value)
    return context


def names_in(client) -> list[str]:
    return [name for _, name in client.getpeercert()["subjectAltName"]]


# -- contexts


def test_without_a_certificate_there_is_no_tls():
    assert make_context(Settings()) is None


@pytest.mark.parametrize(
    "settings", [{"tls_key": "a.key"}, {"tls_client_ca": "ca.pem"}, {"tls_client_cert": "required"}]
)
def test_tls_options_without_a_certificate(settings):
    with pytest.raises(TlsSetupError, match="TLS options without a certificate. Add --tls-cert FILE"):
        make_context(Settings(**settings))


@pytest.mark.parametrize("settings", [{"tls_cert": "a.pem", "tls_key": "a.key"}, {"tls_cert": "a.both"}])
def test_the_key_may_be_in_either_file(authority, settings):
    client, _ = handshake(make_context(Settings(**settings)), trusting(authority))
    assert names_in(client) == ["a.example"]


def test_versions_and_protocols(authority):
    context = make_context(Settings(tls_cert="a.both"))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    ours = trusting(authority)
    ours.set_alpn_protocols(["h2", "http/1.1"])
    client, server = handshake(context, ours)
    assert server.selected_alpn_protocol() == client.selected_alpn_protocol() == "http/1.1"
    assert server.version() == "TLSv1.3"


def test_a_client_that_speaks_h2_only_is_served_all_the_same(authority):
    ours = trusting(authority)
    ours.set_alpn_protocols(["h2"])
    _, server = handshake(make_context(Settings(tls_cert="a.both")), ours)
    assert server.selected_alpn_protocol() is None


@pytest.mark.filterwarnings("ignore:.*TLSv1_1.*:DeprecationWarning")
def test_tls_1_1_is_refused(authority):
    old = trusting(authority)
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        handshake(make_context(Settings(tls_cert="a.both")), old)


# -- SNI

SEVERAL = {"tls_cert": ["a.pem", "B.example=b.pem", "*.c.example=any.c.pem"]}


@pytest.mark.parametrize("keys", [["a.key", "b.key", "any.c.key"], ["b.example=b.key", "a.key", "any.c.key"]])
@pytest.mark.parametrize(
    "asked, answered",
    [
        (None, "a.example"),
        ("elsewhere.example", "a.example"),
        ("b.example", "b.example"),
        ("B.Example", "b.example"),
        ("shop.c.example", "*.c.example"),
        ("deep.shop.c.example", "a.example"),
        ("c.example", "a.example"),
    ],
)
def test_the_certificate_for_the_name_that_is_asked(authority, keys, asked, answered):
    context = make_context(Settings(**SEVERAL, tls_key=keys))
    client, server = handshake(context, trusting(authority), asked)
    assert names_in(client) == [answered]
    assert server_name_of(server) == (asked.lower() if asked else None)


def test_a_certificate_by_name_may_hold_its_own_key(authority):
    settings = Settings(tls_cert=["a.pem", "b.example=b.both"], tls_key="a.key")
    client, _ = handshake(make_context(settings), trusting(authority), "b.example")
    assert names_in(client) == ["b.example"]


def test_a_file_whose_name_has_an_equals_sign(authority, files):
    (files / "x=y.pem").write_bytes((files / "a.both").read_bytes())
    client, _ = handshake(make_context(Settings(tls_cert="./x=y.pem")), trusting(authority))
    assert names_in(client) == ["a.example"]


# -- client certificates


@pytest.mark.parametrize("named", [False, True], ids=["default", "chosen by SNI"])
@pytest.mark.parametrize("how", ["optional", "required"])
def test_a_client_with_a_certificate(authority, how, named):
    settings = Settings(tls_cert=["a.both", "b.example=b.both"], tls_client_cert=how, tls_client_ca="ca.pem")
    ours = trusting(authority)
    authority.issue_cert("jo@example.org").configure_cert(ours)
    _, server = handshake(make_context(settings), ours, "b.example" if named else None)
    assert ("email", "jo@example.org") in server.getpeercert()["subjectAltName"]


def test_a_client_without_one_where_it_is_optional(authority):
    settings = Settings(tls_cert="a.both", tls_client_cert="optional", tls_client_ca="ca.pem")
    _, server = handshake(make_context(settings), trusting(authority))
    assert not server.getpeercert()


@pytest.mark.parametrize("foreign", [False, True], ids=["none", "of another authority"])
def test_a_client_that_is_refused(authority, foreign):
    settings = Settings(tls_cert="a.both", tls_client_cert="required", tls_client_ca="ca.pem")
    ours = trusting(authority)
    if foreign:
        trustme.CA().issue_cert("jo@example.org").configure_cert(ours)
    with pytest.raises(ssl.SSLError):
        handshake(make_context(settings), ours)


def test_client_certificates_need_an_authority():
    with pytest.raises(TlsSetupError, match="--tls-client-cert required needs --tls-client-ca FILE"):
        make_context(Settings(tls_cert="a.both", tls_client_cert="required"))


def test_an_authority_without_effect_is_noted(caplog):
    make_context(Settings(tls_cert="a.both", tls_client_ca="ca.pem"))
    assert "--tls-client-ca has no effect without --tls-client-cert" in caplog.text


# -- files that cannot be used


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"tls_cert": "none.pem"}, "--tls-cert none.pem cannot be read: No such file or directory."),
        ({"tls_cert": "a.pem", "tls_key": "none.key"}, "--tls-key none.key cannot be read: No such file or directory."),
        ({"tls_cert": "."}, "--tls-cert . cannot be read: Is a directory."),
        ({"tls_cert": "text.pem"}, '--tls-cert text.pem holds no "BEGIN CERTIFICATE" block. Give a PEM file.'),
        ({"tls_cert": "a.key"}, '--tls-cert a.key holds no "BEGIN CERTIFICATE" block. Give a PEM file.'),
        ({"tls_cert": "a.pem"}, '--tls-cert a.pem holds no "BEGIN PRIVATE KEY" block. Add --tls-key FILE.'),
        (
            {"tls_cert": "a.pem", "tls_key": "b.pem"},
            '--tls-key b.pem holds no "BEGIN PRIVATE KEY" block. Give a PEM file.',
        ),
        (
            {"tls_cert": "a.pem", "tls_key": "b.key"},
            "the private key in b.key does not belong to the certificate in a.pem. "
            "The server's own certificate must be the first in its file.",
        ),
        (
            {"tls_cert": ["a.both", "b.example=b.both"], "tls_key": ["c.example=a.key"]},
            "--tls-key c.example=a.key goes with no --tls-cert. Leave it out, or add the certificate.",
        ),
        (
            {"tls_cert": "a.pem", "tls_key": ["a.key", "b.key"]},
            "--tls-key b.key goes with no --tls-cert. Leave it out, or add the certificate.",
        ),
        (
            {"tls_cert": "a.both", "tls_client_cert": "optional", "tls_client_ca": "text.pem"},
            '--tls-client-ca text.pem holds no "BEGIN CERTIFICATE" block. Give a PEM file.',
        ),
    ],
)
def test_one_clear_line(settings, message):
    with pytest.raises(TlsSetupError) as caught:
        make_context(Settings(**settings))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"tls_cert": "broken.pem", "tls_key": "a.key"}, r"--tls-cert broken.pem with a.key cannot be used: .+\."),
        (
            {"tls_cert": "a.both", "tls_client_cert": "optional", "tls_client_ca": "broken.pem"},
            r"--tls-client-ca broken.pem cannot be used: .+\.",
        ),
    ],
)
def test_what_openssl_says_of_a_broken_file(settings, message):
    with pytest.raises(TlsSetupError) as caught:
        make_context(Settings(**settings))
    assert "\n" not in str(caught.value)
    caught.match(message)


def test_an_encrypted_key(files):
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    key = serialization.load_pem_private_key((files / "a.key").read_bytes(), None)
    (files / "secret.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"sesame"),
        )
    )
    with pytest.raises(TlsSetupError, match="the private key in secret.key is encrypted.*openssl pkey -in FILE"):
        make_context(Settings(tls_cert="a.pem", tls_key="secret.key"))


# -- the demonstration


def believing(demo) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=demo.ca_file)


@pytest.fixture
def demo():
    demo = demo_certificates(hostnames=["shop.example", "localhost", ""])
    yield demo
    demo.cleanup()


def test_demo_certificate_is_good_for_its_names(demo):
    assert demo.hostnames == ("localhost", "127.0.0.1", "::1", "shop.example")
    for name in demo.hostnames:
        client, server = handshake(demo.context, believing(demo), name)
        assert client.version() == "TLSv1.3"
    assert server_name_of(server) == "shop.example"


def test_demo_in_memory_leaves_only_the_authority_on_disk(demo):
    assert os.listdir(demo.directory) == ["ca.pem"]
    assert demo.client_file is None
    assert stat.S_IMODE(os.stat(demo.directory).st_mode) == 0o700
    demo.cleanup()
    assert not os.path.exists(demo.directory)
    demo.cleanup()


def test_demo_with_client_certificate():
    demo = demo_certificates(mtls=True)
    try:
        assert sorted(os.listdir(demo.directory)) == ["ca.pem", "client.pem"]
        assert stat.S_IMODE(os.stat(demo.client_file).st_mode) == 0o600
        ours = believing(demo)
        ours.load_cert_chain(demo.client_file)
        _, server = handshake(demo.context, ours, "localhost")
        subject = dict(pair for part in server.getpeercert()["subject"] for pair in part)
        assert subject["commonName"] == "rawwfile demo visitor"
        _, server = handshake(demo.context, believing(demo), "localhost")
        assert not server.getpeercert()
    finally:
        demo.cleanup()


def test_demo_into_a_directory(tmp_path):
    place = tmp_path / "new" / "certs"
    demo = demo_certificates(str(place), mtls=True)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()}
    assert modes == {"ca.pem": 0o644, "server.pem": 0o644, "server.key": 0o600, "client.pem": 0o600}
    again = make_context(Settings(tls_cert=str(place / "server.pem"), tls_key=str(place / "server.key")))
    handshake(again, believing(demo), "localhost")
    demo.cleanup()
    assert place.exists()


def test_demo_replaces_its_own_files_only(tmp_path):
    (tmp_path / "server.key").write_text("old")
    (tmp_path / "server.key").chmod(0o666)
    (tmp_path / "elsewhere").write_text("precious")
    (tmp_path / "ca.pem").symlink_to(tmp_path / "elsewhere")
    demo_certificates(str(tmp_path))
    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert stat.S_IMODE((tmp_path / "server.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.pem", "elsewhere", "server.key", "server.pem"]


def test_demo_directory_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TlsSetupError, match="cannot write the demo's certificates to .*Choose another --tls-demo-dir"):
        demo_certificates(str(tmp_path / "file"))


def test_demo_name_that_is_none():
    with pytest.raises(TlsSetupError, match="no certificate can be made for localhost, .*, a..b: "):
        demo_certificates(hostnames=["a..b"])


def test_demo_without_trustme(monkeypatch):
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(TlsSetupError) as caught:
        demo_certificates()
    assert str(caught.value) == (
        'the TLS demo needs the "tls" extra, which is not installed: pip install "rawwfile[tls]"'
    )
