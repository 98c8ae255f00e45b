"""Lab 13: one response of at least three pictures, each in a part of its own, one after the other in time."""

from __future__ import annotations

from rawwfile.http.forms import parse_parameters
from rawwfile.lab.expectations import answered, by_hand, complete, lines_end_in_crlf
from rawwfile.lab.finer import Part, has_last_boundary, parts
from rawwfile.lab.seen import Message, Seen
from rawwfile.lab.visit import Visit

VISITS = (
    ("/", "the page with the picture"),
    ("/camera", "the pictures alone"),
)

WRONG = {
    "wrong_no_parts.py": ("not-multipart", "image/gif"),
    "wrong_boundary.py": ("parts", "0 parts"),
    "wrong_no_empty_line.py": ("part-head", "part 1 has no empty line"),
    "wrong_no_last.py": ("last-boundary", "never ends"),
    "wrong_at_once.py": ("gaps", "came together"),
    "wrong_length.py": ("content-excess", "more than its Content-Length"),
}

PUSH = "multipart/x-mixed-replace"
GAP = 0.05
PARTS = "RFC 2046 section 5.1.1"


def drive(visit: Visit) -> None:
    """Look at the camera, to its end."""
    with visit.connect() as line:
        line.get("/camera", "Connection: close\r\n")
        line.rest()


def judge(seen: Seen) -> None:
    """The type, the parts, the end, and the times between."""
    page = seen.exchange(1)
    answered(seen, page, "/camera")
    by_hand(seen, page)
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
    seen.expect(
        len(found) >= 3,
        "parts",
        good=f"it has {len(found)} parts",
        saw=f"it has {len(found)} parts: so often does a line {boundary} stand before fields",
        rule=PARTS,
        step=f"Before the fields of each picture write a line of its own: {boundary} and \\r\\n.",
    )
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
    gaps = _gaps(page.response, found)
    seen.expect(
        min(gaps) >= GAP,
        "gaps",
        good="they came one after the other, " + ", ".join(f"{gap:.2f} s" for gap in gaps) + " apart",
        saw="some pictures came together: " + ", ".join(f"{gap:.3f} s" for gap in gaps) + " lie between their ends",
        rule="a browser shows a picture until the next one has come",
        step="Call time.sleep(0.2) between two pictures.",
    )


def judge_part(seen: Seen, number: int, part: Part) -> None:
    """One part: the empty line, the type, the picture, its length where it has one."""
    if not part.head.endswith((b"\r\n\r\n", b"\n\n")) and part.head != b"\r\n":
        seen.expect(False, "part-head", good="", saw=f"part {number} has no empty line behind its fields", rule=PARTS,
                    step="Write \\r\\n\\r\\n behind the last field of a part, as behind a head.")  # fmt: skip
    kind = part.get("Content-Type") or ""
    if not (kind.lower().startswith("image/") and part.content):
        seen.expect(False, "picture", good="", rule="RFC 2046 section 5.1",
                    saw=f"part {number} has the type {kind or '(none)'} and {len(part.content)} bytes",
                    step="Give each part Content-Type: image/gif, and a whole picture.")  # fmt: skip
    length = part.get("Content-Length")
    if length is not None and length != str(len(part.content)):
        seen.expect(False, "part-length", good="", rule="RFC 9110 section 8.6",
                    saw=f"part {number} says Content-Length: {length} and has {len(part.content)} bytes",
                    step="Count the picture alone; the line end before the boundary is not part of it.")  # fmt: skip


def _gaps(response: Message, found: list[Part]) -> list[float]:
    """Seconds between the ends of the parts: a browser has the whole picture when the boundary behind it is there."""
    ends = [response.time_of(part.ended) for part in found]
    return [later - earlier for earlier, later in zip(ends, ends[1:], strict=False)]
