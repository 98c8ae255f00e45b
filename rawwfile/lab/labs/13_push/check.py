"""Lab 13: one response of at least three pictures, each in a part of its own, one after the other in time."""

from __future__ import annotations

from rawwfile.http.forms import parse_parameters
from rawwfile.lab.expectations import answered, complete, lines_end_in_crlf
from rawwfile.lab.finer import Part, finer, has_last_boundary, parts
from rawwfile.lab.seen import Message, Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (
    ("/", "the page with the picture"),
    ("/camera", "the pictures alone"),
)

WRONG = {
    "wrong_no_parts.py": ("not-multipart", "image/gif"),
    "wrong_boundary.py": ("parts", "names the boundary --next"),
    "wrong_middle_of_line.py": ("parts", "in the middle of a line"),
    "wrong_line_ends.py": ("part-lines", "ends in LF alone"),
    "wrong_as_text.py": ("picture", "b'GIF89a"),
    "wrong_no_empty_line.py": ("part-head", "part 1 has no empty line"),
    "wrong_no_last.py": ("last-boundary", "never ends"),
    "wrong_at_once.py": ("gaps", "came together"),
    "wrong_length.py": ("content-excess", "more than its Content-Length"),
}

PUSH = "multipart/x-mixed-replace"
GAP = 0.05
PARTS = "RFC 2046 section 5.1.1"
SIGNATURES = {"image/gif": b"GIF8", "image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}


def drive(visit: Visit) -> None:
    """Look at the camera, to its end."""
    with visit.connect() as line:
        line.get("/camera", "Connection: close\r\n")
        line.rest()


def judge(seen: Seen) -> None:
    """The type, the parts, the end, and the times between."""
    page = seen.exchange(1)
    answered(seen, page, "/camera")
    media_type = page.fields.get("Content-Type") or ""
    name, parameters = parse_parameters(media_type)
    seen.expect(
        name == PUSH and parameters.get("boundary"),
        "not-multipart",
        good=f"the response says that its parts replace each other, with the boundary {parameters.get('boundary')}",
        saw=f"the response has the type {media_type or '(none)'}",
        rule="RFC 2046 section 5.1",
        step="Write Content-Type: multipart/x-mixed-replace; boundary=next among the fields.",
    )
    lines_end_in_crlf(seen, page)
    if page.verdict == "open-ended":
        seen.good.append("closing the connection ends the response")
    else:
        complete(seen, page)
    found = parts(page.response, media_type)
    boundary = f"--{parameters['boundary']}"
    judge_boundaries(seen, page, found, boundary)
    for number, part in enumerate(found, 1):
        judge_part(seen, number, part)
    seen.good.append("each part has fields, an empty line and a picture")
    seen.expect(
        has_last_boundary(page.response, media_type),
        "last-boundary",
        good=f"the last one is ended by {boundary}--",
        saw=f"the last part never ends: there is no {boundary}--",
        rule=PARTS,
        step=f"Behind the last picture write \\r\\n{boundary}--\\r\\n.",
    )
    judge_times(seen, page, media_type)


def judge_boundaries(seen: Seen, page: SeenExchange, found: list[Part], boundary: str) -> None:
    """Enough boundaries, each a line of its own that ends in CR LF."""
    content = page.content
    mark = boundary.encode("latin-1", "replace")
    within = sum(content[:at].endswith(b"\n") is False for at in _places(content, mark) if at)
    count = "1 part" if len(found) == 1 else f"{len(found)} parts"
    saw = f"it has {count}: so often does a line {boundary} stand before fields"
    step = f"Before the fields of each picture write a line of its own: {boundary} and \\r\\n."
    if boundary.startswith("----") and mark[2:] in content:
        saw = f"the type names the boundary {boundary[2:]}, so that the line would have to be {boundary}"
        step = f"Write boundary={boundary[2:].lstrip('-')} in the type: the two hyphens are not part of the name."
    elif within:
        times = "once" if within == 1 else f"{within} times"
        saw += f"; {times} {boundary} stands in the middle of a line, right behind other bytes"
        step = "Write \\r\\n behind each picture: a boundary begins a line, and that line end belongs to it."
    seen.expect(len(found) >= 3, "parts", good=f"it has {len(found)} parts", saw=saw, rule=PARTS, step=step)
    kinds = finer(page.response, page.fields.get("Content-Type") or "")
    lines = b"".join(data for kind, data, *_ in kinds if kind in ("part-boundary", "part-head"))
    seen.expect(
        lines.count(b"\n") == lines.count(b"\r\n"),
        "part-lines",
        good="the lines of the parts end in CR LF, too",
        saw="a line of a part, its boundary or one of its fields, ends in LF alone",
        rule=PARTS,
        step="Write \\r\\n at the end of these lines as well. Many browsers forgive that, and need not.",
    )


def judge_times(seen: Seen, page: SeenExchange, media_type: str) -> None:
    """One picture after the other. A browser shows each when it has the boundary behind it."""
    sent, shown = _times(page.response, media_type)
    gaps = [later - earlier for earlier, later in zip(sent, sent[1:], strict=False)]
    step = "Call time.sleep(0.2) between two pictures."
    if len(page.response.entries) == 1:
        step = "Send each picture in a write of its own, and call time.sleep(0.2) between two of them."
        if not page.by_hand:
            step = "What is yielded is gathered and sent whole: write on response.wfile, or mark the method @stream."
    seen.expect(
        min(gaps) >= GAP,
        "gaps",
        good="they came one after the other, " + ", ".join(f"{gap:.2f} s" for gap in gaps) + " apart",
        saw="some pictures came together: " + ", ".join(f"{gap:.3f} s" for gap in gaps) + " lie between them",
        rule="a browser shows a picture until the next one has come",
        step=step,
    )
    begun = page.record.began
    seen.good.append("the boundaries behind them, which let a browser show them, came after "
                     + ", ".join(f"{time - begun:.2f} s" for time in shown))  # fmt: skip


def judge_part(seen: Seen, number: int, part: Part) -> None:
    """One part: the empty line, the type, the picture, its length where it has one."""
    if not part.head.endswith((b"\r\n\r\n", b"\n\n")) and part.head != b"\r\n":
        seen.expect(False, "part-head", good="", saw=f"part {number} has no empty line behind its fields", rule=PARTS,
                    step="Write \\r\\n\\r\\n behind the last field of a part, as behind a head.")  # fmt: skip
    kind = part.get("Content-Type") or ""
    begins = SIGNATURES.get(parse_parameters(kind)[0], b"")
    if part.content and not part.content.startswith(begins):
        seen.expect(False, "picture", good="", rule="the format of the picture",
                    saw=f"part {number} says {kind}, and begins with {_text(part.content[:12])}",
                    step="Send the bytes as they are: in str() or an f-string they become text.")  # fmt: skip
    if not (kind.lower().startswith("image/") and part.content):
        seen.expect(False, "picture", good="", rule="RFC 2046 section 5.1",
                    saw=f"part {number} has the type {kind or '(none)'} and {len(part.content)} bytes",
                    step="Give each part Content-Type: image/gif, and a whole picture.")  # fmt: skip
    length = part.get("Content-Length")
    if length is not None and length != str(len(part.content)):
        seen.expect(False, "part-length", good="", rule="RFC 9110 section 8.6",
                    saw=f"part {number} says Content-Length: {length} and has {len(part.content)} bytes",
                    step="Count the picture alone; the line end before the boundary is not part of it.")  # fmt: skip


def _text(data: bytes) -> str:
    return data.decode("ascii", "backslashreplace")


def _places(content: bytes, mark: bytes) -> list[int]:
    """Where `mark` stands in the content."""
    found, at = [], content.find(mark)
    while at >= 0:
        found.append(at)
        at = content.find(mark, at + len(mark))
    return found


def _times(response: Message, media_type: str) -> tuple[list[float], list[float]]:
    """When the last byte of each picture crossed, and when that of the boundary behind it did."""
    sent: list[float] = []
    shown: list[float] = []
    last: int | None = None
    for kind, _, _, end in finer(response, media_type):
        if kind == "part-content":
            last = end
        elif kind == "part-boundary" and last is not None:
            sent.append(response.time_of(last))
            shown.append(response.time_of(end))
            last = None
    return sent, shown
