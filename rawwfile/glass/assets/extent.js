/** Which part of a connection is shown, and the headings between its bytes. Pure functions. */

import {grouped, shortened} from "./dom.js"
import {recordText} from "./tls.js"

const FAR = Number.MAX_SAFE_INTEGER

/**
 * The offsets that are shown, by direction.
 * @param {?Object} exchange - null: all of the connection
 * @param {Object} connection
 * @returns {{in: number[], out: number[]}} [start, end) each
 */
export function extentsOf(exchange, connection) {
  if (!exchange) return {in: [0, FAR], out: [0, FAR]}
  const [start, stop] = exchange.response
  return {
    in: [exchange.request[0], requestEnd(exchange, connection)],
    out: [start, exchange.open ? FAR : (stop ?? FAR)],
  }
}

/** While an exchange is open its request may still grow, but not into the next one's. */
function requestEnd(exchange, connection) {
  const next = connection.exchanges.find(other => other.number > exchange.number)
  if (next) return next.request[0]
  return exchange.open ? FAR : (exchange.request[1] ?? FAR)
}

/** Headings for all of a connection: where its exchanges begin. @returns {{in: Object[], out: Object[]}} */
export function exchangeMarks({exchanges}) {
  const text = ({number, method, target}) => shortened(`Exchange ${number}: ${method} ${target}`)
  return {in: exchanges.map(other => ({at: other.request[0], text: text(other)})), out: []}
}

/** Headings for the cipher side: its records. @returns {{in: Object[], out: Object[]}} */
export function recordMarks({tls}) {
  const marks = {in: [], out: []}
  for (const record of tls?.records ?? []) {
    marks[record.direction].push({at: record.start, text: recordText(record)})
  }
  return marks
}

/** Blocks that say which of the oldest bytes had to go. */
export function droppedMarks({streams = []}, side, extents) {
  return streams
    .filter(stream => stream.side === side && stream.first > extents[stream.direction][0])
    .map(({direction, first}) => ({
      kind: "mark",
      direction,
      text: `Bytes before ${grouped(first)} had to leave the tape`,
    }))
}

/** Offset after the last byte of one direction on one side. */
export function endOf({entries}, direction, side) {
  let end = 0
  for (const [, of, on, offset, count] of entries) {
    if (of === direction && on === side) end = Math.max(end, offset + count)
  }
  return end
}

/** Whether more may come. */
export function isOpen({closed}) {
  return closed === null || closed === undefined
}
