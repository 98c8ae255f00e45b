"""Lab 14, right: the server writes the events, a generator gives them."""

from rawwfile import Event, expose, request, sse, stream

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
    @sse(retry=500)
    def events(self):
        seen = request.last_event_id or ""
        first = int(seen) if seen.isdecimal() else 0
        for number, text in enumerate(NEWS[first:], first + 1):
            yield Event(text, id=number)
            stream.sleep(0.05)


root = Root()
