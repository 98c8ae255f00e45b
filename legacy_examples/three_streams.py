"""Three streams on one page: a long poll, server-sent events, and a table that grows.

Room: 4.6 Streams that browsers know. 2018, by the same means
Goal: one generator each, and three ways to a browser. All three go on at the same time, and none
      waits for another.
Run:  python3 -m rawwfile serve legacy_examples/three_streams.py
Try:  curl -N http://127.0.0.1:8000/squares
Look: open the page, and then the network panel of the browser: one request for each prime number,
      one for all ticks, one for all rows. Close the page: the log says how each of them ended.
"""

import itertools
import time

from rawwfile import expose, json_yield, quickstart, sse, stream

PAGE = """<!DOCTYPE html>
<title>Three streams</title>
<style>body {font: 16px sans-serif; display: flex; gap: 3em} section {width: 12em} pre {white-space: pre-wrap}</style>
<section><h2>Long poll</h2><pre id="primes"></pre></section>
<section><h2>Events</h2><pre id="ticks"></pre></section>
<section><h2>Rows</h2><pre id="rows"></pre></section>
<script src="client.js"></script>
<script>
const show = (id, text) => document.getElementById(id).append(text)
async function primes() {
    for await (const number of jsonYield("prime", {pause: 100})) show("primes", number + " ")
}
async function rows() {
    const reader = (await fetch("squares")).body.pipeThrough(new TextDecoderStream()).getReader()
    for (let part; !(part = await reader.read()).done;) show("rows", part.value)
}
primes()
rows()
new EventSource("ticks").onmessage = event => show("ticks", event.data + "\\n")
</script>
"""


class Root:
    client_js = json_yield.client_js

    @expose
    def index(self):
        return PAGE

    @json_yield
    def prime(self):
        for probe in itertools.count(2):
            if all(probe % divisor for divisor in range(2, probe)):
                yield probe

    @expose
    @sse
    def ticks(self):
        while True:
            yield time.strftime("%H:%M:%S")
            stream.sleep(0.5)

    @expose(content_type="text/csv")
    @stream
    def squares(self):
        yield "number,square\r\n"
        for number in range(1, 11):
            stream.sleep(0.2)
            yield f"{number},{number * number}\r\n"


root = Root()

if __name__ == "__main__":
    quickstart(root)
