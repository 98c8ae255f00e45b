"""A proxy by hand: ask another server, and pass its answer on while it comes.

Room: 2.7 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999
Goal: what a gateway must change in a message, and what it must not (RFC 9110 section 7.6): fields
      that are for one connection alone stay behind, Via names who passed it on. It asks nobody
      but the server that it runs in, by a connection of its own.
Run:  python3 -m rawwfile serve legacy_examples/proxy_by_hand.py
Try:  curl -i -H "X-Mine: 1" -H "X-Hop: 1" -H "Connection: X-Hop" http://127.0.0.1:8000/through
Look: the page shows the request as it arrived: X-Mine came through, X-Hop and Connection did not, and
      there is a Via. In the wire view (--wire) it is two connections. In "rawwfile demo" try
      /proxy_by_hand/through?of=/howto20/ too: each line is passed on when it comes.
"""

import http.client

from rawwfile import HTTPError, expose, request, response

VIA = "1.1 museum"
HOPS = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
PATIENCE = 10  # seconds without a byte from the other server
MOST = 64 << 20


def passed_on(fields):
    """The fields that are for the whole way."""
    options = ",".join(value for name, value in fields if name.lower() == "connection")
    hops = HOPS | {option.strip().lower() for option in options.split(",")}
    return [(name, value) for name, value in fields if name.lower() not in hops]


class Root:
    @expose
    def index(self):
        return '<!DOCTYPE html><title>A proxy</title><a href="through">by the proxy</a> <a href="origin">directly</a>\n'

    @expose(content_type="text/plain")
    def origin(self):
        return request.raw_head

    @expose(methods="GET")
    def through(self, of=""):
        if VIA in request.headers.get("via", ""):
            raise HTTPError(508, "This request has been here before.")
        if request.tls is not None or not request.local_addr.startswith("127."):
            raise HTTPError(501, "This proxy is for plain HTTP on this machine.")
        if request.content_length != 0:
            raise HTTPError(501, "This proxy passes no content on.")
        path = of if of.startswith("/") else request.raw_path.removesuffix("through") + "origin"
        there = http.client.HTTPConnection(request.local_addr, request.local_port, timeout=PATIENCE)
        try:
            there.putrequest(request.method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in passed_on([(n.decode(), v.decode("latin-1")) for n, v in request.raw_fields]):
                there.putheader(name, value)
            there.putheader("Via", VIA)
            there.putheader("Connection", "close")
            there.endheaders()
            self.answer(there.getresponse())
        except (OSError, ValueError, http.client.HTTPException) as error:
            if response.observed is None:
                raise HTTPError(502, f"The other server gave no answer: {type(error).__name__}") from None
            raise  # too late for another answer: the client sees that this one breaks off
        finally:
            there.close()

    def answer(self, answer):
        if answer.status < 200:  # http.client takes 103 for the answer
            raise ValueError(answer.status)
        response.sendResponse = 0
        fields = passed_on(answer.getheaders())
        response.wfile.write(f"HTTP/1.1 {answer.status} {answer.reason}\r\n")
        for name, value in [*fields, ("Via", VIA), ("Connection", "close")]:
            response.wfile.write(f"{name}: {value}\r\n".encode("latin-1"))
        response.wfile.write("\r\n")
        count = 0
        while count < MOST and (piece := answer.read1(65536)):
            response.wfile.write(piece)
            count += len(piece)


root = Root()
