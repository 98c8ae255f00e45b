/** What the handshake agreed on, its messages, the records, and the certificates that were shown. */

import {button, counted, el, size} from "./dom.js"
import {DIRECTIONS} from "./rows.js"

const MOST_RECORDS = 200

/** A record in one line. @param {Object} record - {type, version, length, text} */
export function recordText({type, version, length, text: more}) {
  return `TLS record: ${type}${more && more !== type ? `, ${more}` : ""}, ${size(length)}, marked ${version}`
}

/** @param {Object} connection @param {Store} store @returns {HTMLElement} */
export function tlsFacts(connection, store) {
  const {tls} = connection
  const facts = [
    ["version", tls.version],
    ["cipher", text(tls.cipher)],
    ["ALPN", tls.alpn || "none"],
    ["name asked (SNI)", tls.server_name || "none"],
    ...(tls.client_hello?.text ? [["client offers", tls.client_hello.text]] : []),
    ...(tls.server_hello?.text ? [["server chose", tls.server_hello.text]] : []),
  ]
  const messages = (connection.events ?? []).filter(event => event.kind === "tls-message")
  const chain = tls.chain ?? []
  const records = tls.records ?? []
  return el(
    "section.card.tls-card",
    {},
    el("h3", {}, "TLS"),
    el("dl.facts", {}, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value || "not known")])),
    el("p.hint", {}, "“Cipher” above the bytes shows the records as they crossed the wire."),
    messages.length > 0 &&
      part(
        "tls-messages",
        `${messages.length} handshake messages`,
        true,
        el(
          "ol.moments",
          {},
          ...messages.map(event =>
            el("li", {}, el("span.when", {}, `${(event.time - connection.opened).toFixed(4)} s`), ` ${event.text}`),
          ),
        ),
      ),
    records.length > 0 &&
      part(
        "tls-records",
        `${records.length} records`,
        false,
        el(
          "ol.records",
          {},
          ...records.slice(0, MOST_RECORDS).map(record => el("li", {}, recordButton(record, store))),
        ),
      ),
    chain.length > 0 &&
      part(
        "tls-chain",
        counted(chain.length, "certificate"),
        false,
        el("ol.chain", {}, ...chain.map(each => el("li", {}, text(each)))),
      ),
    tls.peer_certificate && el("p", {}, "client certificate: ", text(tls.peer_certificate)),
  )
}

function part(id, title, open, ...what) {
  return el("details", {"data-id": id, open}, el("summary", {"data-focus": id}, title), ...what)
}

function recordButton(record, store) {
  const [sign] = DIRECTIONS[record.direction]
  return button(
    `${sign} ${record.text || record.type}, ${size(record.length)}`,
    () => store.point(record.direction, record.start, record.end, "cipher"),
    {class: "note-go", title: "show its bytes"},
  )
}

function text(value) {
  if (Array.isArray(value)) return value.map(text).join(", ")
  if (value && typeof value === "object")
    return Object.entries(value)
      .map(([key, each]) => `${key}: ${text(each)}`)
      .join("; ")
  return value === null || value === undefined ? "" : String(value)
}
