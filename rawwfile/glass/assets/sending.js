/** What the send box does with its pieces: send them as a request, or have them answer the lab address. */

import {fromBase64, post, toBase64} from "./api.js"
import {readable} from "./chars.js"
import {announce, button, el, seconds, size} from "./dom.js"
import {send, visit} from "./visit.js"

const READ = 20
const MOST_SHOWN = 4000
const ENDED = {
  complete: "the response was complete",
  eof: "the server closed the connection",
  reset: "the server reset the connection",
  timeout: "nothing more came in time",
  limit: "more came than is read here",
  stopped: "it was stopped",
}

/** Pieces as the inspector wants them. @param {Array<{data: Uint8Array, pause: number}>} pieces */
export function forPost(pieces) {
  return pieces.map(({data, pause}) => ({data: toBase64(data), pause}))
}

/** Send pieces to the watched server and show what came back. @param {SendBox} box */
export async function sendRequest(box, pieces) {
  announce("Sending")
  box.result("reply", el("p.busy", {}, "Sending …"))
  let answer
  try {
    answer = await send(box.store, pieces, READ, box.end)
  } catch (error) {
    box.results.querySelector(".result-reply")?.remove()
    throw error
  }
  const reply = fromBase64(answer.bytes)
  // A line ends after LF; a backslash of the reply itself is written as two.
  const text = readable(reply.subarray(0, MOST_SHOWN)).replace(/\\\\|\\n/g, found => (found === "\\n" ? "\\n\n" : found))
  box.result(
    "reply",
    el("h3", {}, "What came back"),
    el("p", {}, `${size(reply.length)} in ${seconds(answer.seconds)}, ${ENDED[answer.ended] ?? answer.ended}`),
    el("pre.reply", {tabindex: "0", role: "group", "aria-label": "The reply"}, text),
    reply.length > MOST_SHOWN && el("p.hint", {}, `These are the first ${size(MOST_SHOWN)}; the tape has all of them.`),
  )
  announce(`${size(reply.length)} came back`)
}

/** Let the next visitor of the lab address have these pieces. @param {SendBox} box @param {boolean} [go] - be that visitor */
export async function answerLab(box, pieces, go = false) {
  const {url} = await post("api/lab", {pieces: forPost(pieces)})
  const {href, pathname} = new URL(url, box.store.state.server.url)
  const link = el("a", {href, target: "_blank", rel: "noopener"}, href)
  if (go) {
    box.result("reply", el("h3", {}, "Served"), el("p", {}, "A visitor of ", link, " got these bytes: see above."))
    await visit(box.store, pathname)
    return
  }
  box.result(
    "reply",
    el("h3", {}, "Armed"),
    el("p", {}, "The next visitor of ", link, " gets exactly these bytes, once."),
    el(
      "p.actions",
      {},
      button("Visit it now", () => visit(box.store, pathname), {class: "primary"}),
    ),
  )
  announce("Armed: the next visitor gets these bytes")
}
