"""email of 2.x: the old names of its modules, and payloads as text of bytes."""

from __future__ import annotations

import base64
import email
import email.header
import email.message
import email.mime.audio
import email.mime.base
import email.mime.image
import email.mime.message
import email.mime.multipart
import email.mime.text
import email.utils
import quopri
from typing import Any

from rawwfile.cpy.python2.modules.data import to_bytes, to_text


class Message(email.message.Message):
    """A message whose payload is text of bytes."""

    making = False

    def get_payload(self, i: Any = None, decode: Any = False) -> Any:
        found: Any = super().get_payload(i, bool(decode))  # type: ignore[call-overload]
        # While it is made, today's own code asks for bytes.
        return found if self.making else to_text(found)

    def has_key(self, name: str) -> bool:
        return name in self

    def as_string(self, unixfrom: Any = False, *_: Any) -> str:
        text = super().as_string(bool(unixfrom))
        # 2.x ended with the last boundary.
        return text.removesuffix("\n") if self.is_multipart() and self.epilogue is None else text

    def get_type(self, failobj: Any = None) -> Any:
        return self.get_content_type() if "content-type" in self else failobj

    def get_main_type(self, failobj: Any = None) -> Any:
        return self.get_content_maintype() if "content-type" in self else failobj

    def get_subtype(self, failobj: Any = None) -> Any:
        return self.get_content_subtype() if "content-type" in self else failobj

    def add_payload(self, part: Any) -> None:
        self.attach(part)


class MIMEBase(Message, email.mime.base.MIMEBase):
    """MIMEBase."""


class MIMEMultipart(Message, email.mime.multipart.MIMEMultipart):
    """MIMEMultipart."""


class MIMEText(Message, email.mime.text.MIMEText):
    """MIMEText: text is in the charset named already."""

    def __init__(self, text: str, subtype: str = "plain", charset: str = "us-ascii") -> None:
        try:
            text = to_bytes(text).decode(charset)
        except UnicodeError:
            charset = "iso-8859-1"
        self.making = True
        super().__init__(text, subtype, charset)
        self.making = False


class MIMEImage(Message, email.mime.image.MIMEImage):
    """MIMEImage."""

    def __init__(self, data: str, *rest: Any, **named: Any) -> None:
        named["_encoder"] = named.get("_encoder") or encode_base64
        super().__init__(to_bytes(data), *rest, **named)


class MIMEAudio(Message, email.mime.audio.MIMEAudio):
    """MIMEAudio."""

    def __init__(self, data: str, *rest: Any, **named: Any) -> None:
        named["_encoder"] = named.get("_encoder") or encode_base64
        super().__init__(to_bytes(data), *rest, **named)


class MIMEMessage(Message, email.mime.message.MIMEMessage):
    """MIMEMessage."""


def _payload(message: Any) -> bytes:
    value = email.message.Message.get_payload(message)
    return bytes(to_bytes(value))


def encode_base64(message: Any) -> None:
    """Encoders.encode_base64."""
    data = _payload(message)
    text = to_text(base64.encodebytes(data))
    message.set_payload(text if data.endswith(b"\n") else text.removesuffix("\n"))
    message["Content-Transfer-Encoding"] = "base64"


def encode_quopri(message: Any) -> None:
    """Encoders.encode_quopri."""
    message.set_payload(to_text(quopri.encodestring(_payload(message), True).replace(b" ", b"=20")))
    message["Content-Transfer-Encoding"] = "quoted-printable"


def encode_7or8bit(message: Any) -> None:
    """Encoders.encode_7or8bit."""
    message["Content-Transfer-Encoding"] = "7bit" if _payload(message).isascii() else "8bit"


def message_from_string(text: str, kind: Any = None, *_: Any) -> Any:
    """email.message_from_string."""
    return email.message_from_string(text, _class=kind or Message)


def message_from_file(file: Any, kind: Any = None, *_: Any) -> Any:
    """email.message_from_file."""
    return message_from_string(to_text(file.read()), kind)


class Header(email.header.Header):
    """Header: text is in the charset named already."""

    def append(self, text: Any, charset: Any = None, errors: str = "strict") -> None:
        name = str(charset or self._charset)  # type: ignore[attr-defined]
        super().append(to_bytes(text).decode(name, errors), charset, errors)

    def __str__(self) -> str:
        return self.encode()


def decode_header(header: Any) -> list[tuple[str, Any]]:
    """Header.decode_header."""
    return [(to_text(text), charset) for text, charset in email.header.decode_header(header)]


def email_names(_: Any) -> dict[str, Any]:
    """Return the names of email; a path, so that its modules can be imported."""
    return {"message_from_string": message_from_string, "message_from_file": message_from_file, "__path__": []}


def _with_path(names: dict[str, Any]) -> Any:
    return lambda _: {**names, "__path__": []}


def _only(*kinds: type) -> Any:
    return lambda _: {kind.__name__: kind for kind in kinds}


_ENCODERS = {"encode_base64": encode_base64, "encode_quopri": encode_quopri, "encode_7or8bit": encode_7or8bit}
_TABLE: dict[tuple[str, str], tuple[str, Any]] = {
    ("Message", "message"): ("email.message", _only(Message)),
    ("Header", "header"): ("email.header", lambda _: {"Header": Header, "decode_header": decode_header}),
    ("Encoders", "encoders"): ("email.encoders", lambda _: dict(_ENCODERS)),
    ("Utils", "utils"): ("email.utils", lambda _: {}),
    ("Charset", "charset"): ("email.charset", lambda _: {}),
    ("Errors", "errors"): ("email.errors", lambda _: {}),
    ("Generator", "generator"): ("email.generator", lambda _: {}),
    ("Iterators", "iterators"): ("email.iterators", lambda _: {}),
    ("Parser", "parser"): ("email.parser", lambda _: {}),
    ("MIMEBase", "mime.base"): ("email.mime.base", _only(MIMEBase)),
    ("MIMEMultipart", "mime.multipart"): ("email.mime.multipart", _only(MIMEMultipart)),
    ("MIMEText", "mime.text"): ("email.mime.text", _only(MIMEText)),
    ("MIMEImage", "mime.image"): ("email.mime.image", _only(MIMEImage)),
    ("MIMEAudio", "mime.audio"): ("email.mime.audio", _only(MIMEAudio)),
    ("MIMEMessage", "mime.message"): ("email.mime.message", _only(MIMEMessage)),
}
MODULES: dict[str, tuple[str, Any]] = {
    "email": ("email", email_names),
    "email.mime": ("email.mime", _with_path({})),
    **{f"email.{name}": made for both, made in _TABLE.items() for name in both},
}
