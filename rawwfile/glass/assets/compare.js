/** Compare: what several clients make of the same response. */

import {post} from "./api.js"
import {announce, el, seconds} from "./dom.js"
import {forPost} from "./sending.js"

/** Ask and show the table. @param {SendBox} box @param {Array<{data: Uint8Array, pause: number}>} pieces */
export async function compare(box, pieces) {
  announce("The clients are asked; this takes some seconds")
  box.result("compare", el("h3", {}, "Who notices?"), el("p.busy", {}, "The same bytes go to each client …"))
  let answer
  try {
    answer = await post("api/compare", {pieces: forPost(pieces)})
  } catch (error) {
    box.results.querySelector(".result-compare")?.remove()
    throw error
  }
  const {rows, differ} = answer
  const verdict = differ ? "The clients do not agree." : "The clients agree."
  box.result("compare", el("h3", {}, "Who notices?"), el("p", {}, verdict), table(rows))
  announce(`Compared. ${verdict} ${rows.map(row => `${row.client}: ${row.reading}`).join("; ")}`)
}

function table(rows) {
  const heads = ["client", "reading", "detail"].map(head => el("th", {scope: "col"}, head))
  return el(
    "table.compare",
    {},
    el("caption.unseen", {}, "What each client made of the bytes"),
    el("thead", {}, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows.map(tableRow)),
  )
}

function tableRow({client, version, reading, detail, seconds: took, noticed}) {
  const sign = noticed === undefined || noticed === null ? "" : noticed ? "! notices" : "✓ takes it"
  return el(
    "tr",
    {},
    el("th", {scope: "row"}, client, " ", version && el("small", {}, version)),
    el("td.reading", {}, el("strong", {}, reading), sign && el("small.noticed", {}, sign)),
    el("td", {}, detail ?? "", took ? el("small", {}, ` ${seconds(took)}`) : ""),
  )
}
