"""Broken on purpose: twenty responses, and what clients make of them.

Room: 6.2 What goes wrong. today
Goal: the rows of the table that "rawwfile wire compare --cases" prints, in which clients disagree.
      Each page breaks one rule, or looks as if it did; "hello" is what it means to say.
Run:  python3 -m rawwfile serve legacy_examples/broken.py
Try:  curl -i http://127.0.0.1:8000/two_lengths
Look: curl shows "hello", Python's http.client "hel", and a browser refuses to show anything. Take the
      next page, say first what you expect, then look. The server lets every byte out and closes.
"""

from rawwfile import NotFound, expose, quickstart, response


def page(fields="Content-Length: 5\r\n", content="hello", line="HTTP/1.1 200 OK\r\n"):
    return f"{line}Content-Type: text/plain\r\n{fields}\r\n{content}".encode("ascii")


def chunked(content, fields=""):
    return page(f"Transfer-Encoding: chunked\r\n{fields}", content)


RIGHT = page()
PAGES = {
    "length_too_big": page("Content-Length: 10\r\n"),
    "length_too_small": page("Content-Length: 3\r\n"),
    "two_lengths": page("Content-Length: 3\r\nContent-Length: 5\r\n"),
    "plus_five": page("Content-Length: +5\r\n"),
    "no_blank_line": page("").replace(b"\r\n\r\n", b"\r\n"),
    "bare_lf": RIGHT.replace(b"\r\n", b"\n"),
    "bare_cr": RIGHT.replace(b"\r\n", b"\r"),
    "space_before_colon": page("Content-Length : 5\r\n"),
    "nul_in_field": page("X-Nul: a\0b\r\nContent-Length: 5\r\n"),
    "http_2_0": page(line="HTTP/2.0 200 OK\r\n"),
    "status_99": page(line="HTTP/1.1 99 OK\r\n"),
    "status_1000": page(line="HTTP/1.1 1000 OK\r\n"),
    "no_status_line": page(line=""),
    "crlf_before": b"\r\n" + RIGHT,
    "no_last_chunk": chunked("5\r\nhello\r\n"),
    "chunk_size_zz": chunked("ZZ\r\nhello\r\n0\r\n\r\n"),
    "after_chunk_data": chunked("5\r\nhelloXX\r\n0\r\n\r\n"),
    "length_and_chunked": chunked("5\r\nhello\r\n0\r\n\r\n", "Content-Length: 3\r\n"),
    "content_on_204": page(line="HTTP/1.1 204 No Content\r\n"),
    "early_103": b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n" + RIGHT,
}


class Root:
    @expose
    def index(self):
        items = "".join(f'<li><a href="{name}">{name.replace("_", " ")}</a>\n' for name in PAGES)
        return f'<!DOCTYPE html>\n<html lang="en">\n<title>Broken on purpose</title>\n<ol>\n{items}</ol>\n</html>\n'

    @expose
    def default(self, name):
        if name not in PAGES:
            raise NotFound()
        response.sendResponse = 0
        response.wfile.write(PAGES[name])


root = Root()

if __name__ == "__main__":
    quickstart(root)
