"""smtplib: messages as text of bytes."""

from __future__ import annotations

import re
import smtplib
from typing import Any

from rawwfile.cpy.python2.modules.data import to_bytes, to_text


def _with_line_ends(message: str) -> bytes:
    return re.sub(rb"\r\n|\n|\r", b"\r\n", to_bytes(message))


class _Smtp:
    """Sends text of bytes; answers are text."""

    def sendmail(self: Any, sender: str, receivers: Any, message: Any, *rest: Any) -> Any:
        refused = super().sendmail(sender, receivers, _with_line_ends(message), *rest)  # type: ignore[misc]
        return {address: to_text(answer) for address, answer in refused.items()}

    def data(self: Any, message: Any) -> Any:
        return to_text(super().data(_with_line_ends(message)))  # type: ignore[misc]

    def send(self: Any, text: Any) -> None:
        super().send(to_bytes(text))  # type: ignore[misc]


def _answering(name: str) -> Any:
    def method(self: Any, *arguments: Any) -> Any:
        return to_text(getattr(super(_Smtp, self), name)(*arguments))

    return method


for _name in ("mail", "rcpt", "noop", "rset", "help", "quit", "verify", "vrfy", "expn"):
    setattr(_Smtp, _name, _answering(_name))


class SMTP(_Smtp, smtplib.SMTP):
    """smtplib.SMTP."""


class SMTP_SSL(_Smtp, smtplib.SMTP_SSL):  # noqa: N801
    """smtplib.SMTP_SSL."""


MODULES: dict[str, tuple[str, Any]] = {"smtplib": ("smtplib", lambda _: {"SMTP": SMTP, "SMTP_SSL": SMTP_SSL})}
