"""Lab 14, wrong: a blank before the colon is part of the name."""

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
        for number, text in enumerate(NEWS[first:], first + 1):
            response.wfile.write(f"id: {number}\ndata : {text}\n\n")
            stream.sleep(0.02)


root = Root()
