"""100 by hand: look at the head, then say whether the content may come.

Room: 2.3 HTTP/1.1 by hand. 2004, by RFC 2616 of 1999
Goal: a client that says "Expect: 100-continue" waits with its content. The handler writes 100
      (Continue) itself and reads, or refuses with 413 and has read nothing (RFC 9110 section 10.1.1).
Run:  python3 -m rawwfile serve legacy_examples/continue_by_hand.py
Try:  curl -i -T README.txt -H "Expect: 100-continue" http://127.0.0.1:8000/put
Look: two heads, 100 and 200; in the wire view (--wire) the content comes after the first. Send a
      file of more than 100 kB: 413 is there at once, and not a byte of the file was sent. With
      -H "Expect:" instead the content comes unasked, and no 100 is written.
"""

from rawwfile import expose, quickstart, request, response

MOST = 100_000


class Root:
    @expose
    def index(self):
        return '<!DOCTYPE html><title>100</title><p>Try: curl -i -T README.txt -H "Expect: 100-continue" .../put\n'

    @expose(methods=("PUT", "POST"))
    def put(self):
        response.sendResponse = 0
        length = request.content_length
        if length is None:
            self.write("411 Length Required", "Chunked content may be endless. Say how long it is.\n", last=True)
            return
        if length > MOST:
            self.write("413 Content Too Large", f"{length} bytes are more than {MOST}; none was read.\n", last=True)
            return
        expected = request.headers.get("expect", "").lower() == "100-continue"
        # A client of HTTP/1.0 knows no 1xx, and one without content waits for nothing.
        waits = expected and length and request.version >= (1, 1)
        if waits:
            response.wfile.write("HTTP/1.1 100 Continue\r\n\r\n")
        count = len(request.rfile.read())
        self.write("200 OK", f"{count} bytes, after {'100 (Continue)' if waits else 'no question'}.\n")

    def write(self, status, text, last=False):
        # Content that was refused may be on its way all the same: no request can follow it.
        close = "Connection: close\r\n" if last else ""
        response.wfile.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n{close}\r\n{text}"
        )


root = Root()

if __name__ == "__main__":
    quickstart(root)
