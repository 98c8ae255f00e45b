"""Lab 14, wrong: events without an id; nobody can say what was seen last."""

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
        seen = request.headers.get("last-event-id", "")
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        response.wfile.write("retry: 1000\n\n")
        first = int(seen) if seen.isdecimal() else 0
        for text in NEWS[first:]:
            response.wfile.write(f"data: {text}\n\n")
            stream.sleep(0.02)


root = Root()
