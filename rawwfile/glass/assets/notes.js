/** The notes on an exchange, worst first, each with its reason, rule and advice. */

import {LEVELS, capital, el, levelBadge, roving} from "./dom.js"
import {shortRule} from "./rows.js"

const ORDER = Object.keys(LEVELS)

const PLURALS = {warning: "warnings"}

/**
 * Notes by who made them, each group with the worst first: ours, then each second opinion under its name.
 * @param {Array<Object>} notes @returns {Array<[string, Array<Object>]>} [source, notes]
 */
export function bySource(notes) {
  const groups = new Map([["rawwfile", []]])
  for (const note of notes) {
    const source = note.source || "rawwfile"
    groups.set(source, [...(groups.get(source) ?? []), note])
  }
  for (const group of groups.values()) group.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))
  return [...groups]
}

/**
 * @param {Array<Object>} notes @param {Store} store
 * @param {boolean} open - more may come
 * @param {string} side - of TLS, on which the bytes are that the notes point at
 * @returns {HTMLElement}
 */
export function notesList(notes, store, open, side = "plain") {
  const [[, ours], ...others] = bySource(notes)
  return el(
    "section.card.notes-card",
    {},
    el("h3", {}, "Notes ", el("small", {}, tally(ours))),
    ours.length
      ? list(ours, store, side)
      : el("p.hint", {}, open ? "They come when the exchange is over." : "Nothing to remark."),
    ...others.map(([source, theirs]) =>
      el(
        "details.second-opinion",
        {"data-id": `by-${source}`},
        el("summary", {"data-focus": `by-${source}`}, `Second opinion: ${source}, ${tally(theirs)}`),
        list(theirs, store, side),
      ),
    ),
  )
}

function list(notes, store, side) {
  const items = el("ul.notes", {}, ...notes.map((note, index) => noteItem(note, index, store, side)))
  roving(items, ".note-go")()
  return items
}

function tally(notes) {
  const counts = ORDER.map(level => [level, notes.filter(note => note.level === level).length])
  const some = counts.filter(([, count]) => count)
  return some.map(([level, count]) => `${count} ${count > 1 ? (PLURALS[level] ?? level) : level}`).join(", ")
}

function noteItem(note, index, store, side) {
  const text = [
    levelBadge(note.level),
    " ",
    el("span.message", {}, capital(note.message)),
    note.rule && el("small", {}, ` ${shortRule(note.rule)}`),
  ]
  // A note on a place between two bytes shows the byte before.
  const show = {
    type: "button",
    title: "show its bytes",
    "data-focus": `note-${note.id}-${index}`,
    on: {
      click: () => store.point(note.direction, Math.min(note.start, note.end - 1), note.end, side),
    },
  }
  const key = `${note.id}-${index}`
  const located = note.end > 0 && (note.direction === "in" || note.direction === "out")
  return el(
    `li.note.note-${note.level}`,
    {"data-note": note.id},
    located ? el("button.note-go", show, ...text) : el("p.note-go", {}, ...text),
    el(
      "details",
      {"data-id": key},
      el("summary", {"data-focus": `why-${key}`, "aria-label": `Why? ${note.message}`}, "why?"),
      note.explanation && el("p", {}, note.explanation),
      note.advice && el("p.advice", {}, el("b", {}, "Do: "), note.advice),
      el("p.rule", {}, note.rule && `${note.rule} `, el("code", {}, note.id)),
    ),
  )
}
