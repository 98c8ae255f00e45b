/**
 * Making elements without markup in strings: nothing that came over the wire is ever read as HTML.
 * Also the words and signs for levels and verdicts, and how numbers are written.
 */

const SVG = "http://www.w3.org/2000/svg"

/**
 * Make an element.
 * @param {string} name - its name, with classes after dots: "p.note.bad"
 * @param {Object} [has] - attributes; `on` holds event handlers, true and false switch an attribute
 * @param {...(Node|string|null|undefined|false)} children - null, undefined and false are left out
 * @returns {HTMLElement}
 */
export function el(name, has = {}, ...children) {
  return fill(document.createElement(name.split(".")[0]), name, has, children)
}

/** As `el`, for SVG. @returns {SVGElement} */
export function svg(name, has = {}, ...children) {
  return fill(document.createElementNS(SVG, name.split(".")[0]), name, has, children)
}

function fill(node, name, has, children) {
  const classes = name.split(".").slice(1)
  if (classes.length) node.setAttribute("class", classes.join(" "))
  for (const [key, value] of Object.entries(has)) {
    if (key === "on") for (const [type, handler] of Object.entries(value)) node.addEventListener(type, handler)
    else if (key === "value") node.value = value
    else if (value === true) node.setAttribute(key, "")
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, String(value))
  }
  node.append(...children.filter(child => child !== null && child !== undefined && child !== false))
  return node
}

/**
 * Make these the children of a node and move no child that is in its place already: a node that is
 * taken out and put back between press and release of a button is never clicked.
 * @param {Element} parent @param {Node[]} nodes
 */
export function arrange(parent, nodes) {
  let at = parent.firstChild
  for (const node of nodes) {
    if (node === at) at = at.nextSibling
    else parent.insertBefore(node, at)
  }
  while (at) {
    const next = at.nextSibling
    at.remove()
    at = next
  }
}

/** A button that runs `act`. @param {string} label @param {Function} act @param {Object} [has] */
export function button(label, act, has = {}) {
  return el("button", {type: "button", ...has, on: {click: act}}, label)
}

let nextId = 0
/** An id that no other element has. @param {string} [stem] */
export function freshId(stem = "id") {
  nextId += 1
  return `${stem}-${nextId}`
}

/** Say something to a screen reader, politely. @param {string} text */
export function announce(text) {
  const place = document.getElementById("announcer")
  place.textContent = ""
  // Two steps: the same sentence said twice is then heard twice.
  requestAnimationFrame(() => {
    place.textContent = text
  })
}

/** Sign and word of a note's level. */
export const LEVELS = {
  bad: ["✗", "bad"],
  warning: ["!", "warning"],
  info: ["i", "info"],
  good: ["✓", "good"],
}

/** Sign and plain meaning of each verdict on a response. */
export const VERDICTS = {
  complete: ["✓", "all of it came, and its end could be told"],
  "open-ended": ["◌", "only closing the connection ends it"],
  short: ["◐", "less came than was announced"],
  excess: ["⊕", "more came than was announced"],
  unreadable: ["✗", "it cannot be read as HTTP"],
  interim: ["…", "only an interim response came so far"],
  upgraded: ["⇄", "the connection speaks another protocol now"],
  untouched: ["·", "nothing was written"],
}

/** A level as a badge: a sign in a shape, and its word. @param {string} level */
export function levelBadge(level) {
  const [sign, word] = LEVELS[level] ?? ["?", level]
  return el(`span.level.level-${level}`, {}, el("span.sign", {"aria-hidden": "true"}, sign), ` ${word}`)
}

/** The sign and word of a row of the list. @param {Object} row - an exchange @returns {[string, string]} */
export function verdictOf(row) {
  if (row.open) return ["●", "open"]
  return [VERDICTS[row.verdict]?.[0] ?? "?", row.verdict || "no verdict"]
}

/** A number of bytes for people: "61 bytes", "1.2 kB", "100 MB". @param {number} count */
export function size(count) {
  if (count === 1) return "1 byte"
  if (count < 1000) return `${count} bytes`
  const units = ["kB", "MB", "GB"]
  let value = count / 1000
  let unit = 0
  while (value >= 999.5 && unit < 2) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** As `size`, as short as can be: "140 B". */
export function shortSize(count) {
  return size(count).replace(/ bytes?$/, " B")
}

/** Seconds for people: "3 ms", "2.003 s". @param {?number} value */
export function seconds(value) {
  if (value === null || value === undefined) return "…"
  if (value < 0.0995) return `${(value * 1000).toFixed(value < 0.00995 ? 1 : 0)} ms`
  return `${value.toFixed(value < 10 ? 3 : 1)} s`
}

/** A text of any length, cut to what can be taken in at a glance. @param {string} text @param {number} [most] */
export function shortened(text, most = 200) {
  if (text.length <= most) return text
  // Not through the middle of a character that is two in a string.
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`
}

/** A text with a capital at its beginning. @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A count with its word: "1 piece", "1,200 pieces". @param {number} count @param {string} word */
export function counted(count, word) {
  return `${grouped(count)} ${word}${count === 1 ? "" : "s"}`
}

/** 12345 as "12,345". @param {number} value */
export function grouped(value) {
  return value.toLocaleString("en-US")
}

/**
 * Arrow keys, Home and End go from item to item, and only one of them is a stop of the Tab key.
 * @param {HTMLElement} holder @param {string} selector - of the items
 */
export function roving(holder, selector) {
  const items = () => [...holder.querySelectorAll(selector)]
  const only = chosen =>
    items().forEach(item => {
      item.tabIndex = item === chosen ? 0 : -1
    })
  holder.addEventListener("focusin", event => {
    const item = event.target.closest(selector)
    if (item) only(item)
  })
  holder.addEventListener("keydown", event => {
    const all = items()
    const at = all.indexOf(event.target.closest(selector))
    if (at < 0 || event.target.matches("input, textarea, select")) return
    const to = {ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1}
    if (!(event.key in to)) return
    event.preventDefault()
    all[Math.max(0, Math.min(all.length - 1, to[event.key]))].focus()
  })
  /** Call it after the items have changed. */
  return () => only(items().find(item => item.tabIndex === 0) ?? items()[0])
}
