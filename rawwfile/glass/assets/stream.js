/** The middle of the page: the bytes of the chosen exchange or connection. */

import {el, shortened} from "./dom.js"
import {Cursor} from "./cursor.js"
import {droppedMarks, endOf, exchangeMarks, extentsOf, isOpen, recordMarks} from "./extent.js"
import {Layout, blocksOf} from "./layout.js"
import {Lines, inSegments} from "./lines.js"
import {probeRow, shapeOf} from "./measure.js"
import {Ranges} from "./ranges.js"
import {bytesRow, emptyRow, gapRow, headRow, markRow} from "./rows.js"
import {Readout} from "./readout.js"
import {Scroller} from "./scroller.js"
import {switcher} from "./switcher.js"
import {welcome} from "./welcome.js"

export class Stream {
  /** @param {HTMLElement} part @param {Store} store */
  constructor(part, store) {
    this.part = part
    this.store = store
    this.chosenMode = localStorage.getItem("rawwfile-mode") === "hex" ? "hex" : "lines"
    this.whole = false
    this.side = "plain"
    /** The side that was chosen last. */
    this.wished = "plain"
    this.ranges = {}
    this.layout = new Layout([], {mode: "lines", columns: 64, row: 20})
    this.#build()
    this.cursor = new Cursor(this)
    this.scroller = new Scroller(this.box, this.layer, (top, bottom) => this.#draw(top, bottom))
    new ResizeObserver(() => this.relayout()).observe(this.box)
    document.fonts?.ready.then(() => this.relayout())
    store.addEventListener("chosen", () => this.#chosen())
    store.addEventListener("grown", () => this.#grown())
    store.addEventListener("point", ({detail}) =>
      this.select(detail.direction, detail.start, detail.end, detail.side ?? "plain"),
    )
    // What is looked at stays as it is when the tape is read anew.
    store.addEventListener("state", () => store.connection || this.#chosen())
  }

  #build() {
    this.title = this.part.querySelector("h2")
    this.extent = switcher(
      "Shown",
      [
        ["exchange", "This exchange"],
        ["connection", "Whole connection"],
      ],
      value => {
        this.whole = value === "connection"
        this.#chosen(true)
        if (this.whole) this.#goToExchange()
      },
    )
    this.modes = switcher(
      "Rows",
      [
        ["lines", "Lines"],
        ["hex", "Hex"],
      ],
      value => {
        this.chosenMode = value
        localStorage.setItem("rawwfile-mode", value)
        this.relayout()
      },
    )
    this.modes.set(this.chosenMode)
    this.sides = switcher(
      "Side of TLS",
      [
        ["plain", "Plain"],
        ["cipher", "Cipher"],
      ],
      value => {
        this.side = this.wished = value
        this.#chosen(true)
        if (value === "cipher") this.store.tell("cipher")
      },
    )
    this.tools = el("div.stream-tools", {}, this.extent.node, this.modes.node, this.sides.node)
    this.layer = el("div.layer", {role: "rowgroup"})
    this.box = el(
      "div.stream-box",
      {
        role: "grid",
        tabindex: "0",
        "aria-label": "Bytes",
        "aria-describedby": "stream-keys",
        "aria-readonly": "true",
      },
      this.layer,
    )
    this.probe = probeRow()
    this.readout = new Readout(this.store)
    this.welcome = el("div.welcome")
    this.body = el(
      "div.stream-body",
      {},
      this.box,
      this.probe,
      el(
        "p.unseen",
        {id: "stream-keys"},
        "Arrow keys move from byte to byte, with Shift they select. " +
          "Square brackets go from span to span, Enter selects the span.",
      ),
      this.readout.node,
    )
    this.part.append(el("div.part-head", {}, this.title, this.tools), this.welcome, this.body)
  }

  #chosen(same = false) {
    const {connection, exchange} = this.store
    this.welcome.hidden = Boolean(connection)
    this.body.hidden = this.tools.hidden = !connection
    if (!connection) {
      this.title.textContent = "Bytes"
      if (!this.welcome.hasChildNodes() && this.store.state) welcome(this.welcome, this.store)
      return
    }
    const sides = new Set(connection.entries.map(entry => entry[2]))
    if (!sides.has("cipher")) this.side = "plain"
    // A handshake that failed leaves cipher text alone.
    else if (!same) this.side = sides.has("plain") ? this.wished : "cipher"
    this.sides.node.hidden = connection.scheme !== "https" && !connection.tls
    this.extent.node.hidden = !exchange || this.side === "cipher"
    this.extent.set(this.whole || !exchange ? "connection" : "exchange")
    this.sides.set(this.side)
    this.modes.node.hidden = this.side === "cipher"
    this.part.classList.toggle("cipher", this.side === "cipher")
    this.title.textContent = exchange
      ? shortened(`${exchange.method || "Unreadable"} ${exchange.target}`.trim())
      : `Connection ${connection.number}`
    this.box.setAttribute(
      "aria-label",
      `Bytes of ${exchange ? `exchange ${exchange.id}` : `connection ${connection.number}`}`,
    )
    const fresh = direction => new Ranges(connection.number, direction, this.side, () => this.#arrived())
    this.ranges = {in: fresh("in"), out: fresh("out")}
    this.lines = new Lines(this.ranges)
    this.layout = new Layout([], this.layout.shape)
    this.placed = false
    if (!same) this.scroller.scrollTo(0)
    this.cursor.clear()
    this.readout.empty()
    this.#grown()
    this.scroller.scrollTo(0)
  }

  #grown() {
    const {connection} = this.store
    if (!connection) return
    for (const direction of ["in", "out"]) {
      this.ranges[direction].grew(endOf(connection, direction, this.side), this.#growing)
    }
    this.relayout()
  }

  /** Whether more may come of what is shown. */
  get #growing() {
    const {connection, exchange} = this.store
    return exchange ? exchange.open : isOpen(connection)
  }

  #arrived() {
    // Lines can be told only from bytes that are here.
    if (this.lines.waiting) this.relayout()
    else this.scroller.redraw()
  }

  /** Measure and place all rows again, at the next frame. */
  relayout() {
    this.planned ??= requestAnimationFrame(() => {
      this.planned = undefined
      this.#relayout()
    })
  }

  #relayout() {
    const {connection, exchange} = this.store
    if (!connection || this.body.hidden) return
    const anchor = this.#anchor()
    const following = this.layout.total > 0 && this.scroller.atEnd && (this.#growing || this.scroller.top > 0)
    const cipher = this.side === "cipher"
    const alone = exchange && !this.whole && !cipher ? exchange : null
    const extents = extentsOf(alone, connection)
    const marks = cipher ? recordMarks(connection) : alone ? undefined : exchangeMarks(connection)
    let blocks = blocksOf(connection.entries, extents, this.side, marks)
    blocks.unshift(...droppedMarks(connection, this.side, extents))
    // Cipher text has no lines.
    this.mode = cipher ? "hex" : this.chosenMode
    const last = Math.max(this.ranges.in.end, this.ranges.out.end)
    this.shape = shapeOf(this.part, this.box, this.probe, this.mode, last)
    this.lines.begin(extents, this.shape.columns)
    if (this.mode === "lines") blocks = inSegments(blocks, extents)
    this.layout = new Layout(blocks, this.shape, block => this.lines.of(block))
    this.placed = true
    this.began = alone ? alone.began : connection.opened
    this.box.setAttribute("aria-rowcount", String(this.layout.count))
    this.scroller.setTotal(this.layout.total)
    if (following) this.scroller.scrollTo(this.layout.total)
    else if (anchor) this.#restore(anchor)
  }

  /** With all of the connection shown, begin where the chosen exchange does. */
  #goToExchange() {
    this.#relayout()
    const place = this.layout.find("in", this.store.exchange.request[0])
    if (place) this.scroller.scrollTo(place.top - 3 * this.shape.row)
  }

  /** The selected byte if it is on screen, else the one at its top: it stays where it is in another layout. */
  #anchor() {
    if (!this.scroller.top) return null
    const {selection} = this.cursor
    const place = selection && this.layout.find(selection.direction, selection.at)
    const down = place ? place.top - this.scroller.top : -1
    if (down >= 0 && down < this.scroller.view)
      return {direction: selection.direction, offset: selection.at, shift: down}
    for (const {block, number, top} of this.layout.between(this.scroller.top, this.scroller.top + this.scroller.view)) {
      if (number >= 0)
        return {
          direction: block.direction,
          offset: this.layout.rowRange(block, number)[0],
          shift: top - this.scroller.top,
        }
    }
    return null
  }

  #restore({direction, offset, shift}) {
    const place = this.layout.find(direction, offset)
    if (place) this.scroller.scrollTo(place.top - shift)
  }

  #draw(top, bottom) {
    const drawn = []
    const seen = new Set()
    let begin = top
    this.box.removeAttribute("aria-activedescendant")
    for (const {block, index, number, top: y, height} of this.layout.between(top, bottom)) {
      if (!drawn.length) begin = y
      seen.add(block)
      if (block.kind === "gap") drawn.push(gapRow(block, height))
      else if (block.kind === "mark") drawn.push(markRow(block, height))
      else if (number < 0) drawn.push(headRow(block, this.began))
      else drawn.push(this.#bytesRow(block, index, number))
    }
    if (this.placed && !this.layout.blocks.length) drawn.push(emptyRow(this.side, this.store.connection))
    this.layer.replaceChildren(...drawn)
    if (this.mode === "lines" && this.lines.settle(seen)) this.relayout()
    return begin
  }

  #bytesRow(block, index, number) {
    const [start, stop] = this.layout.rowRange(block, number)
    const {selection} = this.cursor
    const mine = selection?.direction === block.direction ? selection : null
    const active = mine !== null && mine.at >= start && mine.at < stop
    const id = `row-${index}-${number}`
    if (active) this.box.setAttribute("aria-activedescendant", id)
    return bytesRow({
      block,
      start,
      stop,
      id,
      active,
      place: block.first + block.heads + number + 1,
      mode: this.mode,
      columns: this.shape.columns,
      ranges: this.ranges[block.direction],
      selection: mine,
      kindOf: kind => this.store.kind(kind),
    })
  }

  /**
   * Select bytes and name them.
   * @param {string} direction @param {number} start @param {number} end @param {string} side - "plain" or "cipher"
   */
  async select(direction, start, end, side) {
    if (this.side !== side) {
      this.side = this.wished = side
      this.#chosen(true)
    }
    this.cursor.set(direction, start, end)
    await this.ranges[direction].fetch(start, Math.min(end, start + 4096))
    this.#relayout()
    this.cursor.reveal(true)
    this.scroller.redraw()
    this.readout.show(this.ranges[direction], this.cursor.selection)
  }
}
