/** Compare: what several clients make of the same response. */

import {post} from "./api.js"
import {announce, el, seconds} from "./dom.js"
import {forPost} from "./sending.js"

/** Sign and word of whether a client has told its user that something is wrong. */
const NOTICED = new Map([
  [true, ["!", "notices"]],
  [false, ["○", "takes it"]],
  [null, ["?", "does not say"]],
])

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
  const verdict = `${whoNotices(rows)} ${differ ? "The clients do not agree." : "The clients agree."}`
  box.result("compare", el("h3", {}, "Who notices?"), el("p", {}, verdict), table(rows))
  announce(`Compared. ${verdict} ${rows.map(row => `${row.client}: ${row.reading}`).join("; ")}`)
}

/** Who has found something wrong, as a sentence. */
function whoNotices(rows) {
  const asked = rows.filter(row => row.version)
  const names = asked.filter(row => row.noticed).map(row => row.client)
  if (!names.length) return "No client notices anything."
  return `${names.length} of ${asked.length} notice that something is wrong: ${names.join(", ")}.`
}

function table(rows) {
  const heads = ["client", "noticed?", "what it makes of the bytes"].map(head => el("th", {scope: "col"}, head))
  return el(
    "table.compare",
    {},
    el("caption.unseen", {}, "What each client made of the bytes"),
    el("thead", {}, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows.map(tableRow)),
  )
}

function tableRow({client, version, reading, detail, seconds: took, noticed}) {
  const [sign, word] = version ? NOTICED.get(noticed ?? null) : ["–", "not asked"]
  return el(
    "tr",
    {},
    el("th", {scope: "row"}, client, " ", version && el("small", {}, version)),
    el(`td.noticed${noticed ? ".wrong" : ""}`, {}, el("span", {"aria-hidden": "true"}, sign), ` ${word}`),
    el(
      "td.reading",
      {},
      el("strong", {}, reading),
      detail && el("span.detail", {}, detail),
      took ? el("small", {}, ` ${seconds(took)}`) : "",
    ),
  )
}
