"""Lab 19: a name goes into a cookie and comes back; a file that looks like a form arrives intact."""

from __future__ import annotations

import hashlib
import html
import re
from urllib.parse import quote_plus

from rawwfile.lab.expectations import answered, complete
from rawwfile.lab.finer import parts
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (("/", "both forms"),)

WRONG = {
    "wrong_form.py": ("remembered", "does not greet"),
    "wrong_cookie.py": ("cookie-value", "has 'ë'"),
    "wrong_no_escape.py": ("escaped", "becomes part of the page's HTML"),
    "wrong_everything.py": ("intact", "the checksum is that of the whole content"),
    "wrong_to_the_end.py": ("intact", "everything behind it"),
    "wrong_anywhere.py": ("intact", "the answer has no checksum"),
    "wrong_strip.py": ("intact", "without the line ends that it has itself"),
    "wrong_hyphens.py": ("intact", "the answer has no checksum"),
}

NAME = "Zoë; 100% <B+B>"
BOUNDARY = "lab19-7MA4YWxkTrZu0gW"
FILE = (
    b"\r\n--" + BOUNDARY[:-1].encode() + b"\r\n--lab19-7MA4\r\n-- text --" + BOUNDARY.encode() + b" more\r\n"
    b"\x00\xff\r\n\n \r\n"
)
"""Line ends at both ends, hyphens, nearly the boundary at the beginning of a line, the boundary within one."""


def drive(visit: Visit) -> None:
    """Send the name; come back with the cookie; send the file."""
    form = f"name={quote_plus(NAME)}".encode()
    answer = _post(visit, "/name", "application/x-www-form-urlencoded", form)
    cookies = re.findall(rb"(?im)^set-cookie:[ \t]*([^;\r\n]*)", answer.partition(b"\r\n\r\n")[0])
    kept = "; ".join(each.decode("latin-1").strip() for each in cookies)
    visit.get("/", f"Cookie: {kept}\r\nConnection: close\r\n" if kept else "Connection: close\r\n")
    content = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    _post(visit, "/upload", f"multipart/form-data; boundary={BOUNDARY}",
          content + FILE + f"\r\n--{BOUNDARY}--\r\n".encode())  # fmt: skip


def _post(visit: Visit, path: str, kind: str, content: bytes) -> bytes:
    with visit.connect() as line:
        head = f"POST {path} HTTP/1.1\r\nHost: {visit.host}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
        line.send(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        return line.response("POST")


def judge(seen: Seen) -> None:
    """The cookie, what it remembers, and the file."""
    named = seen.exchange(1)
    answered(seen, named, "the name")
    complete(seen, named, "the answer to the name")
    cookies = named.fields.values("Set-Cookie")
    seen.expect(
        cookies,
        "cookie",
        good=f"it sets a cookie: {'; '.join(cookies)}",
        saw="the answer to the name has no Set-Cookie field",
        rule="RFC 6265 section 4.1",
        step='Set response.headers["Set-Cookie"] to name=, the name in percent form, and ; HttpOnly; SameSite=Lax.',
    )
    value = cookies[0].partition(";")[0].partition("=")[2].strip('"')
    bad = next((each for each in value if not "!" <= each <= "~" or each in '",;\\'), None)
    seen.expect(
        bad is None and not seen.exchange(1).note("cookie-form", "cookies-in-one-line"),
        "cookie-value",
        good=f"its value, {value}, has no blank, comma, semicolon or letter outside ASCII",
        saw=f"the cookie's value has {'a blank' if bad == ' ' else repr(bad)}: {cookies[0]}",
        rule="RFC 6265 section 4.1.1",
        step="Use quote() of urllib.parse: what may not stand in a cookie becomes %XX.",
    )
    judge_greeting(seen, seen.exchange(2))
    judge_file(seen, seen.exchange(3))


def judge_greeting(seen: Seen, page: SeenExchange) -> None:
    """The page greets by the name that the cookie brings."""
    answered(seen, page, "the page with the forms")
    text = html.unescape(page.content.decode("utf-8", "replace"))
    seen.expect(
        page.status == 200 and NAME in text,
        "remembered",
        good=f"the page that the cookie {page.request.head.get('Cookie')} came to greets {NAME}",
        saw=f"the page does not greet {NAME}, though the client sent Cookie: {page.request.head.get('Cookie')}",
        rule="RFC 6265 section 5.4",
        step="Decode the form with parse_qs, the cookie with unquote(): plus is a blank, %2B a plus.",
    )
    seen.expect(
        b"<B+B" not in page.content,
        "escaped",
        good="and the name cannot be taken for a tag of the page",
        saw=f"the name {NAME} becomes part of the page's HTML: {_around(page.content, b'<B+B')!r}",
        rule="HTML standard section 13.1.2",
        step="Use html.escape on what came from outside, before it goes into a page.",
    )


def judge_file(seen: Seen, page: SeenExchange) -> None:
    """The checksum in the answer is that of the recorded part."""
    answered(seen, page, "the file")
    sent = parts(page.request, page.request.head.get("Content-Type") or "")[-1].content
    saw = f"the answer has no checksum of the {len(sent)} bytes that were sent, but {page.content[:80]!r}"
    whole = page.request.content
    others = {
        "the whole content, with boundaries and head": whole,
        "the file and everything behind it": whole[whole.find(sent) :],
        "the file and the line end behind it, which belongs to the boundary": sent + b"\r\n",
        "the file without the line ends that it has itself": sent.strip(),
    }
    for what, data in others.items():
        if hashlib.sha256(data).hexdigest().encode() in page.content:
            saw = f"the checksum is that of {what}"
    seen.expect(
        page.status == 200 and hashlib.sha256(sent).hexdigest().encode() in page.content,
        "intact",
        good=f"the file of {len(sent)} bytes arrived intact, with hyphens, line ends and all",
        saw=saw,
        rule="RFC 2046 section 5.1.1",
        step="Look for CR LF, two hyphens and the whole boundary, and cut there; strip nothing else away.",
    )


def _around(content: bytes, mark: bytes) -> bytes:
    """A few bytes before and behind what was found."""
    at = content.find(mark)
    return content[max(0, at - 20) : at + 20]
