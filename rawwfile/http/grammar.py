"""The grammar of RFC 9112 and RFC 9110 as bytes patterns, the rule's name above each.

Every pattern is linear: neighbouring parts have no byte in common, so none can backtrack.
"""

from __future__ import annotations

import re
import sys

# The patterns cannot backtrack with any effect; where `re` knows possessive quantifiers (3.11) it is
# told so, which makes matching a head a third faster.
_P = b"+" if sys.version_info >= (3, 11) else b""

# token = 1*tchar (RFC 9110 section 5.6.2)
TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+" + _P
token = re.compile(TOKEN)

# request-line = method SP request-target SP HTTP-version (RFC 9112 section 3). The target is held
# to visible ASCII without "#" here; its form is checked in `target`. A URI has no "<>\^`{|} either,
# but browsers send most of them as they are; "#" they never send, and others cut the target there.
REQUEST_LINE = rb"(" + TOKEN + rb") ([!\"$-~]+) HTTP/1\.([0-9])"
request_line = re.compile(REQUEST_LINE)

# HTTP-version of any major number, to tell 505 from 400 (RFC 9112 section 2.3)
any_version = re.compile(rb"HTTP/([0-9])\.([0-9])")

# field-line = field-name ":" OWS field-value OWS (RFC 9112 section 5); field-vchar = VCHAR / obs-text
FIELD_LINE = TOKEN + rb":[\t -~\x80-\xff]*" + _P
field_line = re.compile(FIELD_LINE)

# A whole request head: what almost every request matches in one step.
request_head = re.compile(REQUEST_LINE + rb"\r\n((?:" + FIELD_LINE + rb"\r\n)*" + _P + rb")\r\n")

# One field line that is known to be well formed: its name, and its value with trailing OWS.
split_field = re.compile(rb"([^:]+):[ \t]*([^\r]*)\r\n")

# The fields that decide where a request ends, whom it is for and whether the connection persists:
# looked for in the lower-cased lines, each behind an LF.
deciding_field = re.compile(rb"\n(host|content-length|transfer-encoding|connection|expect):[ \t]*([^\r]*)")

# What may stand in no line of a head: CTL except HTAB, CR and LF (RFC 9110 section 5.5). CR and LF
# are judged by where they stand.
control = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Host = uri-host [ ":" port ] (RFC 9110 section 7.2; uri-host of RFC 3986 section 3.2.2). Of an
# IPv6 address only the alphabet: `is_host` looks at it closer.
HOST = rb"(?:\[[0-9A-Fa-f:.]+\]|\[[vV][0-9A-Fa-f]+\.[!$&-.0-;=A-Z_a-z~]+\]|(?:[!$&-.0-9;=A-Z_a-z~]|%[0-9A-Fa-f]{2})*)"
host = re.compile(HOST + rb"(?::[0-9]*)?")

# h16 and IPv4address (RFC 3986 section 3.2.2)
_h16 = re.compile(rb"[0-9A-Fa-f]{1,4}")
_ipv4 = re.compile(rb"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!\Z)|\Z)){4}")

# absolute-form of the schemes that an HTTP server may answer for (RFC 9112 section 3.2.2); the
# authority is checked by `host`. A user part is an error (RFC 9110 section 4.2.4).
absolute_form = re.compile(rb"([Hh][Tt][Tt][Pp][Ss]?)://([^/?#]*)([^#]*)")

# authority-form = uri-host ":" port, for CONNECT (RFC 9112 section 3.2.3)
authority_form = re.compile(rb"(" + HOST + rb"):([0-9]+)")

# quoted-string (RFC 9110 section 5.6.4)
QUOTED_STRING = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'

# chunk-size [ chunk-ext ] CRLF (RFC 9112 section 7.1); BWS is [ \t]*
chunk_line = re.compile(
    rb"([0-9A-Fa-f]+)((?:[ \t]*;[ \t]*" + TOKEN + rb"(?:[ \t]*=[ \t]*(?:" + TOKEN + rb"|" + QUOTED_STRING + rb"))?)*)\r\n"
)


def is_host(value: bytes) -> bool:
    """True for `uri-host [ ":" port ]`; the host may be empty."""
    if host.fullmatch(value) is None:
        return False
    return value[:1] != b"[" or value[1:2] in b"vV" or _is_ipv6(value[1:].partition(b"]")[0])


def _is_ipv6(address: bytes) -> bool:
    """Eight groups, or fewer on both sides of one "::"; the last two may be an IPv4 address."""
    left, gap, right = address.partition(b"::")
    groups = [group for side in (left, right) if side for group in side.split(b":")]
    if groups and (right or not gap) and _ipv4.fullmatch(groups[-1]):
        groups[-1:] = [b"0", b"0"]
    return all(map(_h16.fullmatch, groups)) and (len(groups) < 8 if gap else len(groups) == 8)
