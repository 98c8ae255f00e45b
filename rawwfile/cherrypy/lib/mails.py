"""Messages for Mail.cpy, made with today's email package, and their way to an SMTP server.

Text is `str`: one character a byte, or real characters where the application works with those.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from email import charset, generator, header, message, utils
from io import BytesIO
from typing import Any

TIMEOUT = 60.0
"""Seconds that the SMTP server may take for each answer; the page that sends waits for it."""


def plain_message(sender: str, receiver: Any, subject: str, content_type: str, text: str) -> str:
    """Return a message of one part. content_type: as the header will say it, parameters included."""
    made = _part(content_type, text)
    _address(made, sender, receiver, subject)
    return _text(made)


def html_message(html: str, text: str, subject: str, sender: str, receiver: Any) -> str:
    """Return a multipart/alternative message: the HTML part first, then the plain one (spec 17.7)."""
    made = message.Message()
    made["MIME-Version"] = "1.0"
    made["Content-Type"] = "multipart/alternative"
    for kind, part in (("text/html", html), ("text/plain", text)):
        data, name = _encoded(part)
        made.attach(_quoted(f'{kind}; charset="{name}"', data, name))
    _address(made, sender, receiver, subject)
    return _text(made)


def send(server: str, port: Any, sender: str, receivers: Iterable[Any], text: str) -> None:
    """Hand a message to the SMTP server.

    receivers: addresses, texts or lists of them; empty ones are left out. Raises ValueError for a
    line end in an address, and what smtplib raises where the server does not take the message.
    """
    addresses = [address for each in receivers for address in _addresses(each)]
    with smtplib.SMTP(server, int(port or 0), timeout=TIMEOUT) as connection:
        connection.sendmail(utils.parseaddr(_one_line("sender", sender))[1], addresses, text.encode("latin-1"))


def _address(made: message.Message, sender: str, receiver: Any, subject: str) -> None:
    receivers = receiver if isinstance(receiver, str) else ", ".join(receiver)
    for name, value in (("From", sender), ("To", receivers), ("Subject", subject)):
        made[name] = _header(name, _one_line(name, value))
    made["Date"] = utils.formatdate(localtime=True)
    made["Message-ID"] = utils.make_msgid()


def _one_line(name: str, value: str) -> str:
    """Return the value. Raises ValueError where it would begin a header of its own."""
    if any(end in value for end in "\r\n\0"):
        raise ValueError(f"{name} of a mail must not hold a line end: {value!r}. Take it out of what a visitor sent")
    return value


def _header(name: str, value: str) -> str:
    """Return a header's value; what is not ASCII goes as RFC 2047 words, an address itself stays."""
    if value.isascii():
        return value
    if name == "Subject":
        return header.Header(_characters(value), "utf-8", header_name=name).encode()
    pairs = utils.getaddresses([_characters(value)])
    return ", ".join(utils.formataddr((real, address), "utf-8") for real, address in pairs)


def _characters(text: str) -> str:
    """Return real characters: bytes are taken as UTF-8 where they are that, else as Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _encoded(text: str) -> tuple[bytes, str]:
    """Return text as bytes, and the name of the charset they are in."""
    if text.isascii():
        return text.encode(), "us-ascii"
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8"), "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data, "iso-8859-1"
    return data, "utf-8"


def _part(content_type: str, text: str) -> message.Message:
    made = message.Message()
    made["MIME-Version"] = "1.0"
    made["Content-Type"] = _one_line("contentType", content_type)
    named = made.get_content_charset()
    try:
        # Text of bytes is in the charset that the header names already.
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        named = named or "utf-8"
        data = text.encode(named)
    name = named or _encoded(text)[1]
    quoted = _quoted("", data, name)
    if not data.isascii() and made.get_content_maintype() == "text":
        made.set_param("charset", name)
    made["Content-Transfer-Encoding"] = quoted["Content-Transfer-Encoding"]
    made.set_payload(quoted.get_payload())
    return made


def _quoted(content_type: str, data: bytes, name: str) -> message.Message:
    """Return a part in quoted-printable."""
    made = message.Message()
    if content_type:
        made["Content-Type"] = content_type
    made["Content-Transfer-Encoding"] = "quoted-printable"
    quoting = charset.Charset("latin-1")
    quoting.body_encoding = charset.QP
    made.set_payload(quoting.body_encode(data.decode("latin-1")))
    return made


def _text(made: message.Message) -> str:
    out = BytesIO()
    generator.BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(made, linesep="\r\n")
    return out.getvalue().decode("latin-1")


def _addresses(receivers: Any) -> list[str]:
    listed = [receivers] if isinstance(receivers, str) else receivers or []
    lines = [_one_line("receiver", each) for each in listed]
    return [address for _, address in utils.getaddresses(lines) if address]
