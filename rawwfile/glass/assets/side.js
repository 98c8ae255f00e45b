/** The right of the page: verdict, notes, state, timeline, TLS, and what can be done with the exchange. */

import {announce, arrange, button, capital, el, seconds, size, verdictOf, VERDICTS} from "./dom.js"
import {diagram, statesOf} from "./diagram.js"
import {notesList} from "./notes.js"
import {timeline} from "./timeline.js"
import {tlsFacts} from "./tls.js"

export class Side {
  /** @param {HTMLElement} part @param {Store} store */
  constructor(part, store) {
    this.store = store
    this.body = el("div.side-body")
    part.append(el("div.part-head", {}, part.querySelector("h2")), this.body)
    store.addEventListener("chosen", () => this.#show(true))
    store.addEventListener("detail", () => this.#show(false))
    // Who looks at the cipher text wants to know what the handshake agreed on.
    store.addEventListener("cipher", () => {
      const card = this.body.querySelector(".tls-card")
      if (card) this.body.scrollTop += card.getBoundingClientRect().top - this.body.getBoundingClientRect().top - 12
    })
    this.#show(true)
  }

  /** Draw the sections of which something has changed. @param {boolean} fresh - another exchange: draw all */
  #show(fresh) {
    const {exchange, connection} = this.store
    if (fresh) {
      this.drawn = new Map()
      this.body.scrollTop = 0
    }
    const sections = !connection
      ? [["hint", [], () => el("p.hint", {}, "Choose an exchange: what there is to say about it is said here.")]]
      : exchange
        ? this.#exchange(exchange, connection)
        : [["connection", [connection], () => el("div", {}, ...this.#connection(connection).filter(Boolean))]]
    const focused = document.activeElement?.closest?.("[data-focus]")?.dataset.focus
    arrange(
      this.body,
      sections.map(([name, facts, make]) => this.#section(name, JSON.stringify(facts), make)),
    )
    if (focused && document.activeElement === document.body) {
      this.body.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus()
    }
  }

  /** A section as it was, if its facts are the same; else anew, with the same parts open. */
  #section(name, facts, make) {
    const before = this.drawn.get(name)
    if (before?.facts === facts) return before.node
    const node = make()
    for (const each of before?.node.querySelectorAll("details[data-id]") ?? []) {
      const same = node.querySelector(`details[data-id="${CSS.escape(each.dataset.id)}"]`)
      if (same) same.open = each.open
    }
    this.drawn.set(name, {facts, node})
    return node
  }

  /** Sections: name, the facts they are made from, and what makes them. */
  #exchange(exchange, connection) {
    const {notes = [], events, open, curl} = exchange
    const row = {...exchange, notes: null, events: null, curl: null}
    const {tls} = connection
    return [
      ["verdict", [row], () => verdictCard(exchange)],
      ["notes", [notes, open], () => notesList(notes, this.store, open)],
      ["state", [statesOf(exchange), exchange.verdict, open], () => diagram(exchange)],
      ["timeline", [row, events, connection.entries.length], () => timeline(exchange, connection)],
      ...(tls ? [["tls", [tls, connection.events], () => tlsFacts(connection, this.store)]] : []),
      ["actions", [curl, ...sides(exchange)], () => this.#actions(exchange)],
    ]
  }

  #connection(connection) {
    const closed = connection.closed === null || connection.closed === undefined
    return [
      el(
        "section.card",
        {},
        el("h3", {}, `Connection ${connection.number}`),
        el(
          "dl.facts",
          {},
          el("dt", {}, "client"),
          el("dd", {}, connection.peer || "a local socket"),
          el("dt", {}, "scheme"),
          el("dd", {}, connection.scheme),
          el("dt", {}, "exchanges"),
          el("dd", {}, String(connection.exchanges.length)),
          el("dt", {}, "ended"),
          el(
            "dd",
            {},
            closed
              ? "still open"
              : `${connection.why || "closed"}${connection.closed_by ? `, by the ${connection.closed_by}` : ""}`,
          ),
        ),
      ),
      connection.notes?.length > 0 &&
        notesList(connection.notes, this.store, false, connection.tls ? "cipher" : "plain"),
      timeline(null, connection),
      connection.tls && tlsFacts(connection, this.store),
    ]
  }

  #actions(exchange) {
    const {store} = this
    const [request, response] = sides(exchange)
    const copy = button(
      "Copy as curl",
      async () => {
        try {
          await navigator.clipboard.writeText(exchange.curl)
          announce("The curl command is copied")
          copy.textContent = "Copied"
        } catch {
          area.hidden = false
          area.select()
          announce("Press Ctrl C to copy the curl command")
        }
      },
      {"data-focus": "curl"},
    )
    const area = el(
      "textarea",
      {readonly: true, rows: "3", "aria-label": "curl command", hidden: true},
      exchange.curl ?? "",
    )
    return el(
      "section.card.actions-card",
      {},
      el("h3", {}, "Do something with it"),
      el(
        "p.actions",
        {},
        response &&
          button("Edit or break the response", () => store.tell("edit", {direction: "out"}), {
            "data-focus": "edit-out",
            title: "put its bytes into the send box, to break and compare them",
          }),
        request &&
          button("Edit or break the request", () => store.tell("edit", {direction: "in"}), {
            "data-focus": "edit-in",
            title: "put its bytes into the send box",
          }),
        exchange.curl && copy,
        button("Print a hand-out", () => window.print(), {"data-focus": "print"}),
      ),
      area,
    )
  }
}

/** Whether there are bytes of the request, and of the response. */
function sides(exchange) {
  return [exchange.in > 0, exchange.out > 0]
}

function verdictCard(exchange) {
  const [sign, word] = verdictOf(exchange)
  const meaning = exchange.explain || VERDICTS[exchange.verdict]?.[1] || ""
  return el(
    "section.card.verdict-card",
    {},
    el(
      "p.verdict-line",
      {},
      el(`span.verdict.verdict-${exchange.open ? "open" : exchange.verdict}`, {"aria-hidden": "true"}, sign),
      el("strong", {}, word),
      exchange.raw && el("span.tag", {}, "written by hand"),
      exchange.refused && el("span.tag", {}, "request refused"),
    ),
    meaning && el("p.explain", {}, exchange.open ? "The response is still being written." : capital(meaning)),
    el(
      "dl.facts",
      {},
      el("dt", {}, "took"),
      el("dd", {}, exchange.open ? "still going" : seconds(exchange.duration)),
      el("dt", {}, "first byte"),
      el("dd", {}, firstByte(exchange)),
      el("dt", {}, "sizes"),
      el("dd", {}, `${size(exchange.in)} in, ${size(exchange.out)} out`),
      ...(exchange.handler ? [el("dt", {}, "handler"), el("dd", {}, exchange.handler)] : []),
    ),
  )
}

function firstByte({first_byte: first, began, open}) {
  if (first === null || first === undefined) return open ? "none yet" : "none"
  return `after ${seconds(first - began)}`
}
