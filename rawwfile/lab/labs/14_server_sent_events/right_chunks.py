"""Lab 14, right: chunks, CR LF, ids that are words, several lines of data."""

from rawwfile import expose, request, response, stream

NEWS = ["Ships leave", "A storm", "All is well", "Ships return", "A feast", "Good night"]
PAGE = """<!DOCTYPE html><title>News</title><ol id="news"></ol><script>
new EventSource("events").onmessage = event => news.insertAdjacentHTML("beforeend", "<li>" + event.data)
</script>"""


class Root:
    """Your site; the page at / listens to /events."""

    @expose
    def index(self):
        return PAGE

    @expose
    def events(self):
        seen = request.headers.get("last-event-id")
        names = [text.replace(" ", "-").lower() for text in NEWS]
        first = names.index(seen) + 1 if seen in names else 0
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for name, text in list(zip(names, NEWS, strict=True))[first:]:
            line, _, more = text.partition(" ")
            self.chunk(f": a comment\r\nevent: message\r\ndata:{line}\r\ndata:{more}\r\nretry:50\r\nid:{name}\r\n\r\n")
            stream.sleep(0.05)
        response.wfile.write("0\r\n\r\n")

    def chunk(self, text):
        response.wfile.write(f"{len(text):x}\r\n{text}\r\n")


root = Root()
