"""The numbers of the sections that RFCs have, to look up what our texts cite. Numbers only, as they are published.

"4.2.1-5" stands for 4.2.1 up to 4.2.5. Sections for references and thanks are left out: nobody cites them.
"""

from __future__ import annotations

WRITTEN = {
    "6265": """1-9 2.1-3 3.1 4.1-2 4.1.1-2 4.1.2.1-6 4.2.1-2 5.1-4 5.1.1-4 5.2.1-6 6.1-3 7.1-3 8.1-7 9.1-4""",
    "6266": """1-8 4.1-5 8.1-2""",
    "6454": """1-9 2.1-3 3.1-5 6.1-2 7.1-3 8.1-4""",
    "6455": """1-12 1.1-9 2.1 4.1-4 4.2.1-2 5.1-8 5.5.1-3 6.1-2 7.1-4 7.1.1-7 7.2.1-3 7.4.1-2 8.1 9.1-2 10.1-8 11.1-9
        11.1.1-2 11.3.1-5""",
    "6585": """1-8 6.1""",
    "7617": """1-5 1.1 2.1-2""",
    "7838": """1-9 1.1 2.1-4 3.1 7.1-3 7.3.1-2 9.1-5""",
    "8288": """1-6 1.1-2 2.1-2 2.1.1-2 3.1-5 3.4.1-2 4.1-3""",
    "8297": """1-4 1.1""",
    "8446": """1-11 1.1-3 2.1-3 3.1-8 4.1-6 4.1.1-4 4.2.1-11 4.3.1-2 4.4.1-4 4.6.1-3 5.1-5 6.1-2 7.1-5 7.4.1-2 8.1-3
        9.1-3""",
    "9110": """1-18 1.1-4 2.1-5 3.1-9 4.1-3 4.2.1-5 4.3.1-5 5.1-6 5.6.1-7 5.6.1.1-2 6.1-6 6.4.1-2 6.5.1-2 6.6.1-2 7.1-8
        7.3.1-3 7.6.1-3 8.1-8 8.3.1-3 8.4.1 8.4.1.1-3 8.5.1 8.8.1-3 8.8.2.1-2 8.8.3.1-3 9.1-3 9.2.1-3 9.3.1-8 10.1-2
        10.1.1-5 10.2.1-4 11.1-7 11.6.1-3 11.7.1-3 12.1-5 12.4.1-3 12.5.1-5 13.1-2 13.1.1-5 13.2.1-2 14.1-6 14.1.1-2
        15.1-6 15.2.1-2 15.3.1-7 15.3.7.1-3 15.4.1-9 15.5.1-22 15.6.1-6 16.1-7 17.1-16""",
    "9111": """1-8 1.1-2 1.2.1-2 3.1-5 4.1-4 4.2.1-4 4.3.1-5 5.1-5 5.2.1-4 5.2.1.1-7 5.2.2.1-10 7.1-3 8.1-3""",
    "9112": """1-12 1.1-2 2.1-3 3.1-3 3.2.1-4 5.1-2 6.1-3 7.1-4 7.1.1-3 9.1-8 9.3.1-2 10.1-2 11.1-4 12.1-4 B.1-6 C.1-3
        C.2.1-3""",
    "9530": """1-7 1.1-4 3.1-2 6.1-7 7.1-3""",
}


def _numbers(written: str) -> frozenset[str]:
    found = set()
    for part in written.split():
        chapter, dot, last = part.rpartition(".")
        first, _, end = last.partition("-")
        found |= {f"{chapter}{dot}{number}" for number in range(int(first), int(end or first) + 1)}
    return frozenset(found)


SECTIONS = {rfc: _numbers(written) for rfc, written in WRITTEN.items()}
"""The numbers of all sections, by the number of the RFC."""

FIELDS = {
    "Accept": "12.5.1", "Accept-Charset": "12.5.2", "Accept-Encoding": "12.5.3", "Accept-Language": "12.5.4",
    "Accept-Ranges": "14.3", "Allow": "10.2.1", "Authorization": "11.6.2", "Connection": "7.6.1",
    "Content-Encoding": "8.4", "Content-Language": "8.5", "Content-Length": "8.6", "Content-Location": "8.7",
    "Content-Range": "14.4", "Content-Type": "8.3", "Date": "6.6.1", "ETag": "8.8.3", "Expect": "10.1.1",
    "From": "10.1.2", "Host": "7.2", "If-Match": "13.1.1", "If-Modified-Since": "13.1.3", "If-None-Match": "13.1.2",
    "If-Range": "13.1.5", "If-Unmodified-Since": "13.1.4", "Last-Modified": "8.8.2", "Location": "10.2.2",
    "Max-Forwards": "7.6.2", "Proxy-Authenticate": "11.7.1", "Proxy-Authorization": "11.7.2", "Range": "14.2",
    "Referer": "10.1.3", "Retry-After": "10.2.3", "Server": "10.2.4", "TE": "10.1.4", "Trailer": "6.6.2",
    "Upgrade": "7.8", "User-Agent": "10.1.5", "Vary": "12.5.5", "Via": "7.6.3", "WWW-Authenticate": "11.6.1",
}  # fmt: skip
"""The section of RFC 9110 that defines a field, for every field that it defines and we explain."""
