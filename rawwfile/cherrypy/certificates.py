"""`request.peerCertificate`: a client's certificate with the methods of PyOpenSSL's X509 (spec 14)."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from typing import Any

_SHORT = {
    "countryName": "C",
    "stateOrProvinceName": "ST",
    "localityName": "L",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "commonName": "CN",
    "emailAddress": "emailAddress",
}


class CertificateName:
    """A subject or issuer: attributes `CN`, `O`, `OU`, `C`, `ST`, `L`, `emailAddress`, None where absent."""

    def __init__(self, relative_names: Any) -> None:
        self._parts = [(_SHORT.get(name, name), value) for each in relative_names for name, value in each]

    def __getattr__(self, name: str) -> str | None:
        if name.startswith("_"):
            raise AttributeError(name)
        full = _SHORT.get(name, name)
        return next((value for key, value in reversed(self._parts) if key == full), None)

    def get_components(self) -> list[tuple[str, str]]:
        """Return (short name, value) of each part, in order."""
        return list(self._parts)

    def __repr__(self) -> str:
        return f"<X509Name object '{''.join(f'/{name}={value}' for name, value in self._parts)}'>"


class Certificate:
    """A verified certificate. decoded: what `ssl` gives for it (`getpeercert`)."""

    def __init__(self, decoded: Mapping[str, Any]) -> None:
        self.decoded = dict(decoded)

    def get_subject(self) -> CertificateName:
        """Return whom it is for."""
        return CertificateName(self.decoded.get("subject", ()))

    def get_issuer(self) -> CertificateName:
        """Return who has signed it."""
        return CertificateName(self.decoded.get("issuer", ()))

    def get_serial_number(self) -> int:
        """Return the number that its issuer gave it."""
        return int(self.decoded.get("serialNumber", "0"), 16)

    def get_version(self) -> int:
        """Return the version less one, as X.509 writes it."""
        return int(self.decoded.get("version", 3)) - 1

    def get_notBefore(self) -> str:  # noqa: N802 - its name in PyOpenSSL
        """Return when it begins to hold, as YYYYMMDDhhmmssZ."""
        return _written(self.decoded.get("notBefore"))

    def get_notAfter(self) -> str:  # noqa: N802 - as above
        """Return when it ceases to hold, as YYYYMMDDhhmmssZ."""
        return _written(self.decoded.get("notAfter"))

    def has_expired(self) -> bool:
        """Whether its time is over."""
        end = self.decoded.get("notAfter")
        return end is not None and ssl.cert_time_to_seconds(end) < time.time()


def _written(text: str | None) -> str:
    if text is None:
        return ""
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(ssl.cert_time_to_seconds(text)))
