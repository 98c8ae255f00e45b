"""Lab 14: a ticker that a browser listens to, and comes back to."""

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
        seen = request.headers.get("last-event-id", "")  # what a browser says that comes back
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        response.wfile.write(f": a comment. You have seen: {seen}\n\n")
        for text in NEWS:
            response.wfile.write(f"{text}\n")  # make an event of it
            stream.sleep(0.1)


root = Root()
