"""Fields of a request that say what the client wants and where it comes from (RFC 9110 sections 10.1 and 12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, members, shown_text
from rawwfile.http.notes.representation import FieldRepeated

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

WEIGHED = ("accept", "accept-charset", "accept-encoding", "accept-language", "te")
SINGLETONS = ("access-control-request-method", "authorization", "content-type", "from", "if-modified-since",
              "if-range", "if-unmodified-since", "max-forwards", "origin", "proxy-authorization", "range", "referer",
              "user-agent")  # fmt: skip
"""Request fields that stand once at most, besides those that are refused when they are repeated."""
# To the end where the second quote is missing: so nothing is looked at twice.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*\\?"?', re.DOTALL)
_LOOKED_AT = (*WEIGHED, "referer")
_WEIGHT = re.compile(r";[ \t]*q[ \t]*=[ \t]*([^;,]*)", re.IGNORECASE)
_RIGHT_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


class QualityForm(Note):
    """q weighs one choice against another: a number from 0 to 1 with at most three digits behind the point, and 0
    means "not this". What a server makes of q=2 or q=high is up to it: some take 1, some 0, some pass over
    the whole field. Browsers write q=0.9, q=0.8 and so on, in the order of their liking."""

    id = "quality-form"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 12.4.2"
    sentence = "a weight in {name} is no number from 0 to 1: q={value}"
    advice = "Write q=0 to q=1, with a point and three digits at most: text/html;q=0.8."


class TeChunked(Note):
    """Every client of HTTP/1.1 can read chunks, so chunked is never asked for: TE names what can be read besides,
    such as trailers or gzip. A client must not list it. Servers pass over it, and it shows that TE was taken
    for Transfer-Encoding: that one says how the sender's own message is packed."""

    id = "te-chunked"
    level = "warning"
    direction = "in"
    rule = "RFC 9112 section 7.4"
    sentence = "TE names chunked, which is always understood and must not stand there"
    advice = 'Leave TE out, or write "TE: trailers" and "Connection: TE".'


class RefererForm(Note):
    """Referer names the page from which the request came, without the part behind "#" and without a user name or
    a password: the first is for the client alone, and the second would tell every site that is linked who the
    person is. Browsers cut both away, and often the path too (Referrer-Policy). A program that copies an address
    as it is gives away what was in it."""

    id = "referer-form"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 10.1.3"
    sentence = "Referer has a fragment or a user name, which must not be sent: {value}"
    advice = "Send the address without user name and without #..., or no Referer."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the fields of a request that was taken, besides those of a topic of their own."""
    if view.head is None:
        return
    if any(len(values) > 1 for values in view.head.fields.index.values()):
        for name in SINGLETONS:
            if view.asked_lines(name) > 1:
                yield FieldRepeated(*view.request_place(name), direction="in", name=name.title())
    if view.names.isdisjoint(_LOOKED_AT):
        return
    for name in WEIGHED:
        value = view.asked(name) if name in view.names else None
        if value is None or ";" not in value:
            continue
        for weight in _WEIGHT.findall(_QUOTED.sub('""', value)):
            if not _RIGHT_WEIGHT.fullmatch(weight.strip(" \t")):
                shown = weight.strip(" \t")[:30]
                shown_name = "TE" if name == "te" else name.title()
                yield QualityForm(*view.request_place(name), name=shown_name, value=shown)
                break
    if "chunked" in members(view.asked("te")):
        yield TeChunked(*view.request_place("te"))
    referer = view.asked("referer")
    if referer is not None and ("#" in referer or re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@", referer)):
        yield RefererForm(*view.request_place("referer"), value=shown_text(referer))
