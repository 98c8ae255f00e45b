"""Lab 22: a value with line ends becomes fields in the one page, and never in the other."""

from __future__ import annotations

from urllib.parse import quote

from rawwfile.lab.expectations import answered, lines_end_in_crlf
from rawwfile.lab.judging import NotYet
from rawwfile.lab.seen import Seen, SeenExchange
from rawwfile.lab.visit import Visit

VISITS = (
    ("/open?to=/", "leads to /"),
    ("/open?to=/%0d%0aSet-Cookie:%20stolen=yes", "leads to /, and more"),
    ("/safe?to=/%0d%0aSet-Cookie:%20stolen=yes", "the same, to the other page"),
)

WRONG = {
    "wrong_crlf_only.py": ("injected", "with LF alone"),
    "wrong_lf_only.py": ("injected", "a line end that is none of yours"),
    "wrong_word.py": ("injected", "CR LF"),
    "wrong_leads_nowhere.py": ("leads", "was answered with 400"),
    "wrong_both_mended.py": ("leak", "has no field Injected"),
}

RAISED_ON_PURPOSE = (ValueError,)
"""HTTPRedirect refuses an address with line ends by it: that is an answer, not a failure of the student's line."""

NAME = "Injected"
ENDS = {"CR LF": "\r\n", "LF alone": "\n", "CR alone": "\r"}
GOOD = "/next?page=2"


def drive(visit: Visit) -> None:
    """The leak; an honest address; then each kind of line end."""
    for path, value in (("/open", "/\r\n"), ("/safe", None), *(("/safe", f"/{end}") for end in ENDS.values())):
        to = GOOD if value is None else f"{value}{NAME}: yes{value[1:]}Set-Cookie: stolen=yes"
        with visit.connect() as line:
            line.get(f"{path}?to={quote(to, safe='')}", "Connection: close\r\n")
            line.rest()


def judge(seen: Seen) -> None:
    """What leaks, what leads, what is refused."""
    leak = seen.exchange(1)
    seen.expect(
        leak.fields.get(NAME) and leak.by_hand,
        "leak",
        good=f"/open, written by hand, was made to send a second field: {NAME}: {leak.fields.get(NAME)}, "
        f"and a cookie: {leak.fields.get('Set-Cookie')}",
        saw=f"the response of /open has no field {NAME}: the leak is to be seen in it",
        rule="RFC 9110 section 5.5",
        step="Leave /open as it was, so that you can compare the two; mend /safe.",
    )
    leads = seen.exchange(2)
    answered(seen, leads, "/safe")
    seen.expect(
        leads.status in (301, 302, 303, 307, 308) and (leads.fields.get("Location") or "").endswith(GOOD),
        "leads",
        good=f"/safe leads to {leads.fields.get('Location')}",
        saw=f"/safe?to={GOOD} was answered with {leads.status} and Location: {leads.fields.get('Location')}",
        rule="RFC 9110 section 10.2.2",
        step="Lead the visitor on where the address is a good one: raise HTTPRedirect(to).",
    )
    lines_end_in_crlf(seen, leads)
    for number, name in enumerate(ENDS, 3):
        judge_safe(seen, seen.exchange(number), name)


def judge_safe(seen: Seen, page: SeenExchange, name: str) -> None:
    """One value with line ends: no field of it, no line end of it, in the recorded response."""
    answered_at_all = page.record.response[1] > page.record.response[0]
    head = page.response.data[: page.response.head.end - page.response.start]
    leaked = [field for field in (NAME, "Set-Cookie") if page.fields.values(field)]
    bare = page.note("bare-lf", "bare-cr", "control-byte")
    if bare is not None or leaked or f"\n{NAME.lower()}:".encode() in head.lower():
        what = f"a field {leaked[0]}" if leaked else "a line end that is none of yours"
        raise NotYet("injected", f"with {name} in the address, the response of /safe has {what}",
                     "RFC 9110 section 5.5",
                     "Refuse every value with a CR or an LF, one alone as well; "
                     "HTTPRedirect(to) does.")  # fmt: skip
    seen.expect(
        answered_at_all and page.status is not None,
        "answered",
        good=f"with {name} in the address /safe answers {page.status}, and sends no field that it was told",
        saw=f"with {name} in the address nothing that can be read came back",
        rule="RFC 9110 section 15",
        step="Answer what you refuse, with 400 for example.",
    )
