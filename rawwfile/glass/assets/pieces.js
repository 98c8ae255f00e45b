/**
 * The text of the send box, and the bytes it stands for; the same language as rawwfile/glass/pieces.py.
 *
 * Line ends of the text are layout and send nothing. `\r` `\n` `\t` `\0` `\\` `\xHH` are bytes, `\[` is "[".
 * A line `[pause SECONDS]` of its own ends a piece; what follows is sent that much later.
 */

import {UNSEEN} from "./chars.js"

const PAUSE = /^\[pause[ \t]+([0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})(?:[ \t]*s)?\]$/
const TOKEN = /[^\\]+|\\(?:[rnt0\\[]|x[0-9A-Fa-f]{2})/y
const SMALLEST_GAP = 0.05
const LONGEST_PAUSE = 10
const MEANT = {r: 13, n: 10, t: 9, 0: 0, "\\": 92, "[": 91}
const SHOWN = {10: "\\n", 13: "\\r", 9: "\\t", 0: "\\0", 92: "\\\\"}

/**
 * Read a text.
 * @param {string} text @returns {Array<{data: Uint8Array, pause: number}>}
 * @throws {Error} one sentence with line and column
 */
export function piecesFromText(text) {
  const pieces = []
  let bytes = []
  let pause = 0
  const push = () => {
    if (bytes.length || pause) pieces.push({data: Uint8Array.from(bytes), pause})
  }
  text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .forEach((line, index) => {
      if (!/^[ \t]*\[pause/.test(line)) {
        lineBytes(line, index + 1, bytes)
        return
      }
      const found = PAUSE.exec(line.replace(/^[ \t]+|[ \t]+$/g, ""))
      if (!found) throw new Error(`line ${index + 1}: a pause is written [pause 0.5]; to send such text write \\[pause`)
      push()
      bytes = []
      pause = Number(found[1])
    })
  push()
  return pieces
}

function lineBytes(line, number, bytes) {
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < line.length) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(line)
    if (!found) {
      // Columns count characters, as people do: one beyond 16 bits is two in a string.
      const column = [...line.slice(0, at)].length + 1
      throw new Error(
        `line ${number}, column ${column}: ${line.slice(at, at + 4)} is no escape; there are \\r \\n \\t \\0 \\\\ \\[ and \\xHH`,
      )
    }
    const word = found[0]
    if (word[0] !== "\\") for (const byte of new TextEncoder().encode(word)) bytes.push(byte)
    else bytes.push(word[1] === "x" ? parseInt(word.slice(2), 16) : MEANT[word[1]])
  }
}

/** The text that stands for these pieces. @param {Array<{data: Uint8Array, pause: number}>} pieces */
export function textFromPieces(pieces) {
  const lines = []
  let begun = false
  for (const {data, pause} of pieces) {
    if (!data.length && !pause) continue
    if (begun || pause) lines.push(`[pause ${Number(pause.toFixed(6))}]`)
    for (const line of linesOf(data)) lines.push(shownLine(line))
    begun = true
  }
  return lines.join("\n")
}

/** Cut after LF, CR LF and lone CR. */
function linesOf(data) {
  const lines = []
  let start = 0
  for (let at = 0; at < data.length; at += 1) {
    if (data[at] === 10 || (data[at] === 13 && data[at + 1] !== 10)) {
      lines.push(data.subarray(start, at + 1))
      start = at + 1
    }
  }
  if (start < data.length) lines.push(data.subarray(start))
  return lines
}

function shownLine(line) {
  let text
  try {
    text = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(line)
  } catch {
    text = null
  }
  const shown = text === null ? [...line].map(byte => shownByte(byte)) : [...text].map(shownCharacter)
  if (shown.at(-1) === " ") shown[shown.length - 1] = "\\x20"
  if (shown[0] === " ") shown[0] = "\\x20"
  if (shown[0] === "[") shown[0] = "\\["
  return shown.join("")
}

function shownByte(byte) {
  if (byte in SHOWN) return SHOWN[byte]
  return byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, "0")}` : String.fromCharCode(byte)
}

function shownCharacter(character) {
  if (character.codePointAt(0) < 128) return shownByte(character.codePointAt(0))
  if (!UNSEEN.test(character)) return character
  return [...new TextEncoder().encode(character)].map(shownByte).join("")
}

/** All bytes of some pieces. @param {Array<{data: Uint8Array}>} pieces @returns {Uint8Array} */
export function joined(pieces) {
  const all = new Uint8Array(pieces.reduce((sum, {data}) => sum + data.length, 0))
  let at = 0
  for (const {data} of pieces) {
    all.set(data, at)
    at += data.length
  }
  return all
}

/**
 * Cut data where the entries that brought it were apart in time.
 * @param {Uint8Array} data @param {number} start - its offset @param {Array} entries - of its direction, in order
 */
export function piecesOfEntries(data, start, entries) {
  const pieces = []
  let from = 0
  let pause = 0
  let time = null
  for (const [, , , offset, , when] of entries) {
    const at = offset - start
    const gap = time === null ? 0 : when - time
    time = when
    if (at <= from || at >= data.length || gap < SMALLEST_GAP) continue
    pieces.push({data: data.subarray(from, at), pause})
    from = at
    pause = Math.min(LONGEST_PAUSE, Math.round(gap * 10) / 10)
  }
  return [...pieces, {data: data.subarray(from), pause}]
}
