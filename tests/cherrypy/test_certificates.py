"""request.peerCertificate, and what else HTTPS changes (spec 14)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from rawwfile.cherrypy.certificates import Certificate
from rawwfile.cherrypy.opening import peer_certificate

DECODED: dict[str, Any] = {
    "subject": ((("countryName", "FR"),), (("organizationName", "Old"),), (("commonName", "anna"),)),
    "issuer": ((("commonName", "authority"),),),
    "serialNumber": "0F",
    "version": 3,
    "notBefore": "Jan  1 00:00:00 2004 GMT",
    "notAfter": "Jan  2 03:04:05 2005 GMT",
}


def test_it_has_the_methods_of_the_old_library() -> None:
    found = Certificate(DECODED)
    subject = found.get_subject()
    assert (subject.CN, subject.C, subject.O, subject.OU) == ("anna", "FR", "Old", None)
    assert subject.get_components() == [("C", "FR"), ("O", "Old"), ("CN", "anna")]
    assert repr(subject) == "<X509Name object '/C=FR/O=Old/CN=anna'>"
    assert found.get_issuer().commonName == "authority"
    assert (found.get_serial_number(), found.get_version()) == (15, 2)
    assert (found.get_notBefore(), found.get_notAfter()) == ("20040101000000Z", "20050102030405Z")
    assert found.has_expired()


@pytest.mark.parametrize(("held", "kind"), [(None, type(None)), ({}, type(None)), (DECODED, Certificate)])
def test_who_sends_none_has_none(held: Any, kind: type) -> None:
    assert type(peer_certificate(SimpleNamespace(peerCertificate=held))) is kind
