"""Certificates for labs that speak TLS: made by trustme if it is installed, else by the program openssl.

Labs need nothing but Python's standard library, and that cannot make a certificate.
"""

from __future__ import annotations

import atexit
import shutil
import ssl
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rawwfile.errors import TlsSetupError
from rawwfile.server.tls import demo_certificates, make_context
from rawwfile.settings import Settings

HOST = "localhost"
"""The name that the certificate is for."""
OPENSSL_SECONDS = 30

_CONFIGURATION = f"""[req]
distinguished_name = subject
x509_extensions = extensions
prompt = no
[subject]
organizationName = rawwfile lab
[extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyCertSign
subjectKeyIdentifier = hash
subjectAltName = DNS:{HOST}, IP:127.0.0.1
"""


@dataclass(frozen=True)
class LabCertificates:
    """server: the context of a lab's server. authority: what its clients have to believe, as PEM text."""

    server: ssl.SSLContext
    authority: str

    @property
    def client(self) -> ssl.SSLContext:
        """A context that believes this authority."""
        context = ssl.create_default_context(cadata=self.authority)
        context.set_alpn_protocols(["http/1.1"])
        return context


@cache
def lab_certificates(which: str = "the lab's own") -> LabCertificates:
    """Certificates for localhost and 127.0.0.1; the same ones each time for the same `which`.

    Raises TlsSetupError where neither trustme nor openssl is there.
    """
    try:
        return _by_trustme()
    except ImportError:
        program = shutil.which("openssl")
    if program is None:
        raise TlsSetupError(
            'this lab needs a certificate, and something to make it: pip install "rawwfile[tls]", '
            "or install the program openssl."
        )
    return _by_openssl(program)


def _by_trustme() -> LabCertificates:
    import trustme  # type: ignore[import-not-found,unused-ignore]  # noqa: F401 - only asked for

    made = demo_certificates()
    try:
        return LabCertificates(made.context, Path(made.ca_file).read_text("ascii"))
    finally:
        made.cleanup()


def _by_openssl(program: str) -> LabCertificates:
    """A certificate that is its own authority."""
    folder = Path(tempfile.mkdtemp(prefix="rawwfile-lab-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "openssl.cnf").write_text(_CONFIGURATION, "ascii")
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-days", "7", "-config", "openssl.cnf", "-keyout", "key.pem", "-out", "server.pem"]  # fmt: skip
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=OPENSSL_SECONDS)
        certificate, key = str(folder / "server.pem"), str(folder / "key.pem")
        context = make_context(Settings(tls_cert=certificate, tls_key=key))
        assert context is not None
        return LabCertificates(context, Path(certificate).read_text("ascii"))
    except (OSError, subprocess.SubprocessError) as error:
        raise TlsSetupError(
            f'openssl could make no certificate ({type(error).__name__}): pip install "rawwfile[tls]" helps.'
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
