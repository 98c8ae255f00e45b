// The client of json_yield: asks a long poll for its items until it is done. No dependencies.
//
//     for await (const number of jsonYield("prime")) show(number)
//
//     const poll = jsonYield("prime", {pause: 200})     // milliseconds between two polls
//     poll.close()                                       // ends the stream on the server, too
//
// jsonYield(url, options) gives an async iterable of the contents. Options, none of them needed:
//     key         a key of your own; else the server makes one
//     pause       milliseconds to wait before the next poll, when the server advises none
//     patience    milliseconds for which lost connections are tried again (30000)
//     onState     called with every answer, as {state, content, seq, ...}
//     fetch       instead of the browser's own
// Every poll says with `ack` what has arrived, so that an answer that got lost is repeated and none
// comes twice. When the page goes away, the stream is closed by sendBeacon.
// What ends the loop otherwise is an Error whose `state` is "error", "expired" or "lost".

class JsonYield {
  constructor(url, options = {}) {
    this.url = url
    this.options = {pause: 0, patience: 30000, onState: () => {}, ...options}
    this.key = options.key
    this.ack = 0
    this.over = false
    this.stopper = new AbortController()
  }

  async *[Symbol.asyncIterator]() {
    const leave = event => event.persisted || this.close()
    globalThis.addEventListener?.("pagehide", leave)
    try {
      while (!this.over) {
        const answer = await this.poll()
        if (!answer || this.over) break
        this.key = answer.key ?? this.key
        this.options.onState(answer)
        if (answer.state == "done") {
          this.over = true
          break
        }
        if (answer.state == "error") throw this.failure(answer.error.message ?? answer.error.type, "error")
        if (answer.state == "expired") throw this.failure("the stream has expired", "expired")
        if (answer.state == "ready" && answer.seq > this.ack) {
          this.ack = answer.seq
          yield answer.content
        }
        const least = answer.state == "busy" ? 1000 : this.options.pause
        await this.rest(Math.max(least, 1000 * (answer.retry ?? 0)))
      }
    } finally {
      globalThis.removeEventListener?.("pagehide", leave)
      this.close()
    }
  }

  // One answer; connections that fail are tried again, ever more slowly. Nothing once it was closed.
  async poll() {
    const fetch = this.options.fetch ?? globalThis.fetch
    const end = Date.now() + this.options.patience
    for (let pause = 250; ; pause = Math.min(2 * pause, 5000)) {
      let trouble
      try {
        const init = {method: "POST", cache: "no-store", signal: this.stopper.signal}
        const response = await fetch(this.address({ack: this.ack}), init)
        if ((response.headers.get("content-type") ?? "").startsWith("application/json")) return await response.json()
        trouble = `the server answered ${response.status} ${response.statusText}`
        if (response.status < 500) throw this.failure(trouble, "lost")
      } catch (error) {
        if (this.over) return null
        if (error.state) throw error
        trouble = error.message
      }
      if (Date.now() + pause > end) throw this.failure(trouble, "lost")
      await this.rest(pause)
      if (this.over) return null
    }
  }

  // End the stream here and on the server; the loop ends without an error.
  close() {
    const running = !this.over
    this.over = true
    this.stopper.abort()
    this.wake?.()
    if (!running || this.key == null) return
    const address = this.address({close: 1})
    if (!globalThis.navigator?.sendBeacon?.(address)) {
      const fetch = this.options.fetch ?? globalThis.fetch
      fetch(address, {method: "POST", keepalive: true}).catch(() => {})
    }
  }

  address(fields) {
    const {key} = this
    const query = new URLSearchParams(key == null ? fields : {key, ...fields})
    return `${this.url}${this.url.includes("?") ? "&" : "?"}${query}`
  }

  rest(milliseconds) {
    if (!milliseconds || this.over) return undefined
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  failure(message, state) {
    this.over = state != "lost"
    return Object.assign(new Error(`${this.url}: ${message}`), {state})
  }
}

globalThis.jsonYield = (url, options) => new JsonYield(url, options)
