/** The chosen exchange as a hand-out for the printer: bytes as lines with meanings, notes with explanations. */

import {capital, el, levelBadge, seconds, shortened, size, verdictOf} from "./dom.js"
import {Layout, blocksOf} from "./layout.js"
import {rowStarts} from "./lines.js"
import {Ranges} from "./ranges.js"
import {bySource} from "./notes.js"
import {bytesRow, gapRow, headRow} from "./rows.js"

const COLUMNS = 64
const MOST_ROWS = 120
const MOST_BYTES = 32_768
const DELAY = 250

/** Keep the hand-out ready, so that the browser's own Print prints it. @param {HTMLElement} place @param {Store} store */
export function handout(place, store) {
  let timer = 0
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => make(place, store).catch(() => {}), DELAY)
  }
  store.addEventListener("chosen", later)
  store.addEventListener("detail", later)
}

async function make(place, store) {
  const {exchange, connection} = store
  if (!exchange) {
    place.replaceChildren(el("p", {}, "Choose an exchange first: this page prints the one that is chosen."))
    return
  }
  const ranges = {in: source(connection, exchange, "in"), out: source(connection, exchange, "out")}
  await Promise.all(["in", "out"].map(direction => ranges[direction].fetch(...spread(exchange, direction))))
  if (store.exchange !== exchange) return
  const [sign, word] = verdictOf(exchange)
  const explained = exchange.explain ? `${capital(exchange.explain)}. ` : ""
  const sizes = `${size(exchange.in)} in, ${size(exchange.out)} out, ${seconds(exchange.duration)}`
  place.replaceChildren(
    el("h1", {}, shortened(`${exchange.method} ${exchange.target}`)),
    el("p", {}, `${sign} ${word}. ${explained}${[sizes, exchange.handler].filter(Boolean).join(", ")}.`),
    el("h2", {}, "The bytes"),
    el("div.handout-bytes", {}, ...rows(exchange, connection, ranges, store)),
    el("h2", {}, "The notes"),
    ...noteGroups(exchange.notes ?? []),
    el(
      "p.colophon",
      {},
      `rawwfile ${store.state.version}, ${store.state.server.url}. ▸ from the client, ◂ from the server.`,
    ),
  )
  place.dataset.exchange = exchange.id
}

function spread(exchange, direction) {
  const [start, end] = direction === "in" ? exchange.request : exchange.response
  return [start, Math.min(end ?? start, start + MOST_BYTES)]
}

function source(connection, exchange, direction) {
  const ranges = new Ranges(connection.number, direction, "plain", () => {})
  ranges.grew(spread(exchange, direction)[1])
  return ranges
}

function rows(exchange, connection, ranges, store) {
  const extents = {in: spread(exchange, "in"), out: spread(exchange, "out")}
  const blocks = blocksOf(connection.entries, extents, "plain")
  // What is left out of a write was written all the same.
  const whole = blocksOf(connection.entries, {in: exchange.request, out: exchange.response}, "plain")
  const sizes = new Map(whole.map(({sequence, start, end}) => [sequence, end - start]))
  for (const block of blocks) if (block.kind === "entry") block.size = sizes.get(block.sequence)
  const layout = new Layout(blocks, {mode: "lines", columns: COLUMNS, row: 16}, block =>
    rowStarts(block, COLUMNS, offset => ranges[block.direction].byte(offset)),
  )
  const drawn = []
  for (const {block, number, height} of layout.between(0, layout.total)) {
    if (drawn.length >= MOST_ROWS) {
      drawn.push(el("p", {}, "The rest is left out here."))
      break
    }
    if (block.kind === "gap") drawn.push(gapRow(block, height))
    else if (number < 0) drawn.push(headRow(block, exchange.began))
    else {
      const [start, stop] = layout.rowRange(block, number)
      drawn.push(
        bytesRow({
          block,
          start,
          stop,
          ranges: ranges[block.direction],
          mode: "lines",
          selection: null,
          kindOf: kind => store.kind(kind),
        }),
      )
    }
  }
  return drawn
}

function noteGroups(notes) {
  const [[, ours], ...others] = bySource(notes)
  return [
    ...(ours.length ? ours.map(note) : [el("p", {}, "Nothing to remark.")]),
    ...others.flatMap(([source, theirs]) => [el("h2", {}, `Second opinion: ${source}`), ...theirs.map(note)]),
  ]
}

function note(each) {
  return el(
    "section.handout-note",
    {},
    el("h3", {}, levelBadge(each.level), ` ${capital(each.message)}`),
    each.explanation && el("p", {}, each.explanation),
    each.advice && el("p", {}, el("b", {}, "Do: "), each.advice),
    el("p.rule", {}, [each.rule, each.id].filter(Boolean).join(" · ")),
  )
}
