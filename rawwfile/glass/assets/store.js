/**
 * What the page knows of the tape, and what is chosen. The parts listen to it and never talk to each other.
 *
 * Events: "state", "rows" (exchanges or connections have changed), "chosen" (another exchange or
 * connection, its data is there), "detail" (the chosen exchange is known better), "grown" (the chosen
 * connection has more bytes), "point" (bytes are to be shown; detail: {direction, start, end, side}),
 * "cipher" (the cipher side is looked at), "edit" (bytes are wanted in the send box; detail:
 * {direction}), "trouble" (something failed; detail: the sentence to show).
 */

import {getJson} from "./api.js"

const PAGE = 5000
const MOST = 50_000
const MOST_ENTRIES = 400_000
const FAR = 2 ** 31

export class Store extends EventTarget {
  /** The answer of /api/state. */
  state = null
  /** Rows of exchanges by id. @type {Map<number, Object>} */
  rows = new Map()
  /** Rows of connections by number. @type {Map<number, Object>} */
  connections = new Map()
  /** The connection that is looked at, with entries, exchanges and events; or null. */
  connection = null
  /** The exchange that is looked at, with its notes; null while a whole connection is. */
  exchange = null
  /** Exchanges that the tape has, but not this page. */
  left = 0

  #choice = 0
  #heard = {exchanges: new Map(), connections: new Map()}
  #detailWanted = false
  #detailBusy = false

  /** Tell the parts. @param {string} type @param {*} [detail] */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}))
  }

  /** Read everything anew. */
  async load() {
    this.state = await getJson("api/state")
    this.tell("state")
    // What live events say meanwhile is newer than what is read here; what was listed before stays until all is read.
    const heard = (this.#heard = {exchanges: new Map(), connections: new Map()})
    const connections = new Map((await getJson("api/connections")).map(row => [row.number, row]))
    const rows = new Map()
    let total = 1
    for (let from = 0; from < total && from < MOST; from += PAGE) {
      const page = await getJson(`api/exchanges?from=${from}&count=${PAGE}`)
      total = page.total
      for (const row of page.rows) rows.set(row.id, row)
      if (!page.rows.length) break
    }
    if (heard !== this.#heard) return
    this.connections = new Map([...connections, ...heard.connections])
    this.rows = new Map([...rows, ...heard.exchanges].sort((a, b) => a[0] - b[0]))
    this.left = Math.max(0, total - this.rows.size)
    this.tell("rows")
  }

  /** Forget what is chosen. */
  leave() {
    this.#choice += 1
    this.connection = this.exchange = null
    this.tell("chosen")
  }

  /** Look at an exchange. @param {number} id */
  async chooseExchange(id) {
    const row = this.rows.get(id)
    const choice = (this.#choice += 1)
    const [exchange, connection] = await Promise.all([getJson(`api/exchange/${id}`), readConnection(row.connection)])
    if (!connection.exchanges.some(other => other.id === id)) {
      const later = await getJson(`api/connection/${row.connection}?entries=${FAR}&exchanges=${row.number}`)
      connection.exchanges = later.exchanges
    }
    if (choice !== this.#choice) return
    this.exchange = exchange
    this.connection = connection
    this.tell("chosen")
  }

  /** Look at the first exchange of a connection, or at the connection if it has none. @param {number} number */
  async chooseFirstOf(number) {
    const {exchanges} = await getJson(`api/connection/${number}`)
    if (!exchanges.length) return this.chooseConnection(number)
    if (!this.rows.has(exchanges[0].id)) this.putExchange(exchanges[0])
    return this.chooseExchange(exchanges[0].id)
  }

  /** Look at all of a connection. @param {number} number */
  async chooseConnection(number) {
    const choice = (this.#choice += 1)
    const connection = await readConnection(number)
    if (choice !== this.#choice) return
    this.exchange = null
    this.connection = connection
    this.tell("chosen")
  }

  /** A row of the list came or changed. @param {Object} row */
  putExchange(row) {
    this.#heard.exchanges.set(row.id, row)
    this.rows.set(row.id, row)
    this.tell("rows", row)
    if (this.connection?.number === row.connection) this.refresh()
  }

  /** A connection came or changed. @param {Object} row */
  putConnection(row) {
    this.#heard.connections.set(row.number, row)
    this.connections.set(row.number, row)
    this.tell("rows")
    if (this.connection?.number === row.number) this.refresh()
  }

  /** Bytes crossed a socket. @param {Object} told - an "entry" of the live events */
  putEntry(told) {
    const {connection} = this
    if (connection?.number !== told.connection) return
    const sequence = told.sequence ?? (connection.entries.at(-1)?.[0] ?? 0) + 1
    if (connection.entries.length && sequence <= connection.entries.at(-1)[0]) return
    connection.entries.push([sequence, told.direction, told.side, told.offset, told.size, told.time, told.by])
    this.tell("grown")
  }

  /** Read the chosen exchange and connection again, one at a time however often it is called. */
  async refresh() {
    this.#detailWanted = true
    if (this.#detailBusy) return
    this.#detailBusy = true
    try {
      while (this.#detailWanted && this.connection) {
        this.#detailWanted = false
        const choice = this.#choice
        const id = this.exchange?.id
        const [connection, exchange] = await Promise.all([
          readConnection(this.connection.number, this.connection.entries),
          id === undefined ? null : getJson(`api/exchange/${id}`),
        ])
        if (choice !== this.#choice) continue
        const last = connection.entries.at(-1)?.[0] ?? -1
        connection.entries.push(...this.connection.entries.filter(entry => entry[0] > last))
        this.connection = connection
        this.exchange = exchange
        this.tell("grown")
        this.tell("detail")
      }
    } catch {
      // It left the tape meanwhile; what is shown stays.
    } finally {
      this.#detailBusy = false
    }
  }

  /** Show bytes of the chosen connection and select them. */
  point(direction, start, end, side = "plain") {
    this.tell("point", {direction, start, end, side})
  }

  /** Title and rule of a kind of span; a kind that is not known is its own title. @param {string} kind */
  kind(kind) {
    return this.state?.kinds?.[kind] ?? {title: kind.replaceAll("-", " "), rule: ""}
  }
}

/**
 * Read a connection with all its entries, in as many answers as that takes.
 * @param {number} number @param {Array} known - entries that are here already
 */
async function readConnection(number, known = []) {
  const after = entries => (entries.at(-1)?.[0] ?? -1) + 1
  const entries = [...known]
  const connection = await getJson(`api/connection/${number}?entries=${after(entries)}`)
  entries.push(...connection.entries)
  let {more} = connection
  while (more?.includes("entries") && entries.length < MOST_ENTRIES) {
    const next = await getJson(`api/connection/${number}?entries=${after(entries)}`)
    entries.push(...next.entries)
    more = next.more
  }
  return {...connection, entries}
}
