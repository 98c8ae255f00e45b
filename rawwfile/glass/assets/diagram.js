/** The way of an exchange as a small diagram, with the state it is in lit; and the same in words. */

import {el, svg} from "./dom.js"

const WIDTH = 296
const BOX = {width: 88, height: 30}

/** Places of the states: column, row. */
const PLACES = {
  request: [0, 0, "request", "is read"],
  handler: [1, 0, "handler", "runs"],
  refused: [0, 1, "refused", "an error page"],
  managed: [2, 0, "managed", "engine frames"],
  raw: [1, 1, "by hand", "wfile writes"],
  settled: [2, 1, "settled", ""],
  kept: [1, 2, "kept", "next request"],
  closed: [2, 2, "closed", ""],
}
const WAYS = [
  ["request", "handler"],
  ["request", "refused"],
  ["handler", "managed"],
  ["handler", "raw"],
  ["managed", "settled"],
  ["raw", "settled"],
  ["settled", "closed"],
  ["settled", "kept"],
  ["refused", "closed"],
]

/** The states an exchange went through, in order; the last is the present one. @param {Object} exchange */
export function statesOf(exchange) {
  const states = ["request"]
  const refused = Boolean(exchange.refused) || (!exchange.handler && exchange.status >= 400 && !exchange.method)
  if (refused) states.push("refused")
  else if (
    exchange.handler ||
    exchange.raw ||
    !exchange.open ||
    exchange.events?.some(({kind}) => kind === "handler-start")
  ) {
    states.push("handler")
    const writes = exchange.first_byte !== null && exchange.first_byte !== undefined
    if (exchange.raw) states.push("raw")
    else if (writes) states.push("managed")
  }
  if (exchange.open) return states
  if (!refused) states.push("settled")
  states.push(exchange.keep && !refused ? "kept" : "closed")
  return states
}

/** @param {Object} exchange @returns {HTMLElement} */
export function diagram(exchange) {
  const states = statesOf(exchange)
  const now = states.at(-1)
  const words = sentence(states, exchange)
  const picture = svg("svg.diagram", {viewBox: `0 0 ${WIDTH} 138`, role: "img", "aria-label": words})
  for (const [from, to] of WAYS) {
    const taken = states.some((state, index) => state === from && states[index + 1] === to)
    picture.append(arrow(from, to, taken))
  }
  for (const name of Object.keys(PLACES)) picture.append(box(name, states.includes(name), name === now, exchange))
  return el("section.card", {}, el("h3", {}, "State"), picture, el("p.state-words", {}, words))
}

function corner(name) {
  const [column, row] = PLACES[name]
  return [4 + column * 100, 4 + row * 50]
}

function box(name, passed, now, exchange) {
  const [x, y] = corner(name)
  const [, , title, more] = PLACES[name]
  const second = name === "settled" && passed ? exchange.verdict : more
  return svg(
    `g.state${passed ? ".passed" : ""}${now ? ".now" : ""}`,
    {},
    svg("rect", {x, y, width: BOX.width, height: BOX.height, rx: 6}),
    svg("text", {x: x + BOX.width / 2, y: y + (second ? 13 : 19)}, now ? `● ${title}` : title),
    second ? svg("text.second", {x: x + BOX.width / 2, y: y + 24}, second) : svg("g"),
  )
}

function arrow(from, to, taken) {
  const [x1, y1] = corner(from)
  const [x2, y2] = corner(to)
  const {width, height} = BOX
  let line
  if (y1 === y2) line = [x1 + width, y1 + height / 2, x2, y2 + height / 2]
  else if (x1 === x2) line = [x1 + width / 2, y1 + height, x2 + width / 2, y2]
  else line = x2 > x1 ? [x1 + width - 10, y1 + height, x2 + 10, y2] : [x1 + 10, y1 + height, x2 + width - 10, y2]
  const [a, b, c, d] = line
  const angle = Math.atan2(d - b, c - a)
  const wing = turn => `L${c - 6 * Math.cos(angle + turn)} ${d - 6 * Math.sin(angle + turn)}`
  return svg(`path.way${taken ? ".taken" : ""}`, {d: `M${a} ${b}L${c} ${d}${wing(0.5)}M${c} ${d}${wing(-0.5)}`})
}

const SAID = {
  request: "the request was read",
  handler: "the handler ran",
  refused: "the request was refused",
  managed: "the engine framed what it returned",
  raw: "it wrote the response by hand",
  settled: "it was judged",
  kept: "the connection was kept for another request",
  closed: "the connection was closed",
}

function sentence(states, exchange) {
  const told = states.map(state => (state === "settled" ? `it was judged: ${exchange.verdict}` : SAID[state]))
  const text = told.join(", ")
  return `${text[0].toUpperCase()}${text.slice(1)}${exchange.open ? "; it goes on." : "."}`
}
