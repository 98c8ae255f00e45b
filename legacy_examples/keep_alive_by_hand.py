"""Keep-alive by hand: a stated length keeps the connection.

Room: 1.3 The response is a file. 2004, by RFC 2616 of 1999
Goal: the same page twice. At / the length is stated, so the connection lives on; at /closing it
      is not, so only closing can end the page.
Run:  python3 -m rawwfile serve legacy_examples/keep_alive_by_hand.py
Try:  curl -s http://127.0.0.1:8000/ http://127.0.0.1:8000/ http://127.0.0.1:8000/closing http://127.0.0.1:8000/
Look: the client's port is the same in the first three pages: one connection. What comes after /closing
      comes from another. The wire view (--wire) puts three exchanges into one connection.
"""

from rawwfile import expose, quickstart, request, response


class Root:
    @expose
    def index(self):
        self.write_page(state_length=True)

    @expose
    def closing(self):
        self.write_page(state_length=False)

    def write_page(self, state_length):
        response.sendResponse = 0
        body = f"You call from port {request.remote_port}.\n".encode("ascii")
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        if state_length:
            response.wfile.write(f"Content-Length: {len(body)}\r\n")
        response.wfile.write("\r\n")
        if request.method != "HEAD":
            response.wfile.write(body)


root = Root()

if __name__ == "__main__":
    quickstart(root)
