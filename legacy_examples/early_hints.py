"""Early hints: one response by hand before the usual one.

Room: 4.4 Streams that browsers know. 2017, RFC 8297
Goal: 103 (Early Hints, RFC 8297), written raw while the page is still being made; the page itself
      is simply returned, because a 1xx response does not answer the request.
Run:  python3 -m rawwfile serve legacy_examples/early_hints.py
Try:  curl -i http://127.0.0.1:8000/
Look: two heads: 103 at once, 200 a second later. Not every client can read it: Python's http.client
      takes the first head for the answer; "rawwfile wire compare --cases" shows it. Browsers use the
      hint over HTTP/2 alone, and pass it over here.
"""

import time

from rawwfile import expose, quickstart, request, response


class Root:
    @expose
    def index(self):
        # A client of HTTP/1.0 knows no 1xx (RFC 9110 section 15.2).
        if request.version >= (1, 1):
            response.wfile.write("HTTP/1.1 103 Early Hints\r\nLink: <style.css>; rel=preload; as=style\r\n\r\n")
        time.sleep(1)
        return '<link rel="stylesheet" href="style.css"><p>The style sheet was on its way before this page.\n'

    @expose(content_type="text/css")
    def style_css(self):
        return "p { color: seagreen }\n"


root = Root()

if __name__ == "__main__":
    quickstart(root)
