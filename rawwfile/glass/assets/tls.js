/** What the handshake agreed on, its messages, the records, and the certificates that were shown. */

import {button, counted, el, size} from "./dom.js"
import {DIRECTIONS} from "./rows.js"

const MOST_RECORDS = 200

/** A record in one line. @param {Object} record - {type, version, length, text} */
export function recordText(record) {
  const {type, version, text: more} = record
  return `TLS record: ${type === "handshake" && more ? "handshake, " : ""}${inFewWords(record)}, marked ${version}`
}

function isEncrypted({type, text: more}) {
  return type === "application data" && Boolean(more)
}

function inFewWords(record) {
  const {type, length, text: more} = record
  if (isEncrypted(record)) return `${type}, ${size(length)}, encrypted`
  // The text on a handshake begins with the name of its message.
  const words = type === "handshake" && more ? more : [type, more].filter(Boolean).join(", ")
  return `${words}, ${size(length)}`
}

/** @param {Object} connection @param {Store} store @returns {HTMLElement} */
export function tlsFacts(connection, store) {
  const {tls} = connection
  const facts = [
    ["version", tls.version],
    ["cipher", text(tls.cipher)],
    ["ALPN", tls.alpn || "none"],
    ["name asked (SNI)", tls.server_name || tls.client_hello?.server_name || "none"],
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
        counted(messages.length, "handshake message"),
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
        counted(records.length, "record"),
        false,
        records.some(isEncrypted) &&
          el("p.hint", {}, "Encrypted, all look alike: content, alerts, and the rest of the handshake."),
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
        el("ol.chain", {}, ...chain.map(each => el("li", {}, certificate(each)))),
      ),
    tls.peer_certificate &&
      part("tls-client", "The client's certificate", true, certificate(tls.peer_certificate)),
  )
}

function part(id, title, open, ...what) {
  return el("details", {"data-id": id, open}, el("summary", {"data-focus": id}, title), ...what)
}

function recordButton(record, store) {
  const [sign] = DIRECTIONS[record.direction]
  return button(
    `${sign} ${inFewWords(record)}`,
    () => store.point(record.direction, record.start, record.end, "cipher"),
    {class: "note-go", title: "show its bytes"},
  )
}

/** What a certificate says, in the order in which people ask for it. @param {Object} stated - as Python's ssl has it */
function certificate(stated) {
  const {subject, issuer, notBefore, notAfter, subjectAltName, serialNumber} = stated ?? {}
  const [who, by] = [names(subject), names(issuer)]
  if (!who && !subjectAltName) return text(stated)
  const facts = [
    ["good for", (subjectAltName ?? []).map(([, name]) => name).join(", ")],
    ["belongs to", who],
    ["signed by", by && by === who ? `${by} (itself)` : by],
    ["from", notBefore],
    ["until", notAfter],
    ["serial number", serialNumber],
  ]
  return el(
    "dl.facts",
    {},
    ...facts.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, text(value))]),
  )
}

/** The values of a distinguished name: [[["organizationName", "x"]], ...] as "x". */
function names(parts) {
  return (parts ?? [])
    .flat()
    .map(([, value]) => value)
    .join(", ")
}

function text(value) {
  if (Array.isArray(value)) return value.map(text).join(", ")
  if (value && typeof value === "object")
    return Object.entries(value)
      .map(([key, each]) => `${key}: ${text(each)}`)
      .join("; ")
  return value === null || value === undefined ? "" : String(value)
}
