"""Preconditions: If-Match, If-None-Match and their dates, and If-Range (RFC 9110 section 13)."""

from __future__ import annotations

import re
from collections.abc import Callable

from rawwfile.http.dates import parse_http_date

# entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE: section 8.8.3. Tags may hold commas.
_ENTITY_TAG = re.compile(r'(W/)?("[!\x23-\x7e\x80-\xff]*")')
_LIST_GAP = re.compile(r"[ \t]*(?:,[ \t]*)*")


def evaluate(
    method: str,
    get: Callable[[str], str | None],
    *,
    etag: str | None = None,
    last_modified: int | None = None,
    exists: bool = True,
) -> int | None:
    """Return the status that ends a request whose precondition fails, None to go on.

    get: `get("if-match")` gives the value of a request field (its lines joined by commas) or
    None. etag: of the current representation, with its quotes and perhaps `W/`.
    last_modified: in POSIX seconds. exists: False for a resource that has no representation
    yet, as for a PUT that would make one. Returns 304 or 412. Never raises; a date that
    cannot be read, and a date compared with none, is ignored. RFC 9110 section 13.2.2, steps
    in its order (step 5, If-Range, is `if_range_holds`).
    """
    if_match = get("if-match")
    if if_match is not None:
        if not _any_match(if_match, etag, exists, weak=False):
            return 412
    else:
        unmodified_since = _date(get("if-unmodified-since"))
        if unmodified_since is not None and last_modified is not None and last_modified > unmodified_since:
            return 412

    safe = method in ("GET", "HEAD")
    if_none_match = get("if-none-match")
    if if_none_match is not None:
        if _any_match(if_none_match, etag, exists, weak=True):
            return 304 if safe else 412
    elif safe:
        modified_since = _date(get("if-modified-since"))
        if modified_since is not None and last_modified is not None and last_modified <= modified_since:
            return 304
    return None


def if_range_holds(
    value: str | None, *, etag: str | None = None, last_modified: int | None = None, now: int
) -> bool:
    """Say whether a Range field is to be applied, given the value of If-Range (None: it is).

    now: POSIX seconds. A tag must be strong and the same; a date must be the very one of
    Last-Modified, and that must lie in the past, since a file may change again within the
    second. Never raises; anything else does not hold. RFC 9110 sections 13.1.5 and 8.8.2.2.
    """
    if value is None:
        return True
    value = value.strip(" \t")
    if value.endswith('"'):
        return _same_tag(value, etag, weak=False)
    date = parse_http_date(value)
    return date is not None and date == last_modified and last_modified < now


def parse_entity_tags(value: str) -> list[str]:
    """Return the entity tags of a list, as written; [] if the list breaks the grammar."""
    tags: list[str] = []
    position = _skip_gap(value, 0)
    while position < len(value):
        match = _ENTITY_TAG.match(value, position)
        if not match:
            return []
        tags.append(match[0])
        position = _skip_gap(value, match.end())
        if position < len(value) and "," not in value[match.end() : position]:
            return []
    return tags


def _skip_gap(value: str, position: int) -> int:
    gap = _LIST_GAP.match(value, position)
    return gap.end() if gap else position


def _any_match(value: str, etag: str | None, exists: bool, *, weak: bool) -> bool:
    if value.strip(" \t") == "*":
        return exists
    return exists and any(_same_tag(tag, etag, weak=weak) for tag in parse_entity_tags(value))


def _same_tag(tag: str, etag: str | None, *, weak: bool) -> bool:
    # Section 8.8.3.2: the weak comparison looks at the opaque part alone, the strong one
    # wants two strong tags.
    if etag is None:
        return False
    if weak:
        return tag.removeprefix("W/") == etag.removeprefix("W/")
    return tag == etag and not tag.startswith("W/")


def _date(value: str | None) -> int | None:
    return None if value is None else parse_http_date(value.strip(" \t"))
