"""The limits that a server sets: sizes, counts and times; beyond them it refuses."""

from __future__ import annotations

from rawwfile.http.notes.base import RequestFault


class RequestLineTooLong(RequestFault):
    """A server has to set a bound to what it reads before it knows what it is; RFC 9112 asks that it takes
    8000 bytes of request line at least, and most take 8 KiB. A longer one is answered with 414. Who needs
    to send more puts it into the content of a POST."""

    id = "request-line-too-long"
    rule = "RFC 9112 section 3"
    sentence = "the request line is longer than the limit"
    advice = "Send long data in the content, or raise --limit-request-line."


class MethodTooLong(RequestFault):
    """So many letters without a space are all method, and no server knows such a one. That is 501 and not 414:
    it is the method that cannot be served, not the target that is too long. The longest method in the registry,
    UPDATEREDIRECTREF, has seventeen letters."""

    id = "method-too-long"
    rule = "RFC 9112 section 3"
    sentence = "the request line is longer than the limit, all of it method"
    advice = "Write a method, a space and a target."


class TooManyFields(RequestFault):
    """Each field costs memory and time before anybody knows who is asking, so their number is bounded; 431 was
    made for this. Browsers send about fifteen. Requests with thousands of small fields have been used to slow
    down servers that keep them in a hash table."""

    id = "too-many-fields"
    rule = "RFC 6585 section 5"
    sentence = "more fields than the limit"
    advice = "Send fewer fields, or raise --limit-header-count."


class FieldsTooLarge(RequestFault):
    """All fields of a head, or of a trailer section, together are bounded. Mostly it is cookies that have
    grown: a browser sends every one of them with every request until somebody deletes them. Deleting the site's
    cookies in the browser is the first thing to try when only one person sees 431."""

    id = "fields-too-large"
    rule = "RFC 6585 section 5"
    sentence = "the fields are larger than the limit"
    advice = "Send less (old cookies?), or raise --limit-header-size."


class ContentTooLarge(RequestFault):
    """The content is larger than this server takes. When the length is announced, the answer comes before
    the content is read: a client that sent Expect: 100-continue has then sent none of it in vain. The
    others find their connection closed while they still send."""

    id = "content-too-large"
    rule = "RFC 9110 section 15.5.14"
    sentence = "the content of the request is larger than the limit"
    advice = "Send less, or raise --limit-body."


class ChunkLineTooLong(RequestFault):
    """A size is a few digits; what makes the line long is extensions, which nobody uses. A client could send
    endless ones and thus keep a server busy without sending any content, so there is a bound. In 2023 and 2024
    the servers of Go and Node were found not to count them."""

    id = "chunk-line-too-long"
    rule = "RFC 9112 section 7.1"
    sentence = "a chunk-size line of the request is longer than the limit"
    advice = "Leave chunk extensions out."


class ChunkExtensionsTooLarge(RequestFault):
    """All chunk extensions of one request together are bounded. Without that, chunks of one byte with a
    kilobyte of extension each would make the server read a thousand times what it may count as content. Since
    no client looks at them, a legitimate request has none and cannot reach the bound."""

    id = "chunk-extensions-too-large"
    rule = "RFC 9112 section 7.1.1"
    sentence = "the chunk extensions of the request are larger than the limit"
    advice = "Leave chunk extensions out."


class HeadTimeOut(RequestFault):
    """The head did not come within its time, however many single bytes trickled in. A server that waited for
    ever could be filled with clients who send a byte a minute (this attack is called Slowloris), so the clock
    runs from the first byte to the last and then 408 is said. A client that sees 408 on an idle connection may
    simply send its request again on a new one."""

    id = "head-time-out"
    rule = "RFC 9110 section 15.5.9"
    sentence = "the request head was not complete in time"
    advice = "Send the head at once, with the empty line at its end, or raise --timeout-header."


class ServerFull(RequestFault):
    """Nothing is wrong with this request: all threads of the server are in handlers, and it was started with
    --when-full 503. That is honest and quick; the other way is to let the client wait for its turn. A
    Retry-After field tells clients when to come again."""

    id = "server-full"
    rule = "RFC 9110 section 15.6.4"
    sentence = "the server has no thread free for the request"
    advice = "Try again soon, or start the server with more --threads."


class RequestRefused(RequestFault):
    """The server refused this request for a reason that has no note of its own; the sentence is the server's.
    The status says whose turn it is: with 4xx the client has to change something, with 5xx the server. The
    connection is closed after it, because what follows might not mean what it seems to."""

    id = "request-refused"
    rule = "RFC 9110 section 15"
    sentence = "the request was refused"
    advice = "Read the reason; change the request, or the server's settings."
