"""The first line of a response (RFC 9112 section 4)."""

from __future__ import annotations

from rawwfile.http.notes.base import Note


class NoReasonSpace(Note):
    """A status line has three parts with a space after each of the first two; only the last, the reason,
    may be empty. "HTTP/1.1 200" without the second space is therefore one byte short. CherryPy's own
    HowTo 20 wrote it so in 2004, and http.client, curl, h11 and Chromium read it without complaint, so
    rawwfile keeps the connection after it."""

    id = "no-reason-space"
    level = "warning"
    rule = "RFC 9112 section 4"
    sentence = "no reason phrase: the space before it is missing"
    advice = 'Write a space after the status code even when no reason follows: "HTTP/1.1 {status} ".'


class StatusLineSpaces(Note):
    """Exactly one space stands between version, code and reason. Readers that split at white space do
    not notice a second one; readers that look at fixed places (the code begins at the tenth byte) do.
    Where one reader finds a status and another finds none, a proxy may pass on what it did not
    understand."""

    id = "status-line-spaces"
    level = "warning"
    rule = "RFC 9112 section 4"
    sentence = "more than one space, or a tab, in the status line: {line}"
    advice = "Put exactly one space between version, status code and reason."
    doubtful = True


class OddVersion(Note):
    """The version in the first line says how to read what follows, so it must be one that the peer knows.
    HTTP/2 and HTTP/3 have no status line at all: they are binary, and are agreed on before the first
    request. Of "HTTP/2.0 200 OK" curl, h11 and Chromium make an ordinary response, http.client raises
    UnknownProtocol."""

    id = "odd-version"
    level = "bad"
    rule = "RFC 9112 section 2.3"
    sentence = "the status line says HTTP/{version}; this connection speaks HTTP/1.1"
    advice = "Begin the status line with HTTP/1.1 (or HTTP/1.0)."
    doubtful = True


class StatusRange(Note):
    """The first digit of a status is its class, and there are five: 1 wait, 2 done, 3 look elsewhere, 4
    your fault, 5 mine. A client that does not know 418 treats it as 400; a number without a class it should
    treat as a failure of the server (5xx). Few do: http.client, curl and h11 hand on 600 to 999 as they are,
    and refuse what is below 100."""

    id = "status-range"
    level = "bad"
    rule = "RFC 9110 section 15"
    sentence = "status {status} is outside 100 to 599"
    advice = "Use a status code from 100 to 599."
    doubtful = True


class NotHttp(Note):
    """A response of HTTP/1.x begins with "HTTP/", a version and a status. Without it the client is left
    with HTTP/0.9, where the content was all there was, and which no client reads any more: http.client
    raises BadStatusLine, curl ends with exit code 1, h11 and Chromium refuse it. Usually the handler
    forgot the head, or wrote content before it, or text that belonged to another response came first."""

    id = "not-http"
    level = "bad"
    rule = "RFC 9112 section 4"
    sentence = "not an HTTP response: {offending} at byte {start}"
    advice = "Begin with a status line: b'HTTP/1.1 200 OK\\r\\n'."
    doubtful = True
