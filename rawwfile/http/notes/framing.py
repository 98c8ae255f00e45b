"""What the fields say about where the message ends (RFC 9112 section 6)."""

from __future__ import annotations

from rawwfile.http.notes.base import Note, RequestFault


class LengthNotDigits(Note):
    """Content-Length is a row of digits and nothing else. Languages read numbers more kindly: "+5" is five
    to http.client, curl and Chromium, and refused by h11. What "5 ", "0x5" or "1_0" is depends on the
    library; when two readers of one connection use different ones, they cut the stream at different
    places."""

    id = "length-not-digits"
    level = "bad"
    rule = "RFC 9110 section 8.6"
    sentence = "Content-Length is not a number of bytes: {value}"
    advice = "Write digits only (18 at most)."
    doubtful = True


class LengthsDiffer(Note):
    """Two lengths for one message: whichever a reader believes, another believes the other. Measured with 3
    and 5 before "hello": http.client takes the first and shows "hel", curl takes the last and shows
    "hello", h11 and Chromium refuse the response. After it nobody knows where the next response begins."""

    id = "lengths-differ"
    level = "bad"
    rule = "RFC 9112 section 6.3"
    sentence = "Content-Length is given twice, and differently: {value}"
    advice = "Write one Content-Length: one client takes the first, another the last."
    doubtful = True


class LengthRepeated(Note):
    """The same length twice means one thing only, and a reader may take it so. It may also refuse it, and it
    shows that two layers write the field: when one of them changes, the values will differ. Proxies are told to
    replace such a field by one value or to refuse the message, so the client may never see it."""

    id = "length-repeated"
    level = "warning"
    rule = "RFC 9110 section 8.6"
    sentence = "Content-Length is given more than once: {value}"
    advice = "Write one Content-Length."
    doubtful = True


class LengthAndCoding(Note):
    """Chunked content brings its own sizes, so a Content-Length beside it says a second time, and perhaps
    otherwise, where the message ends. The chunks win, in http.client, curl, h11 and Chromium alike, but
    a reader that knows no chunks counts bytes. This pair is the classic of request smuggling."""

    id = "length-and-coding"
    level = "bad"
    rule = "RFC 9112 section 6.2"
    sentence = "both Content-Length and Transfer-Encoding"
    advice = "Write one of them: clients that believe different ones read different messages."
    doubtful = True


class CodingNotChunked(Note):
    """Of the transfer codings only chunked says where the content ends, so it has to be the last one. With
    another at the end, the content lasts until the connection closes, and a client cannot tell a whole
    response from one that was cut. Content that is compressed for good says so in Content-Encoding."""

    id = "coding-not-chunked"
    level = "warning"
    rule = "RFC 9112 section 6.3"
    sentence = "Transfer-Encoding does not end in chunked: {value}"
    advice = 'Write "Transfer-Encoding: chunked" and chunks, or leave the field out.'
    doubtful = True


class ChunkedTwice(Note):
    """Chunks within chunks are forbidden: the outer ones already say where everything ends. A reader either
    takes the coding off once and finds chunk sizes in its page, or twice, and fails on content that was packed
    only once. It comes from a program that packs chunks by hand on top of a server that packs them too."""

    id = "chunked-twice"
    level = "bad"
    rule = "RFC 9112 section 6.1"
    sentence = "chunked is applied more than once: {value}"
    advice = 'Write "Transfer-Encoding: chunked" once.'
    doubtful = True


class CodingToOldClient(Note):
    """HTTP/1.0 knows no transfer coding: such a client shows chunk sizes in the middle of the page. Until
    the request says HTTP/1.1 or later, the end of the content is a Content-Length or the close of the
    connection. ab and many small monitors still speak 1.0."""

    id = "coding-to-old-client"
    level = "bad"
    rule = "RFC 9112 section 6.1"
    sentence = "Transfer-Encoding to an HTTP/1.0 client, which cannot read it"
    advice = "Look at request.version; for 1.0 write Content-Length, or end the content by closing."
    doubtful = True


class CodingInOldResponse(Note):
    """A response that calls itself HTTP/1.0 cannot be chunked: the coding came with 1.1. A reader must treat
    its framing as faulty and close the connection, even if the chunks are right. http.client and curl read the
    chunks all the same, which is why the slip goes unnoticed for years."""

    id = "coding-in-old-response"
    level = "bad"
    rule = "RFC 9112 section 6.1"
    sentence = "Transfer-Encoding in an HTTP/1.0 response"
    advice = "Begin with HTTP/1.1, which brought it."
    doubtful = True


class LengthNotAllowed(Note):
    """Responses of 1xx and 204, and a 2xx to CONNECT, end with their head whatever the fields say. A length
    there is a promise of content that cannot come, and a reader that believes it waits for bytes of the
    next response. (HEAD and 304 are different: there it is the length that a GET would have brought.)"""

    id = "length-not-allowed"
    level = "bad"
    rule = "RFC 9110 section 8.6"
    sentence = "Content-Length on {what}, which has no content"
    advice = "Leave Content-Length out."
    doubtful = True


class CodingNotAllowed(Note):
    """Responses of 1xx and 204, and a 2xx to CONNECT, end with their head: there is nothing to put into chunks.
    A reader that obeys the field waits for a chunk size and takes the next response for it. After a 204 on a
    kept connection the browser then shows an error for a request that was in order."""

    id = "coding-not-allowed"
    level = "bad"
    rule = "RFC 9112 section 6.1"
    sentence = "Transfer-Encoding on {what}, which has no content"
    advice = "Leave Transfer-Encoding out."
    doubtful = True


class KeepAliveUnframed(Note):
    """The head promises another response on this connection, but without a length or chunks only its close can
    end the content. Both cannot be: the connection will be closed, and the client that believed the promise
    waits until then before it shows the content as whole. curl says "no chunk, no close, no size. Assume close
    to signal end" when it meets such a head."""

    id = "keep-alive-unframed"
    level = "warning"
    rule = "RFC 9112 section 9.3"
    sentence = "Connection: keep-alive, but only closing can end the content"
    advice = "Add a Content-Length (or chunks), or leave keep-alive out."


class RequestLengths(RequestFault):
    """Two Content-Length fields in a request: a proxy that takes the first and a server that takes the last cut
    the stream at different places, and the bytes between become a request of which the proxy knows nothing. So
    this is refused, also when both say the same. Two are sent where a person sets one by hand and the library
    adds its own."""

    id = "request-lengths"
    rule = "RFC 9112 section 6.3"
    sentence = "more than one Content-Length field in the request"
    advice = "Send one Content-Length."


class RequestLengthNotDigits(RequestFault):
    """A length is digits alone. "+1", "0x1" or "1, 1" are numbers to some libraries and not to others;
    measured, three of http.server, waitress, cheroot and Werkzeug take "+1". Two servers in a row that
    differ here read two different requests."""

    id = "request-length-not-digits"
    rule = "RFC 9110 section 8.6"
    sentence = "Content-Length of the request is not a decimal number"
    advice = "Send the number of bytes in decimal digits."


class RequestLengthTooLong(RequestFault):
    """A number of so many digits is more bytes than any disk holds; in languages with numbers of 64 bits it
    comes out as another number, perhaps a negative one. It is refused before anybody counts with it. With 18
    digits the limit is a million terabytes, so nobody is kept from a real upload."""

    id = "request-length-too-long"
    rule = "RFC 9110 section 8.6"
    sentence = "Content-Length of the request has too many digits"
    advice = "Send the true number of bytes."


class RequestLengthAndCoding(RequestFault):
    """The length is stated twice, by Content-Length and by chunks. RFC 9112 lets a server believe the
    chunks, but a proxy in front may have believed the length: what is left over between the two is
    smuggled in as the next request. No client sends both by chance, so rawwfile refuses."""

    id = "request-length-and-coding"
    rule = "RFC 9112 section 6.1"
    sentence = "both Content-Length and Transfer-Encoding in the request"
    advice = "Send one of them."


class RequestCodingNotChunked(RequestFault):
    """A request cannot end by closing the connection, for then nobody could be answered. So its last
    transfer coding must be chunked, once; of any other the server cannot know the end, and it must
    answer 400. Spellings such as "xchunked" or "chunked, identity" have fooled many a proxy."""

    id = "request-coding-not-chunked"
    rule = "RFC 9112 section 6.3"
    sentence = "Transfer-Encoding of the request does not end in one chunked"
    advice = 'Send "Transfer-Encoding: chunked", or a Content-Length.'


class RequestCodingUnknown(RequestFault):
    """The content is packed in a transfer coding besides chunked, and this server has none. It says so with
    501, and the client may send the content again without it. To compress content, use
    Content-Encoding, which the application sees."""

    id = "request-coding-unknown"
    rule = "RFC 9112 section 6.1"
    sentence = "a transfer coding that is not understood here"
    advice = "Send the content in chunks alone."


class CodingInOldRequest(RequestFault):
    """A request that calls itself HTTP/1.0 cannot be chunked. It may have come through an old proxy that
    did not understand the chunks and passed them on as they were; where they end it has guessed. A
    server must treat such framing as faulty and close the connection; rawwfile refuses the request too."""

    id = "coding-in-old-request"
    rule = "RFC 9112 section 6.1"
    sentence = "Transfer-Encoding in an HTTP/1.0 request"
    advice = "Send HTTP/1.1, or a Content-Length."
