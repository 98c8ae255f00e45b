/** The send box: a raw request to the watched server, or a raw response for the next visitor of the lab address. */

import {announce, button, el, size} from "./dom.js"
import {getBytes} from "./api.js"
import {BreakIt} from "./breaking.js"
import {compare} from "./compare.js"
import {Editor} from "./editor.js"
import {joined, piecesOfEntries} from "./pieces.js"
import {REQUESTS, RESPONSES, getText} from "./presets.js"
import {answerLab, sendRequest} from "./sending.js"
import {switcher} from "./switcher.js"

const MOST_EDITED = 65_536

export class SendBox {
  /** @param {HTMLElement} part @param {Store} store */
  constructor(part, store) {
    this.part = part
    this.store = store
    this.end = false
    this.texts = {request: null, response: null}
    this.mode = "response"
    this.#build()
    store.addEventListener("state", () => {
      if (this.texts.request === null) this.#begin()
    })
    store.addEventListener("edit", ({detail}) => this.#edit(detail.direction).catch(error => this.#trouble(error)))
  }

  #build() {
    const {part} = this
    this.modes = switcher(
      "What to write",
      [
        ["request", "A request to this server"],
        ["response", "A response for the next visitor"],
      ],
      value => {
        this.#setMode(value)
        this.#open(true)
      },
    )
    this.presets = el("select", {"aria-label": "Begin with", on: {change: () => this.#preset()}})
    this.fold = button("Close", () => this.#open(part.classList.contains("closed")), {
      class: "fold",
      "aria-controls": "send-body",
    })
    this.editor = new Editor(
      () => (this.end = false),
      () => this.#main(),
    )
    this.pause = el("input", {
      type: "number",
      min: "0",
      max: "60",
      step: "0.1",
      value: "0.5",
      "aria-label": "seconds of the pause",
    })
    this.mainButton = button("Send", () => this.#main(), {class: "primary"})
    this.compareButton = button("Compare clients", () => this.compare(), {
      title: "the same bytes to http.client, curl, Chromium and rawwfile's own reader",
    })
    this.breaking = new BreakIt(this)
    this.editor.area.addEventListener("change", () => this.breaking.changed())
    this.begin = el("div.hint")
    this.results = el(
      "div.results",
      {role: "region", "aria-label": "Results", tabindex: "0"},
      this.begin,
    )
    this.editor.foot.append(
      button("Insert a pause", () => this.editor.insert(`\n[pause ${Number(this.pause.value) || 0}]\n`), {
        class: "small",
      }),
      el("label", {}, this.pause, " s"),
    )
    const body = el(
      "div.send-body",
      {id: "send-body"},
      el("div.send-write", {}, this.editor.node),
      el("div.send-act", {}, el("p.actions", {}, this.mainButton, this.compareButton), this.breaking.node),
      this.results,
    )
    part.append(el("div.part-head", {}, part.querySelector("h2"), this.modes.node, this.presets, this.fold), body)
    this.#open(false)
  }

  #open(open) {
    this.part.classList.toggle("closed", !open)
    this.fold.textContent = open ? "Close" : "Open the send box"
    this.fold.setAttribute("aria-expanded", String(open))
    this.fold.setAttribute("aria-label", open ? "Close the send box" : "Open the send box")
  }

  #begin() {
    const {host} = new URL(this.store.state.server.url)
    const fill = list => list.map(([name, text]) => [name, text.replaceAll("HOST", host)])
    const visits = (this.store.state.visits ?? []).map(({path, title}) => [`GET ${path}: ${title}`, getText(path)])
    this.lists = {request: fill([...REQUESTS, ...visits]), response: fill(RESPONSES)}
    this.texts = {request: this.lists.request[0][1], response: this.lists.response[0][1]}
    this.#setMode("response")
  }

  #setMode(mode) {
    if (this.mode !== mode && this.texts.request !== null) this.texts[this.mode] = this.editor.text
    this.mode = mode
    this.modes.set(mode)
    this.presets.replaceChildren(
      el("option", {value: ""}, "Begin with …"),
      ...this.lists[mode].map(([name], index) => el("option", {value: index}, name)),
    )
    this.editor.text = this.texts[mode]
    const {lab} = this.store.state.server
    this.mainButton.textContent = mode === "request" ? "Send" : `Answer the next ${lab}`
    this.mainButton.hidden = mode === "response" && !lab
    this.compareButton.hidden = mode === "request"
    this.begin.replaceChildren(...explained(mode, lab).map(sentence => el("p", {}, sentence)))
    this.breaking.changed()
  }

  #preset() {
    const chosen = this.lists[this.mode][Number(this.presets.value)]
    if (!this.presets.value || !chosen) return
    this.editor.text = chosen[1]
    this.presets.value = ""
    this.#open(true)
    this.breaking.changed()
    announce(`${chosen[0]} is in the send box`)
  }

  /** Take the bytes of the chosen exchange, with the gaps between them as pauses. */
  async #edit(direction) {
    const {exchange, connection} = this.store
    const [start, stop] = direction === "in" ? exchange.request : exchange.response
    const end = Math.min(stop ?? start, start + MOST_EDITED)
    const data = await getBytes(connection.number, direction, "plain", start, end)
    this.#setMode(direction === "in" ? "request" : "response")
    this.editor.pieces = piecesOfEntries(
      data,
      start,
      connection.entries.filter(entry => entry[1] === direction && entry[2] === "plain"),
    )
    this.#open(true)
    this.breaking.changed()
    this.part.scrollIntoView({block: "nearest"})
    this.editor.area.focus()
    announce(stop > end ? `The first ${size(MOST_EDITED)} are in the send box` : "The bytes are in the send box")
  }

  /** The pieces, or null after the fault was told. */
  pieces() {
    try {
      const {pieces} = this.editor
      if (!pieces.length) throw new Error("There are no bytes to send.")
      return pieces
    } catch (error) {
      this.#trouble(error)
      this.editor.area.focus()
      return null
    }
  }

  /** Show a result on top. @param {string} kind - one of a kind is shown @param {...Node} what */
  result(kind, ...what) {
    this.#open(true)
    this.begin.remove()
    this.results.querySelector(`.result-${kind}`)?.remove()
    this.results.prepend(el(`section.result.result-${kind}`, {}, ...what))
    this.results.scrollTop = 0
  }

  #trouble(error) {
    announce(error.message)
    this.result("trouble", el("p.wrong", {}, `✗ ${error.message}`))
  }

  /** The main button: send the request, or arm the lab address. */
  #main() {
    return this.#with(this.mainButton, pieces =>
      this.mode === "request" ? sendRequest(this, pieces) : answerLab(this, pieces),
    )
  }

  /** Ask the clients what they make of the bytes. */
  compare() {
    return this.#with(this.compareButton, pieces => compare(this, pieces))
  }

  /** Send the request; or serve the response at the lab address, and be its visitor. */
  go() {
    return this.#with(this.mainButton, pieces =>
      this.mode === "request" ? sendRequest(this, pieces) : answerLab(this, pieces, true),
    )
  }

  async #with(pressed, act) {
    const pieces = this.pieces()
    if (!pieces) return
    this.results.querySelector(".result-trouble")?.remove()
    pressed.disabled = true
    try {
      await act(pieces)
    } catch (error) {
      this.#trouble(error)
    } finally {
      pressed.disabled = false
    }
  }

  /** All bytes of the editor, for Break it. */
  get data() {
    const pieces = this.pieces()
    return pieces && joined(pieces)
  }
}

/** What the buttons do, until there are results to show. */
function explained(mode, lab) {
  const breaks = "Break it: changes these bytes in one way, and shows the place before and after."
  if (mode === "request") return ["Send: these bytes go to the watched server; what comes back is shown here.", breaks]
  return [
    ...(lab ? [`Answer the next ${lab}: whoever asks for that address next gets exactly these bytes, once.`] : []),
    "Compare clients: http.client, curl, Chromium and rawwfile read the same bytes; who notices a mistake?",
    breaks,
  ]
}
