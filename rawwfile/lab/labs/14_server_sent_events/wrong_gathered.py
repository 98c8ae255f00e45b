"""Lab 14, wrong: one page of all the news, sent when the last of it is there."""

from rawwfile import expose, request, response

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
        first = int(seen) if seen.isdecimal() else 0
        response.headers["Content-Type"] = "text/event-stream"
        news = "".join(f"id: {number}\ndata: {text}\n\n" for number, text in enumerate(NEWS[first:], first + 1))
        return "retry: 1000\n\n" + news


root = Root()
