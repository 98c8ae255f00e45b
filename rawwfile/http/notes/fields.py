"""Field lines: name, colon, value (RFC 9112 section 5), and the one field every request must have."""

from __future__ import annotations

from rawwfile.http.notes.base import Note, RequestFault


class ObsFold(Note):
    """A line that begins with a blank once went on with the value of the line before, as in mail. HTTP has
    dropped this since 2014, because a reader that did not know it took the second line for a field of its
    own, or for rubbish. A server must not send it; clients join the lines, cut the value, or refuse."""

    id = "obs-fold"
    level = "warning"
    rule = "RFC 9112 section 5.2"
    sentence = "a field value goes on in the next line: {line}"
    advice = "Write the whole value on one line; readers may refuse a folded one."
    doubtful = True


class LeadingSpace(Note):
    """A blank at the beginning of the first field line can fold to nothing: only the status line is before it.
    Some readers skip the line, some join it to the reason, some refuse the message; whoever skips may skip a
    Content-Length that another one reads. It is a slip as a rule: a template whose lines are indented."""

    id = "leading-space"
    level = "bad"
    rule = "RFC 9112 section 2.2"
    sentence = "the first field line begins with a space: {line}"
    advice = "Begin the field line with its name."
    doubtful = True


class NoColon(Note):
    """Every line between the first line and the empty one is a field, and a field has a colon. Most often
    the empty line was forgotten, and this is the first line of the content: http.client then reads a 200
    without content, curl too, Chromium a blank page. The reader cannot know where you meant the head to
    end."""

    id = "no-colon"
    level = "bad"
    rule = "RFC 9112 section 5"
    sentence = "a field line without a colon: {line}"
    advice = 'Write "Name: value". If this was meant as content, an empty line is missing before it.'
    doubtful = True


class EmptyName(Note):
    """The name of a field has at least one character. A line that begins with a colon comes from an empty
    variable as a rule; some readers drop it, some refuse the whole message. The bytes stay in the head either
    way and count towards its limits."""

    id = "empty-name"
    level = "bad"
    rule = "RFC 9112 section 5"
    sentence = "a field line without a name: {line}"
    advice = 'Write "Name: value".'
    doubtful = True


class SpaceBeforeColon(Note):
    """"Content-Length : 5" is a field named "Content-Length" to http.client, curl and Chromium, and a mistake
    to h11. A proxy must take the space away before it passes the response on, and one that does not makes the
    field invisible to the next reader: two lengths for one message. No sender may write it, and in a request
    it must be refused, so there is no reader to please by it."""

    id = "space-before-colon"
    level = "bad"
    rule = "RFC 9112 section 5.1"
    sentence = "field name ends in a space: {name}"
    advice = 'Remove the space before ":".'
    doubtful = True


class NameNotToken(Note):
    """Field names are tokens: letters, digits and fifteen signs, no blanks, brackets or slashes. Everything
    else has a meaning somewhere in the grammar, so a reader that meets it may cut the name there. What
    one reader calls "X(y)" is "X" to another."""

    id = "name-not-token"
    level = "bad"
    rule = "RFC 9110 section 5.1"
    sentence = "not a field name: {name}"
    advice = "Use letters, digits and !#$%&'*+-.^_`|~ only."
    doubtful = True


class Nul(Note):
    """A NUL ends a string in C, and much of the web is C: what follows it may be there for one reader and not
    for the next. curl stops with exit code 8, h11 and Chromium refuse the response, http.client hands the NUL
    on to the program. A NUL in a response mostly shows that binary data, or a length counted in UTF-16, got
    into a field."""

    id = "nul"
    level = "bad"
    rule = "RFC 9110 section 5.5"
    sentence = "a NUL in {line}"
    advice = "Remove it: readers refuse the whole response."
    doubtful = True


class ControlByte(Note):
    """Of the control characters only the tab may stand in a field. The others show nothing on a screen but
    can move its cursor, ring its bell or hide text in a log, and some readers treat a few of them (VT,
    FF) as white space and cut the line there."""

    id = "control-byte"
    level = "bad"
    rule = "RFC 9110 section 5.5"
    sentence = "a control byte in {line}"
    advice = "Remove or encode it."
    doubtful = True


class NonAscii(Note):
    """Field values are bytes without a declared encoding. Clients once took them for ISO 8859-1; today some
    do, some try UTF-8, and some show question marks. The length is not in danger, only the meaning."""

    id = "non-ascii"
    level = "info"
    rule = "RFC 9110 section 5.5"
    sentence = "bytes outside US-ASCII in {line}"
    advice = "Encode them (RFC 8187, percent-encoding): clients do not agree on their meaning."


class RequestFold(RequestFault):
    """The line begins with a blank: either an old folded value, or a blank before the first field. A server
    must refuse a folded request or replace the fold by blanks; rawwfile refuses, because of two servers in a
    row one might join the lines and the other not, and the joined line could be a length. No browser has sent a
    fold for twenty years; mail programs still write them, and that is where the habit comes from."""

    id = "request-fold"
    rule = "RFC 9112 section 5.2"
    sentence = "line folding, or space before the first field, in the request"
    advice = "Write one field on one line."


class FoldAccepted(Note):
    """This lenient site joined a value that goes on in the next line, as clients of its time wrote them. The
    strict reader answers such a request with 400, because not every reader joins the lines, and the second one
    may look like a field of its own. Each fold was read as one blank, which is what RFC 9112 asks of those who
    accept it."""

    id = "fold-accepted"
    level = "warning"
    direction = "in"
    rule = "RFC 9112 section 5.2"
    sentence = "a field of the request is folded over several lines; this lenient site joined them"
    advice = "Write one field on one line."


class RequestNoColon(RequestFault):
    """Every line between the request line and the empty one is a field, with a colon after its name. A line
    without one is often the content of a request whose empty line was forgotten. In a shell, echo without -e
    sends the two characters \\ and r where CR was meant, which looks the same from here."""

    id = "request-no-colon"
    rule = "RFC 9112 section 5"
    sentence = "a field line of the request has no colon"
    advice = 'Write "Name: value", and an empty line before content.'


class RequestEmptyName(RequestFault):
    """A field needs a name before its colon. An empty one comes from a program that filled in an empty
    variable, and servers that skip such a line disagree with those that refuse it. Guessing a name for it is
    not an option, because the next reader would guess another."""

    id = "request-empty-name"
    rule = "RFC 9110 section 5.1"
    sentence = "a field line of the request has no name"
    advice = 'Write "Name: value".'


class RequestSpaceBeforeColon(RequestFault):
    """A server must answer 400 to white space between a field's name and its colon. Measured: of
    http.server, waitress, cheroot and Werkzeug three took "Host :". If one server reads the field and
    the one behind it does not, "Content-Length :" is a length to the first and nothing to the second,
    and the content becomes the second one's next request."""

    id = "request-space-before-colon"
    rule = "RFC 9112 section 5.1"
    sentence = "a field name of the request ends in a space"
    advice = 'Remove the space before ":".'


class RequestNameNotToken(RequestFault):
    """Field names are tokens: letters, digits and !#$%&'*+-.^_`|~. A name with any other byte can be cut,
    mapped or dropped on its way, and then means something else to the program than to the proxy. CGI programs
    see X-A and X_A as one variable, and attackers have passed proxies with nothing more than that."""

    id = "request-name-not-token"
    rule = "RFC 9110 section 5.1"
    sentence = "a field name of the request is not a token"
    advice = "Use letters, digits and !#$%&'*+-.^_`|~ only."


class RequestControlByte(RequestFault):
    """A control character stands in the head of the request. A NUL ends a string in C, others end lines in some
    languages, and all of them make a mess of logs; no client has a reason to send one. If you need binary data
    in a field, base64 is how others carry it."""

    id = "request-control-byte"
    rule = "RFC 9110 section 5.5"
    sentence = "a control character in the request head"
    advice = "Remove or percent-encode it."


class HostMissing(RequestFault):
    """One address serves many sites, and Host says which one is meant; so HTTP/1.1 made it the one field
    that every request must have, and every server must answer 400 where it is missing.
    Measured: http.server, waitress, cheroot and Werkzeug answer 200 all the same. rawwfile does not."""

    id = "host-missing"
    rule = "RFC 9112 section 3.2"
    sentence = "an HTTP/1.1 request without a Host field"
    advice = 'Send the host of the URI: "Host: example.org".'


class HostsRepeated(RequestFault):
    """With two Host fields a proxy may choose the site by the first and the server by the last. Then a rule
    that guards one site is checked against the other, so a server must refuse such a request even if both say
    the same. Measured: the released versions of http.server, waitress, cheroot and Werkzeug answer two Hosts
    with 200."""

    id = "hosts-repeated"
    rule = "RFC 9112 section 3.2"
    sentence = "more than one Host field"
    advice = "Send one Host field."


class HostEmpty(Note):
    """Host is there but names nobody. An empty one is meant for requests whose URI has no host, and an http URI
    always has one. The server can only serve its default site; most proxies answer 400. Typed by hand it is
    mostly a name that was forgotten; in a program, a variable that was empty."""

    id = "host-empty"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 4.2.1"
    sentence = "Host is empty: it does not say which site is meant"
    advice = 'Send the host of the URI: "Host: example.org".'


class HostForm(RequestFault):
    """Host is a name or an address and perhaps a port. Programs build links and choose sites with it, so what
    is no host must not get that far: a slash, a space or a user name in it has been used to send people's
    password mails to the wrong server. A port may follow a colon, and an IPv6 address stands in brackets:
    [::1]:8000."""

    id = "host-form"
    rule = "RFC 9112 section 3.2"
    sentence = "the Host field is not a host and port"
    advice = 'Send a host and perhaps a port, such as "Host: localhost:8000".'
