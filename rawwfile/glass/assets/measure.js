/** What fits into a row of the stream. */

import {el, grouped} from "./dom.js"

/** Pixels from which the meanings of rows have room; and the characters that are left to them beside the longest. */
const WIDE = 600
const MEANING = 18

/** A row that is never seen, to measure characters and rows by. @returns {HTMLElement} */
export function probeRow() {
  return el("div.row.bytes.probe", {"aria-hidden": "true"}, el("span.text", {}, "0".repeat(100)))
}

/**
 * Bytes of a row and its height; tells the style sheet how wide offsets are.
 * @param {HTMLElement} part @param {HTMLElement} box - that scrolls @param {HTMLElement} probe
 * @param {string} mode - "lines" or "hex" @param {number} last - the greatest offset
 * @returns {{mode: string, columns: number, row: number}}
 */
export function shapeOf(part, box, probe, mode, last) {
  const character = probe.querySelector(".text").getBoundingClientRect().width / 100 || 8
  const wide = box.clientWidth > WIDE
  const offset = 3 + (mode === "hex" ? 8 : Math.max(wide ? 8 : 4, grouped(last).length))
  part.style.setProperty("--offset", `${offset}ch`)
  part.classList.toggle("narrow", !wide)
  const room = Math.floor((box.clientWidth - 20) / character) - offset
  const columns =
    mode === "hex"
      ? ([16, 8].find(count => room >= count * 4 + 2) ?? 4)
      : Math.max(16, Math.min(96, wide ? room - MEANING : room))
  return {mode, columns, row: probe.getBoundingClientRect().height || 20}
}
