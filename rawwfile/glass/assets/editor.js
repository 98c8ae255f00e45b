/** A text field for bytes: escapes are lit, Enter writes `\r\n`, pauses are lines of their own. */

import {announce, counted, el, freshId} from "./dom.js"
import {joined, piecesFromText, textFromPieces} from "./pieces.js"

/** Milliseconds without a letter after which a fault is said. */
const REST = 1000
/** A line of bytes, and another below it. */
const TWO_LINES = /^(?![ \t]*\[pause)[^\n]*\S[^\n]*\n(?![ \t]*\[pause)[^\n]*\S/m
const TOKENS = /^[ \t]*\[pause[^\n]*|\\(?:[rnt0\\[]|x[0-9A-Fa-f]{2})|\\[^\n]?/gm

export class Editor {
  /** @param {function(): void} changed @param {function(): void} go - Ctrl Enter */
  constructor(changed, go) {
    this.changed = changed
    this.go = go
    const help = freshId("editor-help")
    const status = freshId("editor-status")
    this.lights = el("pre.lights", {"aria-hidden": "true"})
    this.area = el("textarea.bytes-text", {
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
      "aria-label": "Bytes to send",
      "aria-describedby": `${help} ${status}`,
      on: {
        input: () => this.#show(),
        scroll: () => this.#align(),
        keydown: event => this.#key(event),
      },
    })
    // No live region: a count that is said after each letter drowns the letters.
    this.status = el("p.editor-status", {id: status})
    this.foot = el("div.editor-foot", {}, this.status)
    this.node = el(
      "div.editor",
      {},
      el("div.editor-field", {}, this.lights, this.area),
      this.foot,
      el(
        "p.hint",
        {id: help},
        "Every byte is written out: Enter types \\r\\n, \\x00 is any byte. " +
          "The line breaks you see send nothing; a line [pause 0.5] waits.",
      ),
    )
    this.#show()
  }

  /** The bytes, in pieces. @throws {Error} one sentence */
  get pieces() {
    return piecesFromText(this.area.value)
  }

  /** Put pieces into the field. */
  set pieces(pieces) {
    this.text = textFromPieces(pieces)
  }

  set text(text) {
    this.area.value = text
    this.area.scrollTop = this.area.scrollLeft = 0
    this.#show()
  }

  get text() {
    return this.area.value
  }

  /** Type text where the caret is. @param {string} text */
  insert(text) {
    this.area.focus()
    // The only way to type that the browser's own undo knows of.
    if (!document.execCommand("insertText", false, text)) {
      const {selectionStart, selectionEnd} = this.area
      this.area.setRangeText(text, selectionStart, selectionEnd, "end")
      this.#show()
    }
  }

  #key(event) {
    if (event.key !== "Enter" || event.isComposing) return
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      this.go()
    } else if (!event.shiftKey && !event.altKey) {
      event.preventDefault()
      this.insert("\\r\\n\n")
    }
  }

  #show() {
    const text = this.area.value
    const parts = []
    let at = 0
    for (const found of text.matchAll(TOKENS)) {
      parts.push(text.slice(at, found.index), el(`span.${tokenClass(found[0])}`, {}, found[0]))
      at = found.index + found[0].length
    }
    this.lights.replaceChildren(...parts, `${text.slice(at)}\n`)
    this.#align()
    this.#count()
    this.changed()
  }

  #count() {
    try {
      const {pieces} = this
      const waits = pieces.reduce((sum, {pause}) => sum + pause, 0)
      const bytes = joined(pieces)
      const parts = [
        `${counted(bytes.length, "byte")} in ${counted(pieces.length, "piece")}`,
        waits && `${waits} s of pauses`,
        // Who pastes lines as they look would wait for an answer in vain.
        TWO_LINES.test(this.area.value) && !bytes.includes(10) && "no line end among them: write \\r\\n",
      ]
      this.status.textContent = parts.filter(Boolean).join(", ")
      this.status.classList.remove("wrong")
      this.area.removeAttribute("aria-invalid")
      clearTimeout(this.complaint)
    } catch (error) {
      clearTimeout(this.complaint)
      this.complaint = setTimeout(() => announce(error.message), REST)
      this.status.textContent = `✗ ${error.message}`
      this.status.classList.add("wrong")
      this.area.setAttribute("aria-invalid", "true")
    }
  }

  #align() {
    this.lights.scrollTop = this.area.scrollTop
    this.lights.scrollLeft = this.area.scrollLeft
  }
}

function tokenClass(token) {
  if (token.trimStart().startsWith("[pause")) return "token.pause"
  if (token === "\\r" || token === "\\n") return "token.line-end"
  return /^\\(?:[rnt0\\[]|x[0-9A-Fa-f]{2})$/.test(token) ? "token" : "token.wrong"
}
