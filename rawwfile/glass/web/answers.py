"""What all answers of the inspector have in common: fields that guard the page, and JSON both ways."""

from __future__ import annotations

import json
from typing import Any

from rawwfile.glass.web.guard import Refused

MAX_JSON = 16 << 20
"""Most bytes of a JSON text that is sent to us."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: nothing but our own files, no frame around us, no form."""

FIELDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer."""


def guard_answer(response: Any) -> None:
    """Give the response the fields that every answer has."""
    for name, value in FIELDS.items():
        response.headers[name] = value


def say_json(response: Any, value: Any, status: int = 200) -> None:
    """Answer with `value` as JSON."""
    response.status = status
    response.headers["Content-Type"] = "application/json"
    # ASCII alone: text of the tape may hold surrogates, which no UTF-8 has.
    response.body = json.dumps(value, separators=(",", ":")).encode("ascii")


def say_bytes(response: Any, data: bytes, content_type: str = "application/octet-stream") -> None:
    """Answer with `data` as it is."""
    response.headers["Content-Type"] = content_type
    response.body = data


def read_json(request: Any) -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused: 413 for too much of it, 400 for what is none."""
    length = request.content_length
    if length is not None and length > MAX_JSON:
        raise Refused(413, f"More than {MAX_JSON} bytes of JSON.")
    data = request.rfile.read(MAX_JSON + 1)
    if len(data) > MAX_JSON:
        raise Refused(413, f"More than {MAX_JSON} bytes of JSON.")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused(400, "The content is not JSON.") from None
    if not isinstance(value, dict):
        raise Refused(400, "The content is not a JSON object.")
    return value


def number(value: Any, name: str, default: float, least: float, most: float) -> float:
    """A number of a JSON object, held to least..most. Raises Refused for what is no number."""
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise Refused(400, f"{name} must be a number.")
    return max(least, min(value, most))


def whole(text: Any, name: str, default: int | None = None, most: int = 1 << 62) -> int:
    """A whole number of a path or query, 0 or more. Raises Refused."""
    if text is None and default is not None:
        return default
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 19):
        raise Refused(400, f"{name} must be a whole number.")
    return min(int(text), most)
