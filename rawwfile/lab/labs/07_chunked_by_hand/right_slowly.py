"""Lab 7: a generator of lines, sizes in capitals with leading zeros, a chunk extension."""

import time

from rawwfile import expose, response


class Root:
    """Your site; index is the page at /."""

    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ntransfer-encoding: Chunked\r\n\r\n")
        for number in range(4):
            line = f"line number {number} \u00e4\u00f6\u00fc\n".encode()
            response.wfile.write(b"%04X;n=%d\r\n" % (len(line), number))
            response.wfile.write(line)
            response.wfile.write("\r\n")
            time.sleep(0.01)
        response.wfile.write("0\r\n\r\n")


root = Root()
