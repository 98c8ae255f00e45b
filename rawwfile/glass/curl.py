r"""A recorded request as a command line that sends it again.

curl says most requests; what it cannot say as it was (a bare LF, a folded field, two Hosts) goes
byte for byte through printf and nc, or openssl for TLS. Everything is quoted for a POSIX shell.
"""

from __future__ import annotations

import base64
import re
import shlex
from typing import Any

from rawwfile.glass.breaking.shape import Shape, shape_of
from rawwfile.http.grammar import token

MAX_CONTENT = 16_384
"""Most bytes of content that stand in a command line."""

_sayable = re.compile(rb"[\t\n\r -~]*")
_value = re.compile(rb"[\t -~\x80-\xff]*")
_line = re.compile(rb"([^ ]+) ([!-~]+) HTTP/1\.([01])")


def curl_line(request: bytes, address: Any, scheme: str = "http") -> str | None:
    """The curl command that sends `request` to the server at `address`; None where curl cannot.

    address: (host, port), or the path of a Unix socket. curl orders the fields its own way.
    """
    shape = shape_of(request, "request")
    if shape is None or shape.blank is None or shape.start or shape.stop != len(request):
        return None
    found = _line.fullmatch(request, shape.first.start, shape.first.end)
    if found is None or not token.fullmatch(found[1]) or not _plain_head(shape):
        return None
    method, target, minor = (part.decode("ascii") for part in found.groups())
    words = ["curl", "-v", "--http1.0" if minor == "0" else "--http1.1"]
    if scheme == "https":
        words.append("--insecure")
    if method == "HEAD":
        words.append("--head")
    elif method != "GET" or shape.framing != "none":
        words += ["-X", method]
    host, where = _place(address)
    words += where
    fields = _fields(shape)
    if fields is None:
        return None
    words += fields
    content = _content(shape)
    if content is None:
        return None
    before, more = content
    words += more
    # curl tidies /a/../b and {x}; with --request-target it sends what stands there.
    words += ["--globoff", "--request-target", target, f"{scheme}://{host}/"]
    return before + " ".join(shlex.quote(word) for word in words)


def _place(address: Any) -> tuple[str, list[str]]:
    """The authority of the URL, and options to get there."""
    if not isinstance(address, (tuple, list)):
        return "localhost", ["--unix-socket", str(address)]
    host, port = address[0], address[1]
    return (f"[{host}]:{port}" if ":" in host else f"{host}:{port}"), []


def _plain_head(shape: Shape) -> bool:
    """Every line ends in CR LF and is one field that curl would write alike; one Host at most, no Host twice."""
    data = shape.data
    assert shape.blank is not None
    for line in (shape.first, *shape.lines, shape.blank):
        if data[line.end:line.stop] != b"\r\n":
            return False
    if len(shape.fields) != len(shape.lines) or len(shape.named(b"host")) > 1:
        return False
    return all(
        token.fullmatch(data, each.start, each.colon) and _value.fullmatch(data, each.colon + 1, each.end)
        for each in shape.fields
    )


def _fields(shape: Shape) -> list[str] | None:
    """The options for the fields; None where one is no text."""
    words: list[str] = []
    for each in shape.fields:
        name, value = shape.data[each.start:each.colon].decode("ascii"), shape.value(each)
        if each.name == b"content-length" and shape.framing == "length":
            continue
        # "Name;" is how curl is told to send a field without a value.
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            return None
        words += ["-H", f"{name}: {text}" if text else f"{name};"]
    # What curl sends of its own accord, and this request did not have.
    own = [b"host", b"user-agent", b"accept"]
    if shape.framing != "none":
        own += [b"content-type", b"expect"]
    for each_own in own:
        if not shape.named(each_own):
            words += ["-H", each_own.decode("ascii").title() + ":"]
    return words


def _content(shape: Shape) -> tuple[str, list[str]] | None:
    """What stands before the command, and the options that send the content; None where curl cannot."""
    content = shape.decoded
    if shape.framing == "none":
        return "", []
    if len(content) > MAX_CONTENT or (shape.framing == "length" and shape.length != len(content)):
        return None
    if shape.framing == "chunked" and (shape.last_chunk is None or len(shape.chunks) > 1):
        return None
    if _sayable.fullmatch(content) and not content.startswith(b"@"):
        return "", ["--data-binary", content.decode("ascii")]
    return f"printf %s {base64.b64encode(content).decode('ascii')} | base64 -d | ", ["--data-binary", "@-"]


def exact_line(request: bytes, address: Any, scheme: str = "http") -> str:
    """A command that sends these very bytes, whatever they are; at most MAX_CONTENT of them."""
    data = request[:MAX_CONTENT]
    shown = "".join(_printf(byte) for byte in data)
    if shown.startswith("-"):
        # printf would take it for an option.
        shown = "\\055" + shown[1:]
    if not isinstance(address, (tuple, list)):
        peer = f"nc -U {shlex.quote(str(address))}"
    elif scheme == "https":
        host = f"[{address[0]}]" if ":" in address[0] else address[0]
        peer = f"openssl s_client -quiet -connect {shlex.quote(f'{host}:{address[1]}')}"
    else:
        peer = f"nc {shlex.quote(address[0])} {address[1]}"
    cut = f"   # the first {MAX_CONTENT} bytes of {len(request)}" if len(request) > len(data) else ""
    return f"printf '{shown}' | {peer}{cut}"


_NAMED = {10: "\\n", 13: "\\r", 9: "\\t", 92: "\\\\", 37: "%%", 39: "\\047"}


def _printf(byte: int) -> str:
    r"""A byte in a format of printf between single quotes; octal escapes are the ones that every printf knows."""
    if byte in _NAMED:
        return _NAMED[byte]
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
