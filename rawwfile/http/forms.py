"""Names and values: query strings, urlencoded bodies, and the parameters of a media type.

Everything here takes time linear in its input, whatever the input says.
"""

from __future__ import annotations

import re

from rawwfile.errors import HTTPError, RequestBodyError

MAX_PAIRS = 10_000
"""Name=value pairs in a query string (more is 400) or in an urlencoded body (more is 413).

Ten times what Django takes by default; a page of 2,000 check boxes is real, a million is not.
"""

FORM_CHARSETS = frozenset(
    """ascii us-ascii utf-8 utf8 iso-8859-1 latin-1 latin1 iso-8859-2 iso-8859-3 iso-8859-4
    iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-10 iso-8859-13 iso-8859-14
    iso-8859-15 iso-8859-16 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254
    windows-1255 windows-1256 windows-1257 windows-1258 koi8-r koi8-u gbk gb2312 gb18030 big5
    euc-jp shift_jis euc-kr""".split()
)
"""The charsets that a client may ask for, in lower case: those that browsers send forms in.

A closed list, because Python imports a module for any codec name it is asked for, remembers
the names it does not know for ever, and has codecs (idna) that are slow on purpose-made text.
"""

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PARAMETER = re.compile(
    rf';[ \t]*({_TOKEN})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|"([^"]*)"|([^;]*))', re.DOTALL
)
_ESCAPED = re.compile(r'\\(["\\])')
_BLOCK = 16384
"""Bytes that are percent-decoded at a time: the pieces of it take a hundred times its size."""
_PERCENT_CODED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
_QUOTED_PAIR = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))", re.DOTALL)


def percent_decoded(data: bytes) -> bytes:
    """Replace each %XX by its byte; a "%" that begins none is itself. RFC 3986 section 2.1."""
    if len(data) <= _BLOCK:
        return _PERCENT_CODED.sub(_from_hex, data)
    pieces, start = [], 0
    while start < len(data):
        end = start + _BLOCK
        if end < len(data):
            cut = data.rfind(b"%", end - 2, end)
            end = end if cut < 0 else cut
        pieces.append(_PERCENT_CODED.sub(_from_hex, data[start:end]))
        start = end
    return b"".join(pieces)


def _from_hex(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[0].replace(b"%", b"").decode("ascii"))


def unquoted_cookie(text: str) -> str:
    """Undo the quotes of a cookie's value, and the backslashes within them.

    As http.cookies does, whose own way takes the square of the length before Python 3.12.6.
    """
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    return _QUOTED_PAIR.sub(lambda pair: chr(int(pair[1], 8)) if pair[1] else pair[2], text[1:-1])


def parse_parameters(text: str) -> tuple[str, dict[str, str]]:
    """Split `form-data; name="a b"` into its value and its parameters.

    Value and parameter names come in lower case; of parameters given twice the first holds.
    A backslash escapes only a quote and a backslash, so that the `C:\\dir\\a.txt` some
    browsers send as a file name survives; a last backslash before the only closing quote
    counts as text. What is no parameter is passed over. RFC 9110 section 5.6.6.
    """
    value, separator, _ = text.partition(";")
    parameters: dict[str, str] = {}
    position = len(value) if separator else -1
    while position != -1:
        match = _PARAMETER.match(text, position)
        if match:
            name, quoted, literal, token = match.groups()
            if quoted is not None:
                found = _ESCAPED.sub(r"\1", quoted)
            else:
                found = literal if literal is not None else token.strip(" \t")
            parameters.setdefault(name.lower(), found)
        position = text.find(";", match.end() if match else position + 1)
    return value.strip(" \t").lower(), parameters


def form_charset(parameters: dict[str, str], default: str) -> str:
    """Return the charset that a media type asks for if it is one of FORM_CHARSETS, else `default`."""
    asked = parameters.get("charset", "").lower()
    return asked if asked in FORM_CHARSETS else default


def parse_query(query: str, charset: str = "utf-8") -> dict[str, str | list[str]]:
    """Return names and values of a query string (without its "?"); a repeated name has a list.

    query: text as it came in the request target (bytes as latin-1). Pairs part at "&" alone;
    "+" is a blank and %XX a byte, in names and in values; a name without "=" has the value
    "". Bytes that are not `charset` become U+FFFD. Raises HTTPError 400 past MAX_PAIRS.
    """
    if not query:
        return {}
    if query.count("&") >= MAX_PAIRS:
        raise HTTPError(
            400, f"the query string has more than {MAX_PAIRS} parameters. Send them in a body."
        )
    try:
        data = query.encode("latin-1")
    except UnicodeEncodeError:  # not from the wire: a handler wrote it for InternalRedirect
        data = query.encode(charset, "replace")
    return _decode_pairs(data, charset)


def parse_urlencoded(data: bytes, charset: str = "utf-8") -> dict[str, str | list[str]]:
    """Return names and values of an application/x-www-form-urlencoded body, as `parse_query` does.

    Raises RequestBodyError 413 past MAX_PAIRS.
    """
    if data.count(b"&") >= MAX_PAIRS:
        raise RequestBodyError(413, f"the form has more than {MAX_PAIRS} fields. Send fewer.")
    return _decode_pairs(data.strip(b"\r\n"), charset)


def _decode_pairs(data: bytes, charset: str) -> dict[str, str | list[str]]:
    pairs: dict[str, str | list[str]] = {}
    for pair in data.split(b"&"):
        if not pair:
            continue
        raw_name, _, raw_value = pair.partition(b"=")
        name = _decode(raw_name, charset)
        value = _decode(raw_value, charset)
        earlier = pairs.get(name)
        if earlier is None:
            pairs[name] = value
        elif isinstance(earlier, list):
            earlier.append(value)
        else:
            pairs[name] = [earlier, value]
    return pairs


def _decode(raw: bytes, charset: str) -> str:
    if b"+" in raw:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        raw = percent_decoded(raw)
    return raw.decode(charset, "replace")
