"""A proxy by hand: ask another server, and pass its answer on while it comes.

Room: 2.7 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999
Goal: what a gateway must change in a message, and what it must not (RFC 9110 section 7.6): fields
      that are for one connection alone stay behind, Via names who passed it on. It asks nobody
      but the server that it runs in, by a connection of its own, over plain HTTP.
Run:  python3 -m rawwfile serve legacy_examples/proxy_by_hand.py
Try:  curl -i -H "X-Mine: 1" -H "X-Hop: 1" -H "Connection: X-Hop" http://127.0.0.1:8000/through
Look: the page shows the request as it arrived: X-Mine came through, X-Hop and Connection did not, and
      there is a Via. In the wire view (--wire) it is two connections. In "rawwfile demo" try
      /proxy_by_hand/through?of=/howto20/ too: each line is passed on when it comes.
"""

import http.client
import re

from rawwfile import ClientDisconnected, HTTPError, expose, quickstart, request, response

NAME = "museum"  # in Via, behind the version of the message that came
HOPS = {"connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate", "te", "trailer"}
HOPS |= {"transfer-encoding", "upgrade"}
PATIENCE = 10  # seconds without a byte from the other server
PATH, CONTROLS = re.compile("/[!-~]*"), re.compile("[\0-\x08\n-\x1f\x7f]")


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
        if re.search(rf"\s{NAME}\s*(,|$)", request.headers.get("via", "")):
            raise HTTPError(508, "This request has been here before.")
        if request.tls is not None or not request.local_addr.startswith(("127.", "::1")):
            raise HTTPError(501, "This proxy is for plain HTTP on this machine.")
        if request.content_length != 0:
            raise HTTPError(501, "This proxy passes no content on.")
        path = of or request.raw_path.removesuffix("through") + "origin"
        if not PATH.fullmatch(str(path)):
            raise HTTPError(400, "of is a path of this server, such as /origin.")
        there = http.client.HTTPConnection(request.local_addr, request.local_port, timeout=PATIENCE)
        try:
            there.putrequest(request.method, path, skip_host="host" in request.headers, skip_accept_encoding=True)
            for name, value in passed_on([(n.decode(), v.decode("latin-1")) for n, v in request.raw_fields]):
                there.putheader(name, value)
            there.putheader("Via", f"1.{request.version[1]} {NAME}")
            there.putheader("Connection", "close")
            there.endheaders()
            with there.getresponse() as answer:
                self.pass_on(answer)
        except ClientDisconnected:
            raise
        except (OSError, ValueError, http.client.HTTPException) as error:
            # Where a part of its answer is with the client already, this breaks it off.
            raise HTTPError(502, f"The other server gave no answer to pass on: {type(error).__name__}") from None
        finally:
            there.close()

    def pass_on(self, answer):
        fields = [*passed_on(answer.getheaders()), ("Via", f"1.{answer.version - 10} {NAME}"), ("Connection", "close")]
        if answer.chunked:  # it is what counts; a length beside it may lie (RFC 9112 section 6.3)
            fields = [(name, value) for name, value in fields if name.lower() != "content-length"]
        head = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in fields)]
        two = len(answer.headers.get_all("Content-Length", ())) > 1
        if answer.status < 200 or two or CONTROLS.search("".join(head)):  # http.client takes 103 for the answer
            raise http.client.HTTPException
        response.sendResponse = 0
        response.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1"))
        while piece := answer.read1(65536):
            response.wfile.write(piece)


root = Root()

if __name__ == "__main__":
    quickstart(root)
