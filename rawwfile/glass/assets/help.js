/** The keys, and the dialog that tells them. */

import {button, el} from "./dom.js"

const KEYS = [
  [
    "everywhere",
    [
      ["?", "this page"],
      ["/", "filter the list"],
      ["1 2 3 4", "go to exchanges, bytes, notes, send box"],
      ["Tab", "next control; the first ones skip to a part"],
    ],
  ],
  [
    "list",
    [
      ["↑ ↓", "previous, next exchange"],
      ["Page Up, Page Down", "a page of them"],
      ["Home, End", "newest, oldest"],
    ],
  ],
  [
    "bytes",
    [
      ["← → ↑ ↓", "from byte to byte, from row to row"],
      ["Shift with them", "select"],
      ["[ ]", "previous, next span"],
      ["Enter", "select the span"],
      ["Home, End", "begin, end of the row"],
      ["Ctrl Home, Ctrl End", "first, last byte"],
      ["Escape", "select one byte only"],
    ],
  ],
  [
    "notes",
    [
      ["↑ ↓", "from note to note"],
      ["Enter", "show its bytes"],
    ],
  ],
  [
    "send box",
    [
      ["Enter", "writes \\r\\n"],
      ["Shift Enter", "a line break that sends nothing"],
      ["Ctrl Enter", "send"],
      ["Tab", "leaves the text"],
    ],
  ],
]
const PARTS = ["#list-part", "#stream-part", "#side-part", "#send-part"]

/** @returns {HTMLElement} the button that opens the help */
export function helpButton() {
  const single = el("input", {type: "checkbox"})
  single.checked = localStorage.getItem("rawwfile-keys") !== "off"
  single.addEventListener("change", () => localStorage.setItem("rawwfile-keys", single.checked ? "on" : "off"))
  const dialog = el(
    "dialog.help",
    {"aria-labelledby": "help-title"},
    el("h2", {id: "help-title"}, "Keys"),
    el(
      "div.help-groups",
      {},
      ...KEYS.map(([where, keys]) =>
        el(
          "section",
          {},
          el("h3", {}, where),
          el("dl.keys", {}, ...keys.flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)])),
        ),
      ),
    ),
    el("p", {}, el("label", {}, single, " keys of one character (? / 1 2 3 4) work outside of text fields")),
    el(
      "p.actions",
      {},
      button("Close", () => dialog.close(), {class: "primary"}),
    ),
  )
  document.body.append(dialog)
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || dialog.open || !single.checked)
      return
    if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return
    if (event.key === "?") dialog.showModal()
    else if (event.key === "/") document.getElementById("filter-text").focus()
    else if (event.key >= "1" && event.key <= "4") go(PARTS[event.key - 1])
    else return
    event.preventDefault()
  })
  return button("? keys", () => dialog.showModal(), {class: "quiet", "aria-label": "Help: keys"})
}

/** Focus what a part is for, or the part. */
function go(selector) {
  const part = document.querySelector(selector)
  part.scrollIntoView({block: "nearest"})
  const target = [...part.querySelectorAll("[role=listbox], [role=grid], .note-go, textarea")].find(
    each => each.offsetParent !== null && each.tabIndex >= 0,
  )
  ;(target ?? part).focus()
}
