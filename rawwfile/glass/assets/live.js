/** The live events of the tape, by server-sent events; the browser itself reconnects. */

/**
 * Follow the tape into the store, from where the store's last reading of it ends.
 * @param {Store} store
 * @param {function(string): void} tell - is told "live", "paused" or "lost"
 * @returns {{pause: function(boolean): void}} pause(true) lets events wait until pause(false)
 */
export function follow(store, tell) {
  const source = new EventSource(`api/events?lastEventId=${store.state.seq ?? ""}`)
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
  const status = () => tell(paused ? "paused" : source.readyState === EventSource.OPEN ? "live" : "lost")
  for (const [type, act] of Object.entries(acts)) {
    source.addEventListener(type, event => {
      const told = event.data ? JSON.parse(event.data) : null
      if (!paused) act(told)
      else if (waiting.length < 5000) waiting.push([act, told])
      else missed = true
    })
  }
  source.addEventListener("open", status)
  source.addEventListener("error", status)
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
