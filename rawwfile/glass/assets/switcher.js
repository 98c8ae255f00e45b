/** A choice of one among few, as a row of buttons: radio buttons in all but looks. */

import {el, freshId} from "./dom.js"

/**
 * @param {string} label @param {Array<[string, string]>} choices - [value, text] @param {function(string)} act
 * @returns {{node: HTMLElement, set: function(string)}}
 */
export function switcher(label, choices, act) {
  const name = freshId("choice")
  const inputs = choices.map(([value]) => el("input", {type: "radio", name, value, on: {change: () => act(value)}}))
  const node = el(
    "fieldset.switcher",
    {},
    el("legend.unseen", {}, label),
    ...choices.map(([, text], index) => el("label", {}, inputs[index], el("span", {}, text))),
  )
  inputs[0].checked = true
  return {
    node,
    set(value) {
      for (const input of inputs) input.checked = input.value === value
    },
  }
}
