"""TLS contexts: from files, for `--tls-cert`, and from thin air, for `rawwfile demo --tls`.

TLS 1.2 and up, ALPN 'http/1.1' only, Python's default ciphers, session tickets as OpenSSL has them.
The files are looked at before OpenSSL reads them, since it says "no start line" and names no file.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import ssl
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from rawwfile.errors import TlsSetupError

if TYPE_CHECKING:
    from rawwfile.settings import Settings

__all__ = ["DemoCertificates", "demo_certificates", "make_context", "server_name_of"]

log = logging.getLogger("rawwfile.server")

_NAMED = re.compile(r"((?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)=(.+)")
"""NAME=FILE; a file with such a name of its own can be written './a=b.pem'."""
_VERIFY = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}


def make_context(settings: Settings) -> ssl.SSLContext | None:
    """Return the server context that `settings` ask for, or None for plain HTTP.

    Of several `tls_cert` entries the first is the default; one written NAME=FILE is for clients
    that ask for that host name by SNI ('*.example.org' stands for one label). `tls_key` entries go
    with them, by name or else in order; without any, the certificate files hold the keys.
    Raises TlsSetupError, one line, for whatever cannot be used.
    """
    certificates = list(_named_files(settings.tls_cert))
    keys = list(_named_files(settings.tls_key))
    if not certificates:
        if keys or settings.tls_client_ca or settings.tls_client_cert != "none":
            raise TlsSetupError("TLS options without a certificate. Add --tls-cert FILE, or leave them out.")
        return None
    contexts: list[ssl.SSLContext] = []
    by_name: dict[str, ssl.SSLContext] = {}
    for name, certificate, key in _pair(certificates, keys):
        context = _new_context()
        _load_pair(context, certificate, key)
        # In each of them: OpenSSL checks a client against the context that SNI has chosen.
        _ask_clients(context, settings.tls_client_cert, settings.tls_client_ca)
        contexts.append(context)
        if name is not None:
            by_name[name] = context
    if settings.tls_client_ca and settings.tls_client_cert == "none":
        log.warning("--tls-client-ca has no effect without --tls-client-cert optional (or required)")
    _choose_by_name(contexts[0], by_name)
    # For who records handshakes: it has to be told to each before a connection is made.
    contexts[0].rawwfile_contexts = tuple(contexts)  # type: ignore[attr-defined]
    return contexts[0]


def server_name_of(connection: Any) -> str | None:
    """Return the host name that the client asked for by SNI (lower case), or None.

    connection: an ssl.SSLObject or ssl.SSLSocket of a context made here, after its handshake.
    """
    name: str | None = getattr(connection, "_rawwfile_server_name", None)
    return name


# -- contexts ------------------------------------------------------------------------------------


def _new_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # costs us more than the client; nobody needs it
    context.set_alpn_protocols(["http/1.1"])
    return context


def _choose_by_name(default: ssl.SSLContext, by_name: dict[str, ssl.SSLContext]) -> None:
    """Make `default` note the SNI name of each connection, and hand over to the context for it."""

    def choose(connection: Any, name: str | None, context: ssl.SSLContext) -> None:
        if name is None:
            return
        name = name.lower().rstrip(".")
        connection._rawwfile_server_name = name
        # RFC 9525 section 6.3: '*' is a whole label, and only the first.
        chosen = by_name.get(name) or by_name.get("*." + name.partition(".")[2])
        if chosen is not None and chosen is not context:
            connection.context = chosen

    default.sni_callback = choose


def _ask_clients(context: ssl.SSLContext, how: str, authorities: str | None) -> None:
    if how == "none":
        return
    if not authorities:
        raise TlsSetupError(
            f"--tls-client-cert {how} needs --tls-client-ca FILE: the authorities whose certificates are believed."
        )
    _read_pem(authorities, "CERTIFICATE", "--tls-client-ca")
    try:
        context.load_verify_locations(cafile=authorities)
    except ssl.SSLError as error:
        raise TlsSetupError(f"--tls-client-ca {authorities} cannot be used: {_reason(error)}.") from error
    context.verify_mode = _VERIFY[how]


def _load_pair(context: ssl.SSLContext, certificate: str, key: str | None) -> None:
    _read_pem(certificate, "CERTIFICATE", "--tls-cert")
    _read_pem(key or certificate, "PRIVATE KEY", "--tls-key" if key else "--tls-cert")

    def refuse_password() -> NoReturn:
        raise TlsSetupError(
            f"the private key in {key or certificate} is encrypted, and nobody is here to type its password. "
            "Write it to a file without one: openssl pkey -in FILE -out PLAIN"
        )

    try:
        context.load_cert_chain(certificate, key, password=refuse_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise TlsSetupError(
                f"the private key in {key or certificate} does not belong to the certificate in {certificate}. "
                "The server's own certificate must be the first in its file."
            ) from error
        both = f"{certificate} with {key}" if key else certificate
        raise TlsSetupError(f"--tls-cert {both} cannot be used: {_reason(error)}.") from error


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or str(error)).replace("_", " ").lower()


def _read_pem(path: str, what: str, flag: str) -> None:
    """Raise TlsSetupError unless `path` is a readable file that holds a PEM block of `what`."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        raise TlsSetupError(f"{flag} {path} cannot be read: {error.strerror}.") from error
    if re.search(rb"-----BEGIN [A-Z0-9 ]*" + what.encode("ascii") + rb"-----", text) is None:
        advice = "Add --tls-key FILE." if what == "PRIVATE KEY" and flag == "--tls-cert" else "Give a PEM file."
        raise TlsSetupError(f'{flag} {path} holds no "BEGIN {what}" block. {advice}')


def _named_files(entries: str | Iterable[str] | None) -> Iterator[tuple[str | None, str]]:
    """Yield (host name or None, path) for each entry of `--tls-cert` or `--tls-key`."""
    for entry in [entries] if isinstance(entries, str) else entries or ():
        named = _NAMED.fullmatch(entry)
        if named is None:
            yield None, entry
        else:
            yield named[1].lower(), named[2]


def _pair(
    certificates: list[tuple[str | None, str]], keys: list[tuple[str | None, str]]
) -> Iterator[tuple[str | None, str, str | None]]:
    """Yield (host name, certificate, key) paths; key None means that the certificate's file holds it."""
    by_name = {name: path for name, path in keys if name is not None}
    in_order = [path for name, path in keys if name is None]
    for name, path in certificates:
        if name is not None and name in by_name:
            yield name, path, by_name.pop(name)
        else:
            yield name, path, in_order.pop(0) if in_order else None
    surplus = [*(f"{name}={path}" for name, path in by_name.items()), *in_order]
    if surplus:
        raise TlsSetupError(f"--tls-key {surplus[0]} goes with no --tls-cert. Leave it out, or add the certificate.")


# -- a demonstration -----------------------------------------------------------------------------


@dataclass(slots=True)
class DemoCertificates:
    """A certificate authority of one's own, and what it has signed. End it with `cleanup`."""

    context: ssl.SSLContext
    """For the server; asks clients for a certificate (without insisting) where one was made."""
    hostnames: tuple[str, ...]
    """The names and addresses that the server's certificate is good for."""
    directory: str
    """Where the files are."""
    ca_file: str
    """What a client has to believe: `curl --cacert`."""
    client_file: str | None
    """A client's certificate and key in one file: `curl --cert`; None unless asked for."""
    temporary: bool
    """Whether `cleanup` removes the directory."""

    def cleanup(self) -> None:
        """Remove the temporary directory, if it is one. May be called twice."""
        if self.temporary:
            shutil.rmtree(self.directory, ignore_errors=True)


def demo_certificates(
    directory: str | None = None, hostnames: Iterable[str] = (), mtls: bool = False
) -> DemoCertificates:
    """Make an authority and a certificate for localhost, 127.0.0.1, ::1 and `hostnames`.

    directory: where ca.pem, server.pem, server.key and (with `mtls`) client.pem are written, over
    those of last time; made if missing. None: a private temporary directory that holds ca.pem and
    client.pem only, because curl reads them; the server's key is then on no disk but for the
    moment in which ssl, which reads nothing but files, loads it. The authority's key is never kept.
    Raises TlsSetupError, also where trustme (the extra "tls") is not installed.
    """
    try:
        import trustme  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise TlsSetupError(
            'the TLS demo needs the "tls" extra, which is not installed: pip install "rawwfile[tls]"'
        ) from error
    names = tuple(dict.fromkeys(("localhost", "127.0.0.1", "::1", *(name for name in hostnames if name))))
    authority = trustme.CA(organization_name="rawwfile demo")
    try:
        server = authority.issue_cert(*names, organization_name="rawwfile demo")
    except ValueError as error:  # a name that is none; UnicodeError is one of these
        raise TlsSetupError(f"no certificate can be made for {', '.join(names)}: {error}.") from error
    context = _new_context()
    _choose_by_name(context, {})
    server.configure_cert(context)
    files = {"ca.pem": authority.cert_pem.bytes()}
    if mtls:
        authority.configure_trust(context)
        # Optional, so that a browser without one gets a page that says so, not an alert.
        context.verify_mode = ssl.CERT_OPTIONAL
        client = authority.issue_cert("visitor@rawwfile.example", common_name="rawwfile demo visitor")
        files["client.pem"] = client.private_key_and_cert_chain_pem.bytes()
    if directory is not None:
        files["server.pem"] = b"".join(blob.bytes() for blob in server.cert_chain_pems)
        files["server.key"] = server.private_key_pem.bytes()
    place = _write_all(directory, files)
    return DemoCertificates(
        context=context,
        hostnames=names,
        directory=place,
        ca_file=os.path.join(place, "ca.pem"),
        client_file=os.path.join(place, "client.pem") if mtls else None,
        temporary=directory is None,
    )


def _write_all(directory: str | None, files: dict[str, bytes]) -> str:
    """Write `files` into `directory`, or a new temporary one; return its path."""
    try:
        if directory is None:
            directory = tempfile.mkdtemp(prefix="rawwfile-demo-")
        else:
            os.makedirs(directory, exist_ok=True)
        for name, data in files.items():
            # A new file put in the old one's place: right in its mode and whole from the first moment.
            descriptor, draft = tempfile.mkstemp(prefix=f".{name}-", dir=directory)
            with open(descriptor, "wb") as file:
                file.write(data)
            if b"PRIVATE KEY" not in data:
                os.chmod(draft, 0o644)
            os.replace(draft, os.path.join(directory, name))
    except OSError as error:
        raise TlsSetupError(
            f"cannot write the demo's certificates to {directory}: {error.strerror}. "
            "Choose another --tls-demo-dir, or leave it out."
        ) from error
    return directory
