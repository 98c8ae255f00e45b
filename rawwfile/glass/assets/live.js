/**
 * The live events of the tape, by server-sent events; after a loss the browser itself reconnects. Only where it is
 * answered, and not with events, it gives up; then we ask again: there may have been too many pages, or
 * another run of rawwfile may have taken the port, which does not know this page.
 *
 * A page that nobody sees has no stream: a browser keeps six connections to a host, and seven pages that
 * each hold one would wait for each other. Seen again, it goes on after the last event that it had.
 */

import {isStranger} from "./api.js"

/** Milliseconds until we ask again. */
const AGAIN = 3000

/**
 * Follow the tape into the store, from where the store's last reading of it ends.
 * @param {Store} store
 * @param {function(string): void} tell - is told "live", "paused", "lost" or "stranger"
 * @returns {{pause: function(boolean): void}} pause(true) lets events wait until pause(false)
 */
export function follow(store, tell) {
  let source = null
  let last = store.state.seq ?? ""
  let paused = false
  let missed = false
  let waiting = []
  const acts = {
    exchange: row => store.putExchange(row),
    connection: row => store.putConnection(row),
    entry: told => store.putEntry(told),
    missed: () => reload(),
    cleared: () => {
      store.leave()
      reload()
    },
  }
  const reload = () =>
    store
      .load()
      .then(() => store.refresh())
      .catch(() => {})
  const status = () => tell(paused ? "paused" : source?.readyState === EventSource.OPEN ? "live" : "lost")
  const hear = (act, event) => {
    last = event.lastEventId || last
    const told = event.data ? JSON.parse(event.data) : null
    if (!paused) act(told)
    else if (waiting.length < 5000) waiting.push([act, told])
    else missed = true
  }
  const open = () => {
    source = new EventSource(`api/events?lastEventId=${last}`)
    for (const [type, act] of Object.entries(acts)) source.addEventListener(type, event => hear(act, event))
    source.addEventListener("open", status)
    source.addEventListener("error", lost)
  }
  const lost = async () => {
    if (source?.readyState !== EventSource.CLOSED) {
      status()
      return
    }
    source = null
    setTimeout(seen, AGAIN)
    tell((await isStranger()) ? "stranger" : "lost")
  }
  const seen = () => {
    if (document.hidden) {
      source?.close()
      source = null
    } else if (!source) open()
  }
  document.addEventListener("visibilitychange", seen)
  seen()
  return {
    pause(wanted) {
      paused = wanted
      status()
      if (paused) return
      const held = waiting
      waiting = []
      if (missed) reload()
      else for (const [act, told] of held) act(told)
      missed = false
    },
  }
}
