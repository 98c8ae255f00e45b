/** The left of the page: exchanges and connections. Only the rows on screen exist. */

import {
  announce,
  arrange,
  counted,
  el,
  freshId,
  grouped,
  levelBadge,
  seconds,
  shortened,
  shortSize,
  verdictOf,
  VERDICTS,
} from "./dom.js"
import {Scroller} from "./scroller.js"
import {switcher} from "./switcher.js"

export class List {
  /** @param {HTMLElement} part @param {Store} store */
  constructor(part, store) {
    this.store = store
    this.view = "exchanges"
    this.items = []
    this.at = -1
    this.nodes = new Map()
    this.#build(part)
    this.scroller = new Scroller(this.box, this.layer, (top, bottom) => this.#draw(top, bottom))
    store.addEventListener("rows", () => this.#later())
    store.addEventListener("chosen", () => this.#chosen())
  }

  #build(part) {
    this.kinds = switcher(
      "Listed",
      [
        ["exchanges", "Exchanges"],
        ["connections", "Connections"],
      ],
      value => {
        this.view = value
        this.filters.classList.toggle("connections", value === "connections")
        this.#sort()
        this.#chosen()
      },
    )
    const changed = {on: {input: () => this.#sort(true)}}
    this.text = el("input", {
      type: "search",
      placeholder: "GET, /path, 200 …",
      "aria-label": "Filter by text",
      id: "filter-text",
      ...changed,
    })
    this.level = el(
      "select",
      {"aria-label": "Filter by level of the notes", ...changed},
      el("option", {value: ""}, "any notes"),
      el("option", {value: "bad"}, "✗ bad"),
      el("option", {value: "warning"}, "! warning"),
      el("option", {value: "info"}, "i info"),
      el("option", {value: "good"}, "✓ good"),
    )
    this.verdict = el(
      "select",
      {"aria-label": "Filter by verdict", ...changed},
      el("option", {value: ""}, "any verdict"),
      el("option", {value: "open"}, "● open"),
      ...Object.entries(VERDICTS).map(([word, [sign]]) => el("option", {value: word}, `${sign} ${word}`)),
    )
    this.filters = el(
      "div.filters",
      {role: "search", "aria-label": "Filter the list"},
      this.text,
      this.level,
      this.verdict,
    )
    this.count = el("p.count")
    this.layer = el("div.layer", {role: "presentation"})
    this.box = el(
      "div.list-box",
      {
        role: "listbox",
        tabindex: "0",
        "aria-label": "Exchanges",
        on: {
          keydown: event => this.#key(event),
          click: event => this.#click(event),
        },
      },
      this.layer,
    )
    this.tools = el("div.list-tools")
    part.append(
      el("div.part-head", {}, part.querySelector("h2"), this.kinds.node),
      this.filters,
      this.box,
      this.count,
      this.tools,
    )
    this.stem = freshId("item")
  }

  #later() {
    this.planned ??= requestAnimationFrame(() => {
      this.planned = undefined
      this.#sort()
    })
  }

  /** Filter and put the newest first. */
  #sort(say = false) {
    const {store, view} = this
    const before = this.items[this.at]
    const all = view === "exchanges" ? store.rows : store.connections
    const wanted = this.text.value.trim().toLowerCase()
    // In the order of ids: of what happens at the same time we are told in the order of the last change.
    this.items = [...all.values()].filter(row => this.#fits(row, wanted)).sort((a, b) => keyOf(b) - keyOf(a))
    this.at = before ? this.items.findIndex(row => keyOf(row) === keyOf(before)) : -1
    const what = view === "exchanges" ? "exchange" : "connection"
    const count = this.items.length
    const hidden = all.size - count
    this.count.textContent =
      `${counted(count, what)}, newest first` +
      (hidden ? `, ${grouped(hidden)} filtered out` : "") +
      (store.left ? `, ${grouped(store.left)} older not listed` : "")
    if (say) announce(this.count.textContent)
    this.box.setAttribute("aria-label", view === "exchanges" ? "Exchanges" : "Connections")
    const anchored =
      this.scroller.top > 0 && this.topKey !== undefined ? this.items.findIndex(row => keyOf(row) === this.topKey) : -1
    this.scroller.setTotal(count * this.#height)
    if (anchored >= 0) this.scroller.scrollTo(anchored * this.#height + this.topShift)
  }

  #fits(row, wanted) {
    const has = text => !wanted || text.toLowerCase().includes(wanted)
    if (this.view === "connections") return has(`#${row.number} ${row.peer} ${row.closed_by} ${row.why}`)
    const verdict = row.open ? "open" : row.verdict
    return (
      (!this.level.value || row.level === this.level.value) &&
      (!this.verdict.value || verdict === this.verdict.value) &&
      has(`#${row.id} ${row.method} ${row.target} ${row.status ?? ""} ${verdict}`)
    )
  }

  get #height() {
    this.measured ??=
      parseFloat(getComputedStyle(this.box).getPropertyValue("--item-rem")) *
      parseFloat(getComputedStyle(document.documentElement).fontSize)
    return this.measured
  }

  #draw(top, bottom) {
    const height = this.#height
    const first = Math.max(0, Math.floor(top / height) - 2)
    const last = Math.min(this.items.length, Math.ceil(bottom / height) + 2)
    const visible = this.items[Math.floor(top / height)]
    this.topKey = visible && keyOf(visible)
    this.topShift = top % height
    const drawn = []
    for (let index = first; index < last; index += 1) drawn.push(this.#item(this.items[index], index))
    if (!drawn.length)
      drawn.push(
        el("p.nothing", {role: "option", "aria-disabled": "true", "aria-selected": "false"}, this.#emptyText()),
      )
    arrange(this.layer, drawn)
    this.nodes = new Map(drawn.map(node => [node.id, node]))
    const active = this.at >= first && this.at < last ? `${this.stem}-${this.view}-${keyOf(this.items[this.at])}` : ""
    if (active) this.box.setAttribute("aria-activedescendant", active)
    else this.box.removeAttribute("aria-activedescendant")
    return first * height
  }

  #emptyText() {
    const any = this.view === "exchanges" ? this.store.rows.size : this.store.connections.size
    if (any) return "Nothing passes the filter."
    const {size} = this.store.connections
    if (!size) return "Nothing has crossed the wire yet."
    return `No exchange yet, but ${counted(size, "connection")}: choose “Connections” above.`
  }

  /** The element of a row; the one that is there already, if there is one. */
  #item(row, index) {
    const chosen = this.#isChosen(row)
    const id = `${this.stem}-${this.view}-${keyOf(row)}`
    const node = this.nodes.get(id) ?? el("div", {role: "option", id})
    node.className = `item${chosen ? " chosen" : ""}${index === this.at ? " at" : ""}`
    node.setAttribute("aria-selected", String(chosen))
    node.setAttribute("aria-posinset", String(index + 1))
    node.setAttribute("aria-setsize", String(this.items.length))
    if (node.shown !== row) node.replaceChildren(...(row.id ? exchangeItem(row) : connectionItem(row)))
    node.shown = row
    return node
  }

  #isChosen(row) {
    if (this.view === "connections") return row.number === this.store.connection?.number
    return row.id === this.store.exchange?.id
  }

  #chosen() {
    const at = this.items.findIndex(row => this.#isChosen(row))
    if (at >= 0 && at !== this.at) {
      this.at = at
      this.scroller.reveal(at * this.#height, (at + 1) * this.#height)
    }
    this.scroller.redraw()
  }

  #choose(index) {
    const row = this.items[index]
    if (!row) return
    this.at = index
    const choice =
      this.view === "exchanges" ? this.store.chooseExchange(row.id) : this.store.chooseConnection(row.number)
    choice.catch(error => this.store.tell("trouble", error.message))
    this.scroller.reveal(index * this.#height, (index + 1) * this.#height)
    this.scroller.redraw()
  }

  #click(event) {
    const item = event.target.closest(".item")
    // By what it shows: a filter may have moved the rows a frame ago.
    if (item) this.#choose(this.items.findIndex(row => keyOf(row) === keyOf(item.shown)))
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.scroller.view / this.#height) - 1)
    const last = this.items.length - 1
    const to = {
      ArrowDown: this.at + 1,
      ArrowUp: this.at - 1,
      PageDown: this.at + page,
      PageUp: this.at - page,
      Home: 0,
      End: last,
      Enter: this.at,
      " ": this.at,
    }[event.key]
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    this.#choose(Math.max(0, Math.min(last, to)))
  }
}

function keyOf(row) {
  return row.id ?? row.number
}

function exchangeItem(row) {
  const [sign, word] = verdictOf(row)
  const more = `${word} · ${row.open ? "still going" : seconds(row.duration)} · ${shortSize(row.out)}`
  const mark = `verdict verdict-${row.open ? "open" : row.verdict}`
  return [
    el("span", {class: mark, "aria-hidden": "true"}, sign),
    el("span.item-line", {}, el("b", {}, row.method || "?"), ` ${shortened(row.target || "unreadable request")}`),
    el("span.item-status", {}, row.status === null || row.status === undefined ? "–" : String(row.status)),
    el("span.item-more", {title: more}, more),
    el("span.item-level", {}, row.level ? levelBadge(row.level) : ""),
  ]
}

function connectionItem(row) {
  const ended =
    row.closed === null || row.closed === undefined ? "open" : `closed${row.closed_by ? ` by ${row.closed_by}` : ""}`
  const sizes = `${shortSize(row.in)} in, ${shortSize(row.out)} out`
  const more = `${counted(row.exchanges.length, "exchange")} · ${ended} · ${sizes}`
  return [
    el("span.verdict", {"aria-hidden": "true"}, "⇆"),
    el("span.item-line", {}, el("b", {}, `#${row.number}`), ` ${row.peer || "a local socket"}`),
    el("span.item-status", {}, row.scheme),
    el("span.item-more", {title: more}, more),
    el("span.item-level"),
  ]
}
