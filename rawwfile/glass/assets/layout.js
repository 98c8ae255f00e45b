/**
 * Which row of the stream is where. Pure: it draws nothing and fetches nothing.
 *
 * Blocks stand below each other: an entry (one read or write of the socket: a head row, then rows of
 * bytes; of a long one there may be parts, without heads), a gap of time, a mark where another exchange
 * begins. Rows end with the line in "lines", as far as lines.js knows, and have a fixed number of bytes in "hex".
 */

/** Gaps below this are not drawn. Seconds. */
const SMALLEST_GAP = 0.05
/** Pixels of a second. */
export const GAP_PIXELS = 28
/** The longest gap that is drawn in full. Seconds. */
export const GAP_CAP = 5

/**
 * The blocks of what is looked at.
 * @param {Array} entries - [sequence, direction, side, offset, size, time, by], in order
 * @param {{in: number[], out: number[]}} ranges - the offsets that are shown, [start, end)
 * @param {string} side - "plain" or "cipher"
 * @param {{in: Array<Object>, out: Array<Object>}} marks - lines before a byte of a direction: {at: its offset, text}, in order
 */
export function blocksOf(entries, ranges, side, marks = {in: [], out: []}) {
  const blocks = []
  let time = null
  const next = {in: 0, out: 0}
  for (const [sequence, direction, entrySide, offset, count, when, by] of entries) {
    if (entrySide !== side) continue
    let start = Math.max(offset, ranges[direction][0])
    const end = Math.min(offset + count, ranges[direction][1])
    if (start >= end) continue
    if (time !== null && when - time >= SMALLEST_GAP) blocks.push({kind: "gap", seconds: when - time, direction})
    time = when
    let more = false
    for (
      ;
      next[direction] < marks[direction].length && marks[direction][next[direction]].at < end;
      next[direction] += 1
    ) {
      const mark = marks[direction][next[direction]]
      if (mark.at > start) {
        blocks.push({kind: "entry", sequence, direction, start, end: mark.at, when, by, more})
        start = mark.at
        more = true
      }
      blocks.push({kind: "mark", direction, ...mark})
    }
    blocks.push({kind: "entry", sequence, direction, start, end, when, by, more})
  }
  return blocks
}

export class Layout {
  /**
   * @param {Array<Object>} blocks - of `blocksOf`
   * @param {Object} shape - mode ("lines" or "hex"), columns (bytes of a row), row (its pixels)
   * @param {function(Object): ?number[]} starts - in "lines": the offsets at which the rows of a block begin, or null
   */
  constructor(blocks, shape, starts) {
    this.blocks = blocks
    this.shape = shape
    this.tops = new Float64Array(blocks.length + 1)
    /** Rows of all blocks together, head rows too. */
    this.count = 0
    let top = 0
    blocks.forEach((block, index) => {
      this.tops[index] = top
      top += this.#measure(block, starts)
      block.first = this.count
      this.count += block.kind === "entry" ? block.heads + block.rows : 1
    })
    this.tops[blocks.length] = top
    this.total = top
  }

  #measure(block, starts) {
    const {mode, columns, row} = this.shape
    if (block.kind === "mark") return row * 1.5
    if (block.kind === "gap") return Math.max(row, Math.min(block.seconds, GAP_CAP) * GAP_PIXELS + 6)
    block.starts = mode === "lines" ? starts(block) : null
    block.heads = block.part ? 0 : 1
    block.rows = block.starts ? block.starts.length : Math.ceil((block.end - block.start) / columns)
    return (block.rows + block.heads) * row
  }

  /** Index of the block at a height. @param {number} y */
  blockAt(y) {
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.tops[middle] <= y) low = middle
      else high = middle - 1
    }
    return low
  }

  /** First and last offset of a row of bytes: [start, end). */
  rowRange(block, number) {
    if (block.starts) return [block.starts[number], block.starts[number + 1] ?? block.end]
    const start = block.start + number * this.shape.columns
    return [start, Math.min(start + this.shape.columns, block.end)]
  }

  /**
   * Where a byte stands.
   * @returns {?{index: number, number: number, top: number}} block, row of it and its height; null if it is not shown
   */
  find(direction, offset) {
    for (let index = 0; index < this.blocks.length; index += 1) {
      const block = this.blocks[index]
      if (block.kind !== "entry" || block.direction !== direction || offset < block.start || offset >= block.end)
        continue
      const number = this.#rowOf(block, offset)
      return {index, number, top: this.tops[index] + (number + block.heads) * this.shape.row}
    }
    return null
  }

  #rowOf(block, offset) {
    if (!block.starts) return Math.floor((offset - block.start) / this.shape.columns)
    let low = 0
    let high = block.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (block.starts[middle] <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The row of bytes before or after another: {index, number}, or null. @param {number} step - 1 or -1 */
  neighbour({index, number}, step) {
    const block = this.blocks[index]
    if (number + step >= 0 && number + step < block.rows) return {index, number: number + step}
    for (let at = index + step; at >= 0 && at < this.blocks.length; at += step) {
      if (this.blocks[at].kind === "entry") return {index: at, number: step > 0 ? 0 : this.blocks[at].rows - 1}
    }
    return null
  }

  /** The first (or last) row of bytes; null where there is none. */
  edge(last = false) {
    const blocks = this.blocks.map((block, index) => [block, index]).filter(([block]) => block.kind === "entry")
    if (!blocks.length) return null
    const [block, index] = blocks.at(last ? -1 : 0)
    return {index, number: last ? block.rows - 1 : 0}
  }

  /** What is between two heights: {block, index, number (-1: the head row), top, height}. */
  *between(top, bottom) {
    for (let index = this.blockAt(top); index < this.blocks.length && this.tops[index] < bottom; index += 1) {
      const block = this.blocks[index]
      if (block.kind !== "entry") {
        yield {block, index, number: -1, top: this.tops[index], height: this.tops[index + 1] - this.tops[index]}
        continue
      }
      const {row} = this.shape
      const first = Math.max(0, Math.floor((top - this.tops[index]) / row))
      for (let at = first; at < block.heads + block.rows; at += 1) {
        const y = this.tops[index] + at * row
        if (y >= bottom) break
        yield {block, index, number: at - block.heads, top: y, height: row}
      }
    }
  }
}
