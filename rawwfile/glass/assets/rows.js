/** Drawing one row of the stream. */

import {grouped, el, seconds, size} from "./dom.js"
import {cells, controlName, hexed} from "./chars.js"
import {GAP_CAP, GAP_PIXELS} from "./layout.js"
import {meaningOf} from "./meaning.js"

/** Rows with more control characters than this show them as dots, to stay in their width. */
const MOST_CONTROLS = 8

/** Sign and words of the two directions. */
export const DIRECTIONS = {in: ["▸", "client to server"], out: ["◂", "server to client"]}

/** The bar for time in which nothing was said. */
export function gapRow(block, height) {
  const cut = block.seconds > GAP_CAP
  const bar = el("span.gap-bar", {"aria-hidden": "true"})
  bar.style.height = `${Math.min(block.seconds, GAP_CAP) * GAP_PIXELS}px`
  const times = cut
    ? ` (drawn up to ${GAP_CAP} s; to scale it would be ${(block.seconds / GAP_CAP).toFixed(1)} times as high)`
    : block.seconds >= 1
      ? " (a tick is a second)"
      : ""
  const row = el(
    `div.row.gap${cut ? ".cut" : ""}`,
    {role: "row"},
    el(
      "span.gap-cell",
      {role: "gridcell"},
      bar,
      el("span.gap-text", {}, `nothing for ${seconds(block.seconds)}`, el("small", {}, times)),
    ),
  )
  row.style.height = `${height}px`
  return row
}

/** The line at which another exchange begins. */
export function markRow(block, height) {
  const row = el(`div.row.mark.${block.direction}`, {role: "row"}, el("span", {role: "gridcell"}, block.text))
  row.style.height = `${height}px`
  return row
}

/** In place of bytes, where there are none. @param {string} side - that is shown */
export function emptyRow(side, {entries}) {
  const elsewhere = side === "plain" && entries.some(entry => entry[2] === "cipher")
  const text = elsewhere ? "No plain bytes: “Cipher” above shows what crossed the wire." : "No bytes here."
  return el("div.row.empty", {role: "row"}, el("span.hint", {role: "gridcell"}, text))
}

/** The head of an entry: direction, when, how much, and who wrote it. */
export function headRow(block, began) {
  const [sign, words] = DIRECTIONS[block.direction]
  const what = block.direction === "in" ? "received" : "sent"
  return el(
    `div.row.head.${block.direction}`,
    {role: "row"},
    el(
      "span.head-cell",
      {role: "gridcell"},
      el("span.dir", {title: words}, el("span", {"aria-hidden": "true"}, sign), ` ${block.direction}`),
      el("span.when", {title: "seconds after the exchange began"}, `${(block.when - began).toFixed(3)} s`),
      el("span.much", {}, `${size(block.size ?? block.end - block.start)} ${what}${block.more ? ", in the same go" : ""}`),
      block.by &&
        el(
          "span.by",
          {title: "the line that wrote these bytes"},
          el("span.unseen", {}, "written by "),
          el("span", {"aria-hidden": "true"}, "✎ "),
          block.by,
        ),
    ),
  )
}

/**
 * A row of bytes.
 * @param {Object} what - {block, start, stop, ranges, mode, selection, active, id}
 */
export function bytesRow({block, start, stop, ranges, mode, columns, selection, active, id, place, kindOf}) {
  const {direction} = block
  const data = ranges.bytes(start, stop)
  const [sign, words] = DIRECTIONS[direction]
  const offset = mode === "hex" ? start.toString(16).padStart(8, "0") : grouped(start)
  const row = el(
    `div.row.bytes.${direction}${active ? ".active" : ""}`,
    {role: "row", id, "aria-rowindex": place},
    el(
      "span.offset",
      {role: "gridcell", title: `${words}, byte ${grouped(start)} (hex ${start.toString(16)})`},
      el("span.dir-sign", {"aria-hidden": "true"}, sign),
      ` ${offset}`,
    ),
  )
  if (!data) {
    row.append(el("span.text", {role: "gridcell"}, el("span.waiting", {}, "…")))
    return row
  }
  const runs = runsOf(ranges.spans(start, stop), start, stop, selection)
  if (mode === "hex")
    row.append(cell("hex", runs, (from, to) => hexed(data, from - start, to - start), kindOf, columns))
  row.append(
    cell(
      "text",
      mode === "hex" ? runs : withControls(runs, data, start),
      (from, to) => cells(data, from - start, to - start),
      kindOf,
    ),
  )
  if (mode === "lines") {
    const {text, rule} = meaningOf(runs, data, start, kindOf)
    const whole = rule ? `${text}, ${rule}` : text
    row.append(
      el("span.meaning", {role: "gridcell", title: whole || null}, text, rule && el("small", {}, ` ${shortRule(rule)}`)),
    )
  }
  return row
}

/** "RFC 9112 section 6.3" as it fits beside a line. @param {string} rule */
export function shortRule(rule) {
  return rule.replace(" section ", " §")
}

function cell(name, runs, textOf, kindOf, columns) {
  const cell = el(`span.${name}`, {role: "gridcell"})
  if (columns) cell.style.minWidth = `${columns * 3}ch`
  for (const run of runs) {
    const {title, rule} = kindOf(run.kind)
    const classes = `run k-${run.kind}${run.selected ? " selected" : ""}${run.control ? " control" : ""}`
    cell.append(
      el(
        "span",
        {
          class: classes,
          title: rule ? `${title}, ${rule}` : title,
          "data-at": run.start,
          "data-span": run.span,
        },
        run.control ?? textOf(run.start, run.stop),
      ),
    )
  }
  return cell
}

/** Control characters as runs of their own, by name; in data that is mostly such, they stay dots. */
function withControls(runs, data, start) {
  let count = 0
  for (const byte of data) if (controlName(byte)) count += 1
  if (count > MOST_CONTROLS) return runs
  return runs.flatMap(run => {
    const parts = []
    let from = run.start
    for (let at = run.start; at < run.stop; at += 1) {
      const control = controlName(data[at - start])
      if (!control) continue
      if (from < at) parts.push({...run, start: from, stop: at})
      parts.push({...run, start: at, stop: at + 1, control})
      from = at + 1
    }
    if (from < run.stop) parts.push({...run, start: from})
    return parts
  })
}

/** The row cut where spans and the selection begin and end. */
function runsOf(spans, start, stop, selection) {
  const runs = []
  const push = (from, to, kind, span) => {
    if (from >= to) return
    const cuts = [from]
    if (selection) for (const cut of [selection.start, selection.end]) if (cut > from && cut < to) cuts.push(cut)
    cuts.push(to)
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const selected = Boolean(selection) && cuts[index] >= selection.start && cuts[index] < selection.end
      runs.push({start: cuts[index], stop: cuts[index + 1], kind, span, selected})
    }
  }
  let at = start
  for (const [from, to, kind] of spans) {
    push(at, Math.max(at, from), "unnamed", at)
    push(Math.max(from, at), Math.min(to, stop), kind, from)
    at = Math.max(at, Math.min(to, stop))
  }
  push(at, stop, "unnamed", at)
  return runs
}
