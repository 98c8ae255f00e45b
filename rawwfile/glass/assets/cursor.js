/** The selection of bytes: by pointer and by keys. */

export class Cursor {
  /** The selection: {direction, start, end, at (the byte that moves), from (the one that stays)}; or null. */
  selection = null

  /** @param {Stream} stream */
  constructor(stream) {
    this.stream = stream
    const {box} = stream
    box.addEventListener("keydown", event => this.#key(event))
    box.addEventListener("pointerdown", event => this.#down(event))
    box.addEventListener("pointermove", event => this.#move(event))
    box.addEventListener("pointerup", () => {
      this.held = null
    })
    box.addEventListener("pointerover", event => this.#hover(event))
    box.addEventListener("pointerleave", () => this.#mark(null))
    box.addEventListener("focus", () => {
      if (!this.selection) this.#enter()
    })
    box.addEventListener("dblclick", event => this.#span(this.#byteAt(event)))
  }

  /** Select nothing. */
  clear() {
    this.selection = null
    this.stream.box.removeAttribute("aria-activedescendant")
  }

  /** Select [start, end) of a direction. */
  set(direction, start, end, at = start, from = start) {
    this.selection = {direction, start, end: Math.max(end, start + 1), at, from}
  }

  /** Bring the selection on screen. @param {boolean} [roomy] - with rows around it */
  reveal(roomy = false) {
    const {layout, scroller, shape} = this.stream
    const {selection} = this
    const place = layout.find(selection.direction, selection.at)
    if (place)
      scroller.reveal(place.top, place.top + shape.row, roomy ? Math.min(scroller.view / 3, 6 * shape.row) : shape.row)
  }

  #enter() {
    const first = this.stream.layout.edge()
    if (first) this.#goto(first.index, first.number, 0, false)
  }

  #goto(index, number, column, extend) {
    const {layout} = this.stream
    const block = layout.blocks[index]
    const [start, stop] = layout.rowRange(block, number)
    this.#to(block.direction, Math.min(start + column, stop - 1), extend)
  }

  #to(direction, at, extend) {
    const from = extend && this.selection?.direction === direction ? this.selection.from : at
    this.set(direction, Math.min(from, at), Math.max(from, at) + 1, at, from)
    this.#changed()
  }

  #changed() {
    const {stream, selection} = this
    this.reveal()
    stream.scroller.redraw()
    stream.readout.show(stream.ranges[selection.direction], selection)
  }

  #key(event) {
    if (event.ctrlKey && !["Home", "End"].includes(event.key)) return
    if (event.altKey || event.metaKey) return
    if (!this.selection) this.#enter()
    if (!this.selection) return
    if (!this.#act(event)) return
    event.preventDefault()
  }

  #act({key, shiftKey, ctrlKey}) {
    const {layout, scroller, shape} = this.stream
    const {direction, at} = this.selection
    const place = layout.find(direction, at)
    if (!place) return false
    const [start, stop] = layout.rowRange(layout.blocks[place.index], place.number)
    const rows = Math.max(1, Math.floor(scroller.view / shape.row) - 2)
    switch (key) {
      case "ArrowLeft":
        return this.#step(place, at - 1, start, stop, -1, shiftKey)
      case "ArrowRight":
        return this.#step(place, at + 1, start, stop, 1, shiftKey)
      case "ArrowUp":
        return this.#rows(place, -1, 1, at - start, shiftKey)
      case "ArrowDown":
        return this.#rows(place, 1, 1, at - start, shiftKey)
      case "PageUp":
        return this.#rows(place, -1, rows, at - start, shiftKey)
      case "PageDown":
        return this.#rows(place, 1, rows, at - start, shiftKey)
      case "Home":
        return this.#edge(ctrlKey, false, start, shiftKey)
      case "End":
        return this.#edge(ctrlKey, true, stop - 1, shiftKey)
      case "[":
        return this.#neighbour(-1)
      case "]":
        return this.#neighbour(1)
      case "Enter":
        return this.#span({direction, at})
      case "Escape":
        this.#to(direction, at, false)
        return true
      default:
        return false
    }
  }

  #step(place, to, start, stop, step, extend) {
    const {layout} = this.stream
    if (to >= start && to < stop) this.#to(layout.blocks[place.index].direction, to, extend)
    else {
      const next = layout.neighbour(place, step)
      if (next) this.#goto(next.index, next.number, step > 0 ? 0 : Infinity, extend)
    }
    return true
  }

  #rows(place, step, count, column, extend) {
    const {layout} = this.stream
    let last = place
    let left = count
    while (left > 0) {
      const block = layout.blocks[last.index]
      // Within a block whole pages are one addition: a block may have millions of rows.
      const jump = Math.min(left, step > 0 ? block.rows - 1 - last.number : last.number)
      last = {index: last.index, number: last.number + step * jump}
      left -= jump
      if (left === 0) break
      const next = layout.neighbour(last, step)
      if (!next) break
      last = next
      left -= 1
    }
    this.#goto(last.index, last.number, column, extend)
    return true
  }

  #edge(all, last, inRow, extend) {
    const edge = all && this.stream.layout.edge(last)
    if (edge) this.#goto(edge.index, edge.number, last ? Infinity : 0, extend)
    else this.#to(this.selection.direction, inRow, extend)
    return true
  }

  /** Select the span before or after. */
  #neighbour(step) {
    const {stream, selection} = this
    const ranges = stream.ranges[selection.direction]
    const [start, end] = ranges.spanAt(step > 0 ? selection.end - 1 : selection.start) ?? [
      selection.start,
      selection.end,
    ]
    const at = step > 0 ? end : start - 1
    const place = at >= 0 ? stream.layout.find(selection.direction, at) : null
    if (place) return this.#span({direction: selection.direction, at})
    const here = stream.layout.find(selection.direction, selection.at)
    const blocks = stream.layout.blocks
    for (let index = here.index + step; index >= 0 && index < blocks.length; index += step) {
      const block = blocks[index]
      if (block.kind === "entry" && block.direction !== selection.direction) {
        return this.#span({direction: block.direction, at: step > 0 ? block.start : block.end - 1})
      }
    }
    return true
  }

  #span(byte) {
    if (!byte) return false
    const ranges = this.stream.ranges[byte.direction]
    const [start, end] = ranges.spanAt(byte.at) ?? [byte.at, byte.at + 1]
    this.set(byte.direction, start, end)
    this.#changed()
    return true
  }

  #down(event) {
    const byte = event.button === 0 ? this.#byteAt(event) : null
    if (!byte) return
    this.held = byte.direction
    this.#to(byte.direction, byte.at, event.shiftKey)
    this.stream.box.focus({preventScroll: true})
    event.preventDefault()
  }

  #move(event) {
    if (!this.held) return
    const byte = this.#byteAt(event)
    if (byte?.direction === this.held && byte.at !== this.selection?.at) this.#to(byte.direction, byte.at, true)
  }

  /** The byte under the pointer. */
  #byteAt(event) {
    const run =
      event.target.closest?.(".run") ?? document.elementFromPoint(event.clientX, event.clientY)?.closest(".run")
    if (!run) return null
    const direction = run.closest(".row").classList.contains("in") ? "in" : "out"
    const width = run.closest(".hex") ? 3 : 1
    const box = run.getBoundingClientRect()
    const count = run.textContent.length / width
    const share = Math.floor(((event.clientX - box.left) / box.width) * count)
    return {direction, at: Number(run.dataset.at) + Math.max(0, Math.min(count - 1, share))}
  }

  #hover(event) {
    this.#mark(event.target.closest?.(".run")?.dataset.span ?? null, event.target.closest?.(".row"))
  }

  /** Outline the whole span under the pointer, in the text and in the hexadecimal digits. */
  #mark(span, row) {
    const direction = row?.classList.contains("in") ? "in" : "out"
    for (const run of this.stream.layer.querySelectorAll(".run")) {
      const same = span !== null && run.dataset.span === span && run.closest(".row").classList.contains(direction)
      run.classList.toggle("hovered", same)
    }
  }
}
