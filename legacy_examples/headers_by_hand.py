"""Headers by hand: every byte of the head is the handler's.

Room: 1.2 The response is a file. 2004, by RFC 2616 of 1999
Goal: a head that no framework would send: a reason phrase of one's own, odd capitals, a field twice.
Run:  python3 -m rawwfile serve legacy_examples/headers_by_hand.py
Try:  curl -i http://127.0.0.1:8000/
Look: there is no Date and no Server, and nothing was put in order. The body is as long as
      Content-Length says, so the connection stays open for the next request. With --wire behind
      "serve" each name, colon, value and line end is shown for what it is.
"""

from rawwfile import expose, quickstart, request, response

BODY = b"These fields were typed, not generated.\n"


class Root:
    @expose
    def index(self):
        response.sendResponse = 0
        print("HTTP/1.1 200 As you like it", end="\r\n", file=response.wfile)
        print("cOnTeNt-TyPe: text/plain", end="\r\n", file=response.wfile)
        print("Set-Cookie: first=1", end="\r\n", file=response.wfile)
        print("Set-Cookie: second=2", end="\r\n", file=response.wfile)
        print(f"Content-Length: {len(BODY)}", end="\r\n\r\n", file=response.wfile)
        if request.method != "HEAD":
            response.wfile.write(BODY)


root = Root()

if __name__ == "__main__":
    quickstart(root)
