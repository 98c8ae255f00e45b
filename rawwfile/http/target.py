"""The four forms of a request target (RFC 9112 section 3.2)."""

from __future__ import annotations

from typing import NamedTuple

from rawwfile.errors import RemoteProtocolError
from rawwfile.http import grammar


class Target(NamedTuple):
    """A request target taken apart.

    form: "origin", "absolute", "authority" or "asterisk". scheme, authority: of absolute-form
    (authority also of authority-form), else empty. path: begins with "/", or is "*" or empty
    (authority-form). query: without its "?"; None when there is no "?".
    """

    form: str
    scheme: bytes
    authority: bytes
    path: bytes
    query: bytes | None


def parse_target(method: bytes, target: bytes) -> Target:
    """Take `target` apart. Raises RemoteProtocolError (400) for a form that `method` may not have."""
    if method == b"CONNECT":
        match = grammar.authority_form.fullmatch(target)
        if not match or not match[1] or not grammar.is_host(target):
            raise RemoteProtocolError(
                f"CONNECT takes host:port, not {target[:60]!r}", rule="RFC 9112 3.2.3", note="connect-target"
            )
        port = match[2].lstrip(b"0")
        if not port or len(port) > 5 or int(port) > 65535:
            raise RemoteProtocolError(
                f"CONNECT to a port that is none: {target[-60:]!r}; take one of 1 to 65535",
                rule="RFC 9110 9.3.6",
                note="connect-port",
            )
        return Target("authority", b"", target, b"", None)
    if target[:1] == b"/":
        path, mark, query = target.partition(b"?")
        return Target("origin", b"", b"", path, query if mark else None)
    if target == b"*":
        if method != b"OPTIONS":
            what = "only OPTIONS may have the target *"
            raise RemoteProtocolError(what, rule="RFC 9112 3.2.4", note="asterisk-target")
        return Target("asterisk", b"", b"", b"*", None)
    return _parse_absolute(method, target)


def _parse_absolute(method: bytes, target: bytes) -> Target:
    match = grammar.absolute_form.match(target)
    if not match:
        raise RemoteProtocolError(
            f"request target must begin with / or http://: {target[:60]!r}", rule="RFC 9112 3.2", note="target-form"
        )
    scheme, authority, rest = match.groups()
    if not authority or authority[:1] == b":" or not grammar.is_host(authority):
        raise RemoteProtocolError(
            f"no valid host in the request target: {target[:60]!r}", rule="RFC 9110 4.2", note="target-host"
        )
    path, mark, query = rest.partition(b"?")
    if not path:
        # OPTIONS http://host means the server as a whole (RFC 9112 section 3.2.4)
        path = b"*" if method == b"OPTIONS" and not mark else b"/"
    return Target("absolute", scheme.lower(), authority, path, query if mark else None)
