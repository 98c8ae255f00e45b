/** The line under the bytes that names what is selected. */

import {el, grouped, shortened} from "./dom.js"
import {hex, nameOf, readable} from "./chars.js"
import {DIRECTIONS} from "./rows.js"

const MOST_NAMED = 4
const MOST_READ = 2048

export class Readout {
  /** @param {Store} store */
  constructor(store) {
    this.store = store
    this.node = el("div.readout", {role: "status", "aria-label": "Selected bytes"})
    this.empty()
  }

  /** Nothing is selected. */
  empty() {
    this.turn = null
    this.node.replaceChildren(
      el("p.hint", {}, "Point at bytes to see their span; click, drag or use the arrow keys to have them named."),
    )
  }

  /** Name a selection. @param {Ranges} ranges @param {Object} selection */
  async show(ranges, selection) {
    const {direction, start, end} = selection
    this.turn = selection
    const stop = Math.min(end, start + MOST_READ)
    if (!ranges.bytes(start, stop)) await ranges.fetch(start, stop)
    if (this.turn !== selection) return
    const data = ranges.bytes(start, stop)
    const count = end - start
    const spans = ranges.spans(start, end)
    const where = count === 1 ? `byte ${grouped(start)}` : `bytes ${grouped(start)} to ${grouped(end - 1)}`
    const [sign, words] = DIRECTIONS[direction]
    this.node.replaceChildren(
      el(
        "p.read-what",
        {},
        el(`span.dir.${direction}`, {"aria-hidden": "true"}, `${sign} `),
        ...this.#names(ranges, spans),
      ),
      el(
        "p.read-where",
        {},
        `${where}, ${grouped(count)} long (hex ${start.toString(16)} + ${count.toString(16)}), ${words}`,
      ),
      data &&
        el("p.read-bytes", {}, count === 1 ? `${hex(data[0])} = ${nameOf(data[0])}` : shortened(readable(data))),
    )
  }

  #names(ranges, spans) {
    if (!spans.length) return ["not named"]
    const parts = []
    spans.slice(0, MOST_NAMED).forEach(([start, , kind], index) => {
      const {title, rule} = this.store.kind(kind)
      if (index) parts.push(", then ")
      parts.push(el("strong", {}, title))
      if (spans.length === 1) {
        const whole = ranges.spanAt(start)
        if (whole) parts.push(` (${grouped(whole[0])} to ${grouped(whole[1] - 1)})`)
        if (rule) parts.push(` · ${rule}`)
      }
    })
    if (spans.length > MOST_NAMED) parts.push(` and ${spans.length - MOST_NAMED} more`)
    return parts
  }
}
