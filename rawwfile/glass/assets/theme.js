/** Light or dark: the system's choice, or the one made here. */

import {button} from "./dom.js"

const NEXT = {auto: "light", light: "dark", dark: "auto"}
const SIGNS = {auto: "◐ auto", light: "○ light", dark: "● dark"}

/** The button that goes round. @returns {HTMLElement} */
export function themeButton() {
  let theme = localStorage.getItem("rawwfile-theme") ?? "auto"
  const toggle = button(
    "",
    () => {
      theme = NEXT[theme] ?? "auto"
      localStorage.setItem("rawwfile-theme", theme)
      show()
    },
    {class: "quiet"},
  )
  const show = () => {
    document.documentElement.dataset.theme = theme
    toggle.textContent = SIGNS[theme] ?? SIGNS.auto
    toggle.setAttribute("aria-label", `Colours: ${theme}`)
  }
  show()
  return toggle
}
