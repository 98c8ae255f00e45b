"""A clock by server-sent events: the browser is told the time, every second.

Room: 4.1 Streams that browsers know. 2011, EventSource in Firefox 6
Goal: a generator of events on the server, an EventSource in the page. Each event has an id, and a
      browser that comes back says the last one that it has seen.
Run:  python3 -m rawwfile serve legacy_examples/sse_clock.py
Try:  curl -N http://127.0.0.1:8000/ticks/3
Look: open the same address without ticks/3 in a browser; stop the server, start it again: the page
      comes back by itself and goes on counting. Close the page: the server's log says "the client is gone".
      The wire view (--wire=web) names the fields of each event.
"""

import itertools
import re
import time

from rawwfile import Event, expose, quickstart, request, sse, stream

PAGE = """<!DOCTYPE html>
<title>Clock</title>
<h1 id="clock">--:--:--</h1><pre id="ticks"></pre>
<script>
const clock = document.getElementById("clock"), ticks = document.getElementById("ticks")
const source = new EventSource("ticks")
source.addEventListener("tick", event => {
    clock.textContent = JSON.parse(event.data).time
    ticks.prepend("tick " + event.lastEventId + " at " + clock.textContent + "\\n")
})
source.onerror = () => clock.textContent = "(the server is away)"
</script>
"""


def whole(text, otherwise):
    """The number that a client gave; `otherwise` where it is none."""
    return int(text) if re.fullmatch("[0-9]{1,15}", str(text)) else otherwise


class Root:
    @expose
    def index(self):
        return PAGE

    @expose
    @sse(retry=1000)
    def ticks(self, count=""):
        numbers = itertools.count(whole(request.last_event_id, 0) + 1)
        for number in itertools.islice(numbers, whole(count, None)):
            yield Event({"time": time.strftime("%H:%M:%S")}, event="tick", id=number)
            stream.sleep(1)  # ends at once when the browser leaves


root = Root()

if __name__ == "__main__":
    quickstart(root)
