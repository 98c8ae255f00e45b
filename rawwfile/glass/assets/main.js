/**
 * The page begins here: it makes the parts, loads the tape and follows it.
 *
 *   store.js     what is known and chosen; the parts listen to it       api.js, live.js fill it
 *   list.js      left: exchanges and connections                       tape_tools.js
 *   stream.js    middle: bytes; layout.js says which row is where, lines.js where lines end, ranges.js
 *                fetches, rows.js draws, scroller.js scrolls over any height, cursor.js selects, readout.js names
 *   side.js      right: notes.js, diagram.js, timeline.js, tls.js
 *   sendbox.js   below: editor.js over pieces.js, sending.js, breaking.js, compare.js
 *   handout.js   what a printer gets
 */

import {button, el} from "./dom.js"
import {handout} from "./handout.js"
import {helpButton} from "./help.js"
import {List} from "./list.js"
import {follow} from "./live.js"
import {learnFields} from "./meaning.js"
import {SendBox} from "./sendbox.js"
import {Side} from "./side.js"
import {Store} from "./store.js"
import {Stream} from "./stream.js"
import {tapeTools} from "./tape_tools.js"
import {themeButton} from "./theme.js"

const LIVE = {
  live: ["●", "live"],
  paused: ["‖", "paused"],
  lost: ["✗", "rawwfile does not answer"],
  stranger: ["✗", "rawwfile was started anew: open the address that it has printed"],
}

const part = name => document.getElementById(`${name}-part`)
const store = new Store()

document.getElementById("bar-tools").append(
  button("Begin", () => store.leave(), {class: "quiet", title: "back to where to begin"}),
  themeButton(),
  helpButton(),
)
const list = new List(part("list"), store)
new Stream(part("stream"), store)
new Side(part("side"), store)
new SendBox(part("send"), store)
handout(document.getElementById("handout"), store)

store.addEventListener("state", () => {
  const {server, fields, version, secrets} = store.state
  learnFields(fields)
  document
    .getElementById("server")
    .replaceChildren(
      "watching ",
      el("a", {href: server.url, target: "_blank", rel: "noopener"}, server.url),
      server.application ? `, ${server.application}` : "",
      " ",
      secrets ? "" : el("span.tag", {title: "values of Authorization and cookies are shown as *"}, "secrets hidden"),
    )
  document.title = `rawwfile ${version}: the wire of ${server.url}`
})

store.addEventListener("trouble", ({detail}) => {
  const place = el(
    "p.trouble",
    {role: "alert"},
    detail,
    " ",
    el("button", {type: "button", on: {click: () => place.remove()}}, "Dismiss"),
  )
  document.querySelector(".trouble")?.remove()
  document.querySelector("header").after(place)
})

function showLive(status) {
  const [sign, word] = LIVE[status]
  const place = document.getElementById("live")
  // The browser tries again and again, and each time in vain would be heard by who listens.
  if (place.className === `live ${status}`) return
  place.className = `live ${status}`
  place.replaceChildren(el("span", {"aria-hidden": "true"}, sign), ` ${word}`)
}

try {
  await store.load()
  tapeTools(list.tools, store, follow(store, showLive))
  document.documentElement.dataset.ready = "yes"
} catch (error) {
  store.tell("trouble", error.message)
}
