"""A long poll: prime numbers from a Python generator, one answer each.

Room: 3.3 Push and wait. 2010, the article on json_yield
Goal: json_yield of the 2010 article "HTTP 'streaming' from Python generators". The generator stays
      on the server; every poll is answered with what it yields next, as JSON.
Run:  python3 -m rawwfile serve legacy_examples/long_poll.py
Try:  curl "http://127.0.0.1:8000/prime?key=1"
Look: say it again, and the next prime number comes. Begin anew with "?key=2&ack=0", and each answer has
      a number, seq; it comes again until ack=1 says that it has arrived: nothing is lost on the way.
      In a browser the page at the address itself polls, by the client that rawwfile brings along.
"""

from rawwfile import expose, json_yield, quickstart

PAGE = """<!DOCTYPE html>
<title>Prime numbers</title>
<p id="state">polling</p>
<p id="primes"></p>
<p><button id="stop">Stop</button></p>
<script src="client.js"></script>
<script>
const show = (id, text) => document.getElementById(id).append(text)
const poll = jsonYield("prime", {pause: 200})
document.getElementById("stop").onclick = () => poll.close()
async function run() {
  for await (const number of poll) show("primes", `${number} `)
}
run().then(() => show("state", ": over"), error => show("state", `: ${error.message}`))
</script>
"""


class Root:
    client_js = json_yield.client_js

    @expose
    def index(self):
        return PAGE

    @json_yield
    def prime(self):
        # this isn't supposed to be efficient
        probe = 1
        while True:
            probe += 2
            for i in range(2, probe):
                if probe % i == 0:
                    break
            else:
                yield probe


root = Root()

if __name__ == "__main__":
    quickstart(root)
