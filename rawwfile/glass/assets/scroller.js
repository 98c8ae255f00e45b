/**
 * A box that scrolls over any height and draws only what is on screen.
 *
 * Browsers stop at some 17 to 33 million pixels. Above LIMIT the box's own height is smaller than the
 * height it stands for: small steps (wheel, keys) then move by true pixels, a drag of the scroll bar
 * by the ratio of the two heights.
 */

const LIMIT = 8_000_000

export class Scroller {
  /**
   * @param {HTMLElement} box - the element that scrolls
   * @param {HTMLElement} layer - its child, moved to what is drawn
   * @param {function(number, number): number} draw - fills the layer with what is between two heights,
   *   returns the height at which the layer begins
   */
  constructor(box, layer, draw) {
    this.box = box
    this.layer = layer
    this.draw = draw
    this.total = 0
    this.top = 0
    this.last = 0
    this.sizer = document.createElement("div")
    this.sizer.className = "sizer"
    this.sizer.setAttribute("aria-hidden", "true")
    box.append(this.sizer)
    box.addEventListener("scroll", () => this.#scrolled(), {passive: true})
    box.addEventListener("scrollend", () => this.#settle(), {passive: true})
    new ResizeObserver(() => this.redraw()).observe(box)
  }

  /** Pixels that can be seen. */
  get view() {
    return this.box.clientHeight
  }

  /** Whether the last line is on screen. */
  get atEnd() {
    return this.top >= this.total - this.view - 8
  }

  /** Set the height of everything, in pixels. @param {number} total */
  setTotal(total) {
    this.total = total
    this.sizer.style.height = `${Math.min(total, LIMIT)}px`
    this.redraw()
  }

  /** Go to a height. @param {number} top */
  scrollTo(top) {
    this.top = Math.max(0, Math.min(top, this.total - this.view))
    this.#settle()
    this.redraw()
  }

  /** Bring [top, bottom) on screen, with as little movement as possible. */
  reveal(top, bottom, margin = 0) {
    if (top - margin < this.top) this.scrollTo(top - margin)
    else if (bottom + margin > this.top + this.view) this.scrollTo(bottom + margin - this.view)
  }

  /** Draw again, at the next frame, however often it is called. */
  redraw() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined
      this.#show()
    })
  }

  get #ratio() {
    const room = Math.min(this.total, LIMIT) - this.view
    return room > 0 ? (this.total - this.view) / room : 1
  }

  #scrolled() {
    const now = this.box.scrollTop
    const step = now - this.last
    this.last = now
    if (step === 0) return
    const ratio = this.#ratio
    if (ratio > 1 && Math.abs(step) < this.view && now > 0) this.top += step
    else this.top = now * ratio
    this.top = Math.max(0, Math.min(this.top, this.total - this.view))
    this.#show()
  }

  /** Bring the scroll bar to where it belongs, after small steps have moved more than it shows. */
  #settle() {
    this.box.scrollTop = this.top / this.#ratio
    this.last = this.box.scrollTop
  }

  #show() {
    this.top = Math.max(0, Math.min(this.top, this.total - this.view))
    const begin = this.draw(this.top, this.top + this.view)
    this.layer.style.transform = `translateY(${this.box.scrollTop + begin - this.top}px)`
  }
}
