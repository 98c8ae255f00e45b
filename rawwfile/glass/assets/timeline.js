/** When what happened: request, handler and writes on one scale of time, and the same as a list. */

import {el, seconds, size, svg} from "./dom.js"

const WIDTH = 296
const LEFT = 58
const RIGHT = 8
const MOST_TICKS = 150
const MOST_LISTED = 60

/** @param {?Object} exchange - null: all of the connection @param {Object} connection @returns {HTMLElement} */
export function timeline(exchange, connection) {
  const began = exchange ? exchange.began : connection.opened
  const moments = momentsOf(exchange, connection)
  const last = moments.reduce((latest, moment) => Math.max(latest, moment.time), began + 0.001)
  const scale = time => LEFT + ((time - began) / (last - began)) * (WIDTH - LEFT - RIGHT)
  return el(
    "section.card",
    {},
    el("h3", {}, "Timeline ", el("small", {}, seconds(last - began))),
    picture(exchange, connection, moments, scale, last - began),
    el(
      "details",
      {"data-id": "timeline"},
      el("summary", {"data-focus": "timeline"}, "as a list"),
      el(
        "ol.moments",
        {},
        ...moments
          .slice(0, MOST_LISTED)
          .map(moment => el("li", {}, el("span.when", {}, `${(moment.time - began).toFixed(3)} s`), ` ${moment.text}`)),
        moments.length > MOST_LISTED && el("li", {}, `and ${moments.length - MOST_LISTED} more`),
      ),
    ),
  )
}

function momentsOf(exchange, connection) {
  // A handshake that failed leaves cipher text alone.
  const shown = connection.entries.some(([, , side]) => side === "plain") ? "plain" : "cipher"
  const inside = exchange
    ? ([, direction, side, offset, count]) => side === shown && within(exchange, direction, offset, count)
    : ([, , side]) => side === shown
  const entries = connection.entries.filter(inside).map(([, direction, , , count, time, by]) => ({
    time,
    lane: direction,
    text: `${direction === "in" ? "received" : "sent"} ${size(count)}${by ? `, ${by}` : ""}`,
  }))
  const events = (exchange?.events ?? connection.events ?? []).map(({time, kind, text}) => ({
    time,
    lane: "event",
    kind,
    text: text ? `${kind.replaceAll("-", " ")}: ${text}` : kind.replaceAll("-", " "),
  }))
  return [...entries, ...events].sort((a, b) => a.time - b.time)
}

function within(exchange, direction, offset, count) {
  const [start, end] = direction === "in" ? exchange.request : exchange.response
  return offset + count > start && (exchange.open || end === null || offset < end)
}

function picture(exchange, connection, moments, scale, length) {
  const lanes = [
    ["in", "read"],
    ["handler", "handler"],
    ["out", "writes"],
  ]
  const drawing = svg("svg.timeline", {
    viewBox: `0 0 ${WIDTH} 92`,
    role: "img",
    "aria-label": `Timeline of ${seconds(length)}; the list below says the same`,
  })
  lanes.forEach(([lane, word], index) => {
    const y = 12 + index * 22
    drawing.append(
      svg("text", {x: LEFT - 8, y: y + 4, "text-anchor": "end"}, word),
      svg("line.axis", {x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y}),
    )
    if (lane === "handler") drawing.append(...handlerBars(moments, scale, y))
    else
      drawing.append(
        ...ticks(
          moments.filter(moment => moment.lane === lane),
          scale,
          y,
          lane,
        ),
      )
  })
  for (const part of [0, 0.5, 1]) {
    const x = LEFT + part * (WIDTH - LEFT - RIGHT)
    drawing.append(
      svg("line.tick", {x1: x, x2: x, y1: 70, y2: 75}),
      svg("text.scale", {x, y: 87, "text-anchor": ["start", "middle", "end"][part * 2]}, part ? seconds(length * part) : "0"),
    )
  }
  return drawing
}

function ticks(moments, scale, y, lane) {
  const step = Math.max(1, Math.ceil(moments.length / MOST_TICKS))
  return moments
    .filter((_, index) => index % step === 0 || index === moments.length - 1)
    .map(({time, text}) =>
      svg(`rect.mark-${lane}`, {x: scale(time) - 1.5, y: y - 7, width: 3, height: 14}, svg("title", {}, text)),
    )
}

function handlerBars(moments, scale, y) {
  const bars = []
  let start = null
  for (const moment of moments) {
    if (moment.kind === "handler-start") start = moment.time
    if (moment.kind === "handler-end" && start !== null) {
      bars.push(bar(start, moment.time))
      start = null
    }
  }
  if (start !== null) bars.push(bar(start, moments.at(-1).time))
  return bars

  function bar(from, to) {
    return svg("rect.mark-handler", {
      x: scale(from),
      y: y - 5,
      width: Math.max(2, scale(to) - scale(from)),
      height: 10,
      rx: 2,
    })
  }
}
