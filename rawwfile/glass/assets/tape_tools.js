/** Pause, clear, save and open the tape. */

import {announce, button, el} from "./dom.js"
import {post, postFile} from "./api.js"

/** @param {HTMLElement} place @param {Store} store @param {{pause: function(boolean)}} live */
export function tapeTools(place, store, live) {
  const trouble = error => store.tell("trouble", error.message)
  const pause = button(
    "Pause",
    () => {
      const wanted = pause.getAttribute("aria-pressed") !== "true"
      pause.setAttribute("aria-pressed", String(wanted))
      live.pause(wanted)
      announce(wanted ? "Paused: what comes now is shown later" : "Live again")
    },
    {"aria-pressed": "false", title: "let the list stand still; nothing is lost"},
  )
  const clear = button(
    "Clear",
    async () => {
      try {
        await post("api/clear")
        announce("The tape is cleared")
      } catch (error) {
        trouble(error)
      }
    },
    {title: "forget the connections that are closed"},
  )
  const save = el(
    "a.button",
    {href: "api/wire", download: "recording.wire", title: "download the tape as a .wire file"},
    "Save .wire",
  )
  const file = el("input.unseen", {
    type: "file",
    accept: ".wire",
    tabindex: "-1",
    "aria-label": "a .wire file",
    on: {
      change: async () => {
        const [chosen] = file.files
        if (!chosen) return
        try {
          await postFile(`api/wire?name=${encodeURIComponent(chosen.name)}`, chosen)
          store.leave()
          await store.load()
          announce(`${chosen.name} is open`)
        } catch (error) {
          trouble(error)
        }
        file.value = ""
      },
    },
  })
  const open = button("Open", () => file.click(), {title: "look at a .wire file instead of the live tape"})
  const back = button("Back to the live tape", async () => {
    try {
      await post("api/wire/close")
      store.leave()
      await store.load()
    } catch (error) {
      trouble(error)
    }
  })
  const loaded = el("p.loaded", {}, el("span"), " ", back)
  store.addEventListener("state", () => {
    loaded.hidden = !store.state.loaded
    loaded.firstChild.textContent = store.state.loaded ? `Opened: ${store.state.loaded}` : ""
  })
  loaded.hidden = true
  place.append(pause, clear, save, open, file, loaded)
}
