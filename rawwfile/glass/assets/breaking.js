/** Break it: one change to the bytes of the send box, shown before and after. */

import {announce, button, el} from "./dom.js"
import {fromBase64, post, toBase64} from "./api.js"
import {escaped} from "./chars.js"
import {joined} from "./pieces.js"

const AROUND = 60
const MOST_CHANGED = 200

export class BreakIt {
  /** @param {SendBox} box */
  constructor(box) {
    this.box = box
    this.offers = []
    this.menu = el("select", {
      "aria-label": "How to break it",
      on: {change: () => this.#chosen()},
    })
    this.number = el("input", {type: "number"})
    this.unit = el("span")
    this.amount = el("label.amount", {hidden: true}, this.number, this.unit)
    this.undo = button("Undo", () => this.#undo(), {class: "small", hidden: true})
    this.node = el(
      "p.actions.break-tools",
      {},
      this.menu,
      this.amount,
      button("Break it", () => this.#break().catch(error => this.#trouble(error)), {
        title: "change the bytes in this one way",
      }),
      this.undo,
    )
  }

  /** The bytes are others: ask what applies to them. */
  async changed() {
    let data
    try {
      data = joined(this.box.editor.pieces)
    } catch {
      return
    }
    try {
      this.offers = await post("api/breaks", {data: toBase64(data), kind: this.box.mode})
    } catch (error) {
      this.#trouble(error)
      return
    }
    const before = this.menu.value
    const fits = this.offers.filter(offer => !offer.not)
    const others = this.offers.filter(offer => offer.not)
    const option = offer =>
      el(
        "option",
        {value: offer.name, disabled: Boolean(offer.not)},
        offer.not ? `${offer.title}: ${offer.not}` : offer.title,
      )
    this.menu.replaceChildren(
      el("option", {value: ""}, "Break it how?"),
      el("optgroup", {label: "applies to these bytes"}, ...fits.map(option)),
      ...(others.length ? [el("optgroup", {label: "does not apply"}, ...others.map(option))] : []),
    )
    if (fits.some(offer => offer.name === before)) this.menu.value = before
    this.#chosen()
  }

  #chosen() {
    const offer = this.offers.find(each => each.name === this.menu.value)
    this.amount.hidden = !offer?.n
    this.unit.textContent = offer?.n?.label ?? ""
    if (offer?.n) this.number.value = offer.n.value
  }

  async #break() {
    const {box, menu} = this
    if (!menu.value) {
      menu.focus()
      announce("Choose how to break it first")
      return
    }
    const before = box.data
    if (!before) return
    const n = this.amount.hidden ? {} : {n: Number(this.number.value)}
    const answer = await post("api/break", {data: toBase64(before), how: menu.value, kind: box.mode, ...n})
    const pieces = keepPauses(
      box.editor.pieces,
      answer.pieces.map(({data, pause}) => ({data: fromBase64(data), pause})),
      answer,
    )
    this.text = box.editor.text
    box.editor.pieces = pieces
    box.end = Boolean(answer.end)
    this.undo.hidden = false
    this.changed()
    box.result(
      "break",
      el("h3", {}, "Broken"),
      el("p", {}, answer.what, answer.rule && el("small", {}, ` ${answer.rule}`)),
      comparison(before, joined(pieces), answer),
      this.#next(),
    )
    announce(`Broken: ${answer.what}`)
  }

  /** What to do with broken bytes. */
  #next() {
    const {box} = this
    const request = box.mode === "request"
    const {lab} = box.store.state.server
    return el(
      "p.actions",
      {},
      !request && button("Who notices?", () => box.compare(), {class: "primary"}),
      (request || lab) && button(request ? "Send it" : `Serve it at ${lab} and visit it`, () => box.go()),
    )
  }

  #undo() {
    this.box.editor.text = this.text
    this.box.end = false
    this.undo.hidden = true
    this.box.results.querySelector(".result-break")?.remove()
    announce("As it was before")
    this.changed()
  }

  #trouble(error) {
    announce(error.message)
    this.box.result("break", el("p.wrong", {}, `✗ ${error.message}`))
  }
}

/** Cut broken bytes where they were cut before, when breaking them did not cut them anew. */
function keepPauses(old, fresh, {start, before, after}) {
  if (fresh.length !== 1 || old.length < 2 || before === undefined) return fresh
  const [{data}] = fresh
  const pieces = []
  let from = 0
  let at = 0
  for (const [index, piece] of old.entries()) {
    at += piece.data.length
    let end = at <= start ? at : Math.max(start, at + after - before)
    if (index === old.length - 1 || end > data.length) end = data.length
    pieces.push({data: data.subarray(from, Math.max(from, end)), pause: piece.pause})
    from = Math.max(from, end)
  }
  return pieces.filter(piece => piece.data.length)
}

/** The changed place before and after. old[start:before] became new[start:after]. */
function comparison(old, fresh, {start = 0, before, after}) {
  if (before === undefined || after === undefined || (before === start && after === start)) return null
  const side = (title, data, end, mark) => {
    const stop = Math.min(end, start + MOST_CHANGED)
    return el(
      "div.side-of",
      {},
      el("h4", {}, title),
      el(
        "pre",
        {tabindex: "0", role: "group", "aria-label": title},
        lines(data, Math.max(0, start - AROUND), start),
        stop > start ? el(mark, {}, lines(data, start, stop)) : el("i.nothing-there", {}, " nothing "),
        end > stop ? "…" : lines(data, stop, Math.min(data.length, stop + AROUND)),
      ),
    )
  }
  return el("div.before-after", {}, side("Before", old, before, "del"), side("After", fresh, after, "ins"))
}

function lines(data, from, to) {
  return escaped(data, from, to).replaceAll("\\n", "\\n\n")
}
