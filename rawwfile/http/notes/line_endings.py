"""Where lines end: CR LF, and what else is met (RFC 9112 section 2.2)."""

from __future__ import annotations

from rawwfile.http.notes.base import Note, RequestFault


class BareLf(Note):
    """HTTP took CR LF over from mail and telnet, where every line ends in these two bytes. A reader may
    take LF alone for a line's end, and http.client, curl, h11 and Chromium all do. But "may" is not
    "must": a proxy that insists on CR LF sees one long line where the browser behind it sees two, and
    then they disagree about the fields, and with them about the length of the message."""

    id = "bare-lf"
    level = "warning"
    rule = "RFC 9112 section 2.2"
    sentence = "a line ends in LF alone"
    advice = "End each line with CR LF (b'\\r\\n'). Readers may accept this, and need not."
    doubtful = True


class BareCr(Note):
    """A CR without LF is the most dangerous byte of a head. Some readers take it for the end of a line,
    others for a blank, others for a part of the value. Of a response with nothing but CR, http.client
    makes a 200 without content, curl gives up (exit code 52) and Chromium shows a blank page. Whoever
    can smuggle a CR into a field can make two readers see two different messages."""

    id = "bare-cr"
    level = "bad"
    rule = "RFC 9112 section 2.2"
    sentence = "a CR without LF in {line}"
    advice = "End each line with CR LF (b'\\r\\n'); a CR can stand nowhere else."
    doubtful = True


class RequestBareLf(RequestFault):
    """The request has a line that ends in LF alone. A server may be lenient here, and many are, but it
    then reads a request that a strict proxy in front of it never saw: this is one of the doors of
    request smuggling. rawwfile is strict unless it serves a .cpy site of 2004, whose clients were not."""

    id = "request-bare-lf"
    rule = "RFC 9112 section 2.2"
    sentence = "a line of the request ends in LF alone"
    advice = "End each line with CR LF; in a shell that is printf 'GET / HTTP/1.1\\r\\n...'."


class RequestBareCr(RequestFault):
    """A CR stands in the request, and no LF follows it. RFC 9112 lets a server only refuse it or turn it
    into a blank, for no two readers agree what it is. rawwfile refuses it: a blank in its place would be
    a request that nobody sent."""

    id = "request-bare-cr"
    rule = "RFC 9112 section 2.2"
    sentence = "a CR that no LF follows in the request"
    advice = "Write CR only before LF."


class BareLfAccepted(Note):
    """This site is served with the lenient reader, because the clients of its time ended lines in LF and
    folded long fields. What was received is one request in every reading, so it was taken. A new client
    should not count on it: the strict reader answers the same bytes with 400."""

    id = "bare-lf-accepted"
    level = "warning"
    direction = "in"
    rule = "RFC 9112 section 2.2"
    sentence = "lines of the request end in LF alone; this lenient site took them"
    advice = "End each line with CR LF."


class EmptyLinesBefore(Note):
    """Old clients sent one CR LF too many after the content of a POST, and it was read as the beginning
    of the next request. So servers pass over empty lines where a request line is expected, and that is
    all that happened here. It is a kindness to old software: a client of HTTP/1.1 must not send them."""

    id = "empty-lines-before"
    level = "info"
    direction = "in"
    rule = "RFC 9112 section 2.2"
    sentence = "an empty line before the request line, passed over"
    advice = "Begin with the request line, and end content exactly where its Content-Length says."


class TooManyEmptyLines(RequestFault):
    """Some empty lines before a request are forgiven (old clients sent one after a POST). Without a bound a
    client could keep a server reading nothing for ever, so after a handful the connection ends. curl and
    browsers send none, so whoever comes this far is not a client that lost its way."""

    id = "too-many-empty-lines"
    rule = "RFC 9112 section 2.2"
    sentence = "too many empty lines before a request"
    advice = "Send the request line."
