/** What the middle of the page shows before something is chosen: where to begin. */

import {button, el} from "./dom.js"
import {visit} from "./visit.js"

/** @param {HTMLElement} place @param {Store} store */
export function welcome(place, store) {
  const {server, visits = []} = store.state
  const url = path => new URL(path, server.url).href
  const first = visits[0] ?? {path: "/", title: "The first page"}
  const others = visits.slice(1)
  place.replaceChildren(
    ...[
      el(
        "div.welcome-first",
        {},
        el("p.kicker", {}, "Begin here"),
        el("h3", {}, first.title),
        el(
          "p",
          {},
          "One click sends the request, byte by byte as you will see it, " +
            "and the answer arrives on this page while it is being written.",
        ),
        el(
          "p.actions",
          {},
          button(`Visit ${first.path}`, () => visit(store, first.path), {class: "primary"}),
          el("a", {href: url(first.path), target: "_blank", rel: "noopener"}, "open it in a new tab"),
        ),
      ),
      others.length > 0 &&
        el(
          "div.welcome-more",
          {},
          el("h3", {}, "Everything else this server has"),
          el(
            "ul.visits",
            {},
            ...others.map(each =>
              el(
                "li",
                {},
                el(
                  "a",
                  {href: url(each.path), target: "_blank", rel: "noopener", title: "opens in a new tab"},
                  each.title,
                ),
                button("Visit", () => visit(store, each.path), {class: "small", "aria-label": `Visit ${each.title}`}),
              ),
            ),
          ),
        ),
      el(
        "p.welcome-note",
        {},
        "Whatever else talks to ",
        el("a", {href: server.url, target: "_blank", rel: "noopener"}, server.url),
        " appears in the list too: your browser, curl, a test.",
      ),
    ].filter(Boolean),
  )
}
