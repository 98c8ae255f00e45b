"""Lab 24: old.cpy and its port are asked the same, and have to answer the same but for Date and Server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rawwfile.lab.expectations import answered
from rawwfile.lab.judging import NotYet
from rawwfile.lab.old_site import OLD_HOST, BesideOld, old_site
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (
    ("/", "the shop"),
    ("/price?name=plums&count=7", "a price"),
    ("/price?name=plum", "the price of one"),
    ("/price?name=plums&count=8", "the price of eight"),
)

WRONG = {
    "wrong_division.py": ("content", "from byte 14 on"),
    "wrong_charset.py": ("content", "from byte 9 on"),
    "wrong_type.py": ("fields", "content-type: text/plain; charset=iso-8859-1"),
    "wrong_blank_line.py": ("content", "</body>"),
    "wrong_rounded.py": ("content", "2.80' there, b'8 plums: \\xa33.80' here"),
    "wrong_no_length.py": ("fields", "the old site has content-length: 14"),
    "wrong_field.py": ("fields", "cache-control: no-cache"),
}

MAY_DIFFER = ("date", "server")
AROUND = 12


def around(application: Any) -> Any:
    """The student's site, and beside it the old one under a host name of its own."""
    return BesideOld(application, old_site(str(Path(__file__).parent / "old.cpy")))


def drive(visit: Visit) -> None:
    """Each page twice: of the old site, of the new one."""
    for path, _ in VISITS:
        for host in (OLD_HOST, visit.host):
            with visit.connect() as line:
                line.send(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                line.response()


def judge(seen: Seen) -> None:
    """Page by page: status, content, fields."""
    for number, (path, _) in enumerate(VISITS):
        old, new = seen.exchange(2 * number + 1), seen.exchange(2 * number + 2)
        answered(seen, new, path)
        judge_page(seen, path, old, new)


def judge_page(seen: Seen, path: str, old: SeenExchange, new: SeenExchange) -> None:
    """One page of the one against the same page of the other."""
    seen.expect(
        old.status == new.status,
        "status",
        good=f"both answer {path} with {old.status}",
        saw=f"the old site answers {path} with {old.status}, yours with {new.status}",
        rule="a port answers as the original does",
        step="Look at both with curl -i.",
    )
    if old.content != new.content:
        at = next((place for place, (a, b) in enumerate(zip(old.content, new.content, strict=False)) if a != b),
                  min(len(old.content), len(new.content)))  # fmt: skip
        before, after = (each[max(0, at - AROUND) : at + AROUND] for each in (old.content, new.content))
        raise NotYet("content", f"the pages of {path} differ from byte {at} on: {before!r} there, {after!r} here",
                     "a port answers as the original does",
                     "Compare the two lines: what does each sign mean in Python 2, and what today?")  # fmt: skip
    seen.good.append(f"{len(old.content)} bytes of content are the same")
    there, here = _fields(old), _fields(new)
    less, more = [each for each in there if each not in here], [each for each in here if each not in there]
    step = f"Send {less[0]}, as the old site does." if less else f"Leave {more[0] if more else 'it'} out."
    if less and less[0].startswith("content-type"):
        value = less[0].partition(": ")[2]
        step = f'Set the field to the old value: response.headers["Content-Type"] = "{value}" says it.'
    seen.expect(
        there == here,
        "fields",
        good=f"so are the fields, but for Date and Server: {', '.join(here)}",
        saw=f"the fields of {path} differ: the old site has {', '.join(less) or 'none of them'}, "
        f"yours {', '.join(more) or 'none of them'}",
        rule="RFC 9110 sections 5.1 and 5.3: case and order of different names do not count, values do",
        step=step,
    )


def _fields(page: SeenExchange) -> list[str]:
    """Names in lower case, sorted: what may differ between two ways to write the same head is gone."""
    fields = sorted((name.lower(), value) for name, value in page.fields.fields)
    return [f"{name}: {value}" for name, value in fields if name not in MAY_DIFFER]
