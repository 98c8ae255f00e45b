"""What of two responses must be equal, and what says that they are not.

Ignored: the HTTP version, the order and case of header names, all of `server`, the value of `date`
(it must be one), the reason phrase where the original sent none, the order of the attributes of a
cookie, and the body of an answer to HEAD. `content-length` must be that of the body it comes with.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import xmlrpc.client
from typing import Any

from tests.cases.wire import Answer, Headers

DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$")
MAY_ADD = {"connection", "keep-alive", "transfer-encoding", "content-length", "date"}
SAME = {"ModuleNotFoundError": "ImportError", "UnboundLocalError": "NameError"}  # today's name: that of 2.x
SAME |= dict.fromkeys(
    ("FileNotFoundError", "IsADirectoryError", "NotADirectoryError", "PermissionError", "IOError", "EnvironmentError"),
    "OSError",
)


class Names:
    """Gives names to values that differ from run to run: equal values get equal names."""

    def __init__(self, cookies: list[str], loose: list[str], masks: list[dict[str, str]]) -> None:
        self.loose = set(loose)
        self.known: dict[str, dict[str, str]] = {name: {} for name in [*cookies, *sorted(loose)]}
        self.masks = [(mask["name"], re.compile(mask["pattern"])) for mask in masks]

    def learn(self, answer: Answer) -> None:
        """Remember the values of the cookies that this answer sets."""
        for name, value in sorted(answer.headers):
            cookie, _, content = value.split(";")[0].partition("=")
            content = content.strip().strip('"')
            known = self.known.get(cookie.strip())
            if name == "set-cookie" and known is not None and len(content) >= 6:
                number = "" if cookie.strip() in self.loose else f"#{len(known) + 1}"
                known.setdefault(content, f"<cookie:{cookie.strip()}{number}>")

    def text(self, text: str) -> str:
        """Replace the known values."""
        for values in self.known.values():
            for value in sorted(values, key=len, reverse=True):
                text = text.replace(value, values[value])
        for name, pattern in self.masks:
            mark = f"<{name}>"
            if pattern.groups:
                text = pattern.sub(lambda found, mark=mark: found[0].replace(found[1], mark), text)  # type: ignore[misc]
            else:
                text = pattern.sub(mark, text)
        return text

    def content(self, data: bytes) -> bytes:
        """Replace the known values in a body."""
        return self.text(data.decode("latin-1")).encode("latin-1", "replace")


def plain_headers(answer: Answer, names: Names) -> Headers:
    """The headers in the form that is recorded."""
    plain = []
    for name, value in answer.headers:
        if name == "date" and DATE.match(value):
            value = "<date>"
        elif name == "content-length" and value == str(len(answer.body)):
            value = "<body-length>"
        elif name == "set-cookie":
            value = plain_cookie(value)
        plain.append((name, names.text(value)))
    return sorted(plain)


def plain_cookie(value: str) -> str:
    """A cookie with its attributes in the order of their names."""
    pair, *attributes = [part.strip() for part in value.split(";")]
    kept = []
    for attribute in filter(None, attributes):
        key, sign, content = attribute.partition("=")
        key = key.strip().lower()
        kept.append(key + sign + ("<date>" if key == "expires" else content.strip()))
    return "; ".join([pair, *sorted(kept)])


def plain_body(mode: Any, body: bytes, names: Names) -> bytes:
    """The part of the body that counts, in the form that is recorded."""
    text = body.decode("latin-1")
    if isinstance(mode, dict):
        (kind, wanted), *_ = mode.items()
        wanted = wanted if isinstance(wanted, list) else [wanted]
        if kind == "split_sorted":
            return b"\n".join(sorted(names.content(body).split(wanted[0].encode("latin-1"))))
        what = "text" if kind == "contains" else "pattern"
        missing = [each for each in wanted if not (each in text if kind == "contains" else re.search(each, text))]
        lack = "missing" if kind == "contains" else "no match"
        return (f"{lack}: {missing!r}" if missing else f"every expected {what} is there").encode("latin-1", "replace")
    if mode in ("last_line", "exception"):
        last = ([line.strip() for line in text.splitlines() if line.strip()] or [""])[-1]
        if mode == "exception":
            last = last.split(":")[0].split(".")[-1]
            last = SAME.get(last, last)
        return names.content(last.encode("latin-1"))
    if mode == "gunzip":
        return names.content(gzip.decompress(body))
    if mode == "xmlrpc":
        return xmlrpc_values(body)
    return b"" if mode == "ignore" else names.content(body)


def xmlrpc_values(body: bytes) -> bytes:
    """The values of an XML-RPC answer, or the last line of its fault."""
    try:
        values, _ = xmlrpc.client.loads(body)
    except xmlrpc.client.Fault as fault:
        lines = [line.strip() for line in str(fault.faultString).splitlines() if line.strip()]
        return ascii(("Fault", fault.faultCode, lines[-1] if lines else "")).encode()
    return ascii(sorted_members(values)).encode()


def sorted_members(value: Any) -> Any:
    """An XML-RPC value in which the order of the members of a struct is that of their names."""
    if isinstance(value, dict):
        return {"struct": sorted((key, sorted_members(each)) for key, each in value.items())}
    return [sorted_members(each) for each in value] if isinstance(value, (list, tuple)) else value


def differences(recorded: dict[str, Any], answer: Answer, names: Names, compare: dict[str, Any]) -> list[str]:
    """What is not as recorded, in words; empty if all is well."""
    found = []
    if recorded["status"] != answer.status:
        found.append(f"status: expected {recorded['status']}, got {answer.status}")
    elif recorded["reason"] and recorded["reason"] != answer.reason:
        found.append(f"reason: expected {recorded['reason']!r}, got {answer.reason!r}")
    if compare.get("headers") != "ignore":
        ignored = {"server", *(name.lower() for name in compare.get("ignore_headers", []))}
        found += header_differences(recorded["headers"], answer, names, ignored)
    if answer.head_only and not answer.body:
        return found
    body = plain_body(compare.get("body", "exact"), answer.body, names)
    if "body_sha256" in recorded:
        if hashlib.sha256(body).hexdigest() != recorded["body_sha256"]:
            found.append(f"body: {len(body)} bytes {body[:200]!r}... are not the {recorded['body_length']} recorded")
        return found
    encoded = recorded.get("body_b64")
    wanted = base64.b64decode(encoded) if encoded is not None else recorded["body"].encode()
    if body != wanted:
        found.append(body_difference(wanted, body))
    return found


def body_difference(wanted: bytes, body: bytes) -> str:
    """Where two bodies part."""
    same = next((at for at, (one, other) in enumerate(zip(wanted, body, strict=False)) if one != other), -1)
    same = same if same >= 0 else min(len(wanted), len(body))
    start = max(0, same - 60)
    return (
        f"body: differs at byte {same} ({len(wanted)} bytes expected, {len(body)} came)\n"
        f"    expected {wanted[start : same + 90]!r}\n    got      {body[start : same + 90]!r}"
    )


def header_differences(recorded: list[list[str]], answer: Answer, names: Names, ignored: set[str]) -> list[str]:
    """Headers that are missing, and headers that should not be there."""
    rest = [header for header in plain_headers(answer, names) if header[0] not in ignored]
    missing = []
    for name, value in recorded:
        if name in ignored:
            continue
        if (name, value) in rest:
            rest.remove((name, value))
        else:
            missing.append((name, value))
    length = ("content-length", "<body-length>")
    if length in missing:
        other = [header for header in rest if header[0] == "content-length"]
        if answer.chunked or (answer.head_only and not answer.body and other):
            missing.remove(length)
            rest = [header for header in rest if header not in other]
    absent = {name for name, _ in missing}
    free = answer.head_only or answer.status == 304
    extra = [
        (name, value)
        for name, value in rest
        if name not in MAY_ADD or name in absent or (name == "content-length" and value != length[1] and not free)
    ]
    if not missing and not extra:
        return []
    return [f"headers: missing {missing or 'nothing'}, unexpected {extra or 'nothing'}"]
