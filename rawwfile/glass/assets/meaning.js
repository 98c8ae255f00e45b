/** What a row of bytes is for, in a few words, told from the spans that the reader made. */

import {counted} from "./dom.js"

let fields = {}

/** Take over the meanings of fields: {name in lower case: [words, rule]}. */
export function learnFields(table) {
  fields = table ?? {}
}

/**
 * The meaning of a row.
 * @param {Array<Object>} runs - {start, stop, kind} @param {Uint8Array} data - the row's bytes, from offset `start`
 * @returns {{text: string, rule: string}}
 */
export function meaningOf(runs, data, start, kindOf) {
  const find = (...kinds) => runs.find(run => kinds.includes(run.kind))
  const said = (text, kind) => ({text, rule: kindOf(kind).rule})
  // What only goes on from the row before was said there.
  if (runs[0]?.span < start && runs.every(run => run.span === runs[0].span)) return {text: "", rule: ""}
  const trouble = find("fault", "excess", "unfinished")
  if (trouble) return said(kindOf(trouble.kind).title, trouble.kind)
  if (find("method", "target")) return {text: "request line", rule: "RFC 9112 section 3"}
  if (find("status-code", "reason")) return {text: "status line", rule: "RFC 9112 section 4"}
  const name = find("field-name")
  if (name) return fieldMeaning(data.subarray(name.start - start, name.stop - start))
  const chunk = find("chunk-size")
  if (chunk) return chunkMeaning(data.subarray(chunk.start - start, chunk.stop - start), kindOf)
  const first = runs.find(run => !["crlf", "sp", "ows", "colon"].includes(run.kind)) ?? runs[0]
  if (!first || first.kind === "unnamed") return {text: "", rule: ""}
  if (first.kind === "field-value") return {text: "the field goes on", rule: ""}
  if (first.kind === "blank-line") return said("end of fields", "blank-line")
  return said(kindOf(first.kind).title, first.kind)
}

function fieldMeaning(name) {
  const known = fields[new TextDecoder("latin1").decode(name).trim().toLowerCase()]
  return known ? {text: known[0], rule: known[1]} : {text: "field", rule: "RFC 9112 section 5"}
}

function chunkMeaning(digits, kindOf) {
  const count = parseInt(new TextDecoder("latin1").decode(digits), 16)
  const {rule} = kindOf("chunk-size")
  if (Number.isNaN(count)) return {text: kindOf("chunk-size").title, rule}
  return {text: count ? `chunk of ${counted(count, "byte")}` : "last chunk", rule}
}
