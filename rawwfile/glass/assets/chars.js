/** How a byte is shown, and what it is called. */

const NAMES = {
  0: "NUL",
  7: "bell",
  8: "backspace",
  9: "tab",
  10: "LF, line feed",
  11: "vertical tab",
  12: "form feed",
  13: "CR, carriage return",
  27: "escape",
  32: "space",
  127: "delete",
}
const SHORT = [
  "NUL",
  "SOH",
  "STX",
  "ETX",
  "EOT",
  "ENQ",
  "ACK",
  "BEL",
  "BS",
  "TAB",
  "LF",
  "VT",
  "FF",
  "CR",
  "SO",
  "SI",
  "DLE",
  "DC1",
  "DC2",
  "DC3",
  "DC4",
  "NAK",
  "SYN",
  "ETB",
  "CAN",
  "EM",
  "SUB",
  "ESC",
  "FS",
  "GS",
  "RS",
  "US",
]
/** What may be a character of UTF-8 with several bytes, or else one byte; in text of which each letter is a byte. */
const CHARACTER = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[^]/g
/** Characters that are written as bytes: control characters, marks of direction, spaces that are not the space. */
export const UNSEEN = /[\p{C}\p{Z}]/u
const ESCAPED = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\"}

const CELLS = Array.from({length: 256}, (_, byte) => (byte < 32 || byte > 126 ? "·" : String.fromCharCode(byte)))

/** Bytes of [from, to) as one character each; a dot in the middle for what has no picture. @param {Uint8Array} data */
export function cells(data, from = 0, to = data.length) {
  let text = ""
  for (let at = from; at < to; at += 1) text += CELLS[data[at]]
  return text
}

/** The short name of a control character ("CR"), or "" for any other byte. @param {number} byte */
export function controlName(byte) {
  if (byte === 127) return "DEL"
  return SHORT[byte] ?? ""
}

/** The bytes of [from, to) as two digits each, with a space after each. @param {Uint8Array} data */
export function hexed(data, from = 0, to = data.length) {
  let text = ""
  for (let at = from; at < to; at += 1) text += `${hex(data[at])} `
  return text
}

/** A byte as two hexadecimal digits. @param {number} byte */
export function hex(byte) {
  return byte.toString(16).padStart(2, "0")
}

/** What a byte is called. @param {number} byte */
export function nameOf(byte) {
  if (byte in NAMES) return NAMES[byte]
  if (byte < 32) return `${SHORT[byte]}, a control character`
  return byte < 127 ? `“${String.fromCharCode(byte)}”` : `byte ${byte}`
}

/** Bytes as the send box writes them, without its line breaks: `\r\n` and `\xHH`. @param {Uint8Array} data */
export function escaped(data, from = 0, to = data.length) {
  let text = ""
  for (let at = from; at < to; at += 1) {
    const byte = data[at]
    text += ESCAPED[byte] ?? (byte < 32 || byte > 126 ? `\\x${hex(byte)}` : String.fromCharCode(byte))
  }
  return text
}

/**
 * Bytes as text to be read: UTF-8 where it is; as escapes what is none, and each character that has no picture of
 * its own or turns the order of others around.
 * @param {Uint8Array} data
 */
export function readable(data) {
  const decoder = new TextDecoder("utf-8", {ignoreBOM: true})
  const raw = Array.from(data, byte => String.fromCharCode(byte)).join("")
  return raw.replace(CHARACTER, found => {
    const bytes = Uint8Array.from(found, letter => letter.charCodeAt(0))
    const character = decoder.decode(bytes)
    const isText = bytes.length > 1 && [...character].length === 1 && !UNSEEN.test(character)
    return isText ? character : escaped(bytes)
  })
}
