"""Lab 8: chunks, and behind the last one a field with the checksum of the content."""

from __future__ import annotations

import base64
import hashlib

from rawwfile.lab.expectations import answered, by_hand, complete, fields_well_formed, lines_end_in_crlf
from rawwfile.lab.seen import Seen
from rawwfile.lab.visit import Visit

DIGEST_FIELDS = ("content-digest", "repr-digest")
"""Fields whose value has a form (RFC 9530); one of the student's own may hold the checksum as it likes."""

VISITS = (("/", "chunks and a trailer"),)

WRONG = {
    "wrong_not_announced.py": ("not-announced", "no Trailer field announces it"),
    "wrong_framing.py": ("checksum", "is not the SHA-256 of the content"),
    "wrong_outside.py": ("excess-after-chunks", "after the last chunk"),
    "wrong_no_end.py": ("trailer-unfinished", "no empty line"),
    "wrong_hex.py": ("digest-form", "the value of Content-Digest is not of its form"),
    "wrong_repr.py": ("digest-form", "sha-256=:b'"),
    "wrong_forbidden.py": ("trailer-forbidden", "Content-Length must not be a trailer field"),
    "wrong_no_colon.py": ("name-not-token", "not a field name"),
    "wrong_in_head.py": ("no-trailer", "no field stands behind the last chunk"),
}


def drive(visit: Visit) -> None:
    """Ask as a client does that takes trailer fields, and read to the end."""
    with visit.connect() as line:
        line.get("/", "TE: trailers\r\nConnection: TE, close\r\n")
        line.rest()


def judge(seen: Seen) -> None:
    """Chunks, trailer field, announcement, checksum."""
    page = seen.exchange(1)
    answered(seen, page)
    by_hand(seen, page)
    inside = 'Write the field before the empty line: "0\\r\\n", the field, "\\r\\n".'
    complete(seen, page, step=inside if page.note("excess-after-chunks") else None)
    seen.expect(
        page.response.chunk_sizes[-1:] == [0],
        "not-chunked",
        good="the content is in chunks",
        saw="the content is not in chunks",
        rule="RFC 9112 section 7.1.2",
        step="Only behind chunks can fields follow: write Transfer-Encoding: chunked, and chunks.",
    )
    fields_well_formed(seen, page)
    lines_end_in_crlf(seen, page)
    trailers = page.response.trailers
    seen.expect(
        trailers,
        "no-trailer",
        good=f"behind the last chunk: {', '.join(name for name, _ in trailers)}",
        saw="no field stands behind the last chunk",
        rule="RFC 9112 section 7.1.2",
        step='Write the field between "0\\r\\n" and the empty line that ends the message.',
    )
    seen.expect_no_note(page, "trailer-forbidden", good="it may stand there")
    announced = [name.strip().lower() for name in (page.fields.get("Trailer") or "").split(",")]
    missing = [name for name, _ in trailers if name.lower() not in announced]
    seen.expect(
        not missing,
        "not-announced",
        good=f"Trailer announces it: {page.fields.get('Trailer')}",
        saw=f"no Trailer field announces it: {', '.join(missing)}",
        rule="RFC 9110 section 6.6.2",
        step=f"Write Trailer: {', '.join(missing)} among the fields of the head.",
    )
    digest = hashlib.sha256(page.content)
    wanted = (digest.hexdigest(), base64.b64encode(digest.digest()).decode("ascii"))
    seen.expect(
        any(wanted[0] in value.lower() or wanted[1] in value for _, value in trailers),
        "checksum",
        good=f"it holds the SHA-256 of the {len(page.content)} bytes of content",
        saw=f"what stands there is not the SHA-256 of the content, which is {wanted[1]} in base64",
        rule="RFC 9530 section 2",
        step="Feed the digest with the content alone: without chunk sizes and their line ends.",
    )
    for name, value in trailers:
        if name.lower() in DIGEST_FIELDS:
            seen.expect(
                f"sha-256=:{wanted[1]}:" in [each.strip() for each in value.split(",")],
                "digest-form",
                good=f"{name} is written as its specification says",
                saw=f"the value of {name} is not of its form: {value}",
                rule="RFC 9530 section 2",
                step="Write sha-256=:CHECKSUM: with both colons, and CHECKSUM in base64, as text: "
                'b64encode(...).decode("ascii").',
            )
