"""HowTo 20: a page that arrives line by line.

Room: 1.1 The response is a file. 2004, HowTo 20 of CherryPy 0.10
Goal: CherryPy 0.10's streaming how-to, as a class of Python 3. The handler writes the whole
      response, status line first, and says so with response.sendResponse = 0.
Run:  python3 -m rawwfile serve legacy_examples/howto20.py
Try:  curl -N http://127.0.0.1:8000/
Look: each line is there before the next is written. No length was stated, so it is the end of the
      connection that ends the page. With --wire=web behind "serve" you see who wrote each line, and
      the pauses between; its one warning is of 2004 too: the space behind "200" is missing. HEAD
      (curl -I) it does not know either: it gets a body, and the log says so.
"""

import time

from rawwfile import expose, quickstart, response


class Root:
    @expose
    def index(self):
        response.wfile.write("HTTP/1.1 200\r\n")
        response.wfile.write("Content-Type: text/plain\r\n\r\n")
        response.wfile.write("First line. Sleeping 2 seconds ...\n")
        time.sleep(2)
        response.wfile.write("Second line. Sleeping 2 seconds ...\n")
        time.sleep(2)
        response.wfile.write("Third and last line")
        response.sendResponse = 0
        return ""  # The view still needs to return a string


root = Root()

if __name__ == "__main__":
    quickstart(root)
