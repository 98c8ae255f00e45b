/**
 * Where rows begin when they end with their lines: at once near the beginning, further on where somebody looks.
 *
 * To know how many lines are above a byte, all bytes before it must have been read, and nobody wants to wait
 * for 100 MB. So the lines of the first EXACT bytes of each direction are looked for at once; what follows is
 * cut into segments, which are taken to have rows of full length until they come on screen.
 */

import {BLOCK} from "./ranges.js"

/** Bytes of each direction in which all lines are looked for at once. */
const EXACT = 262_144
/** Beginnings of rows that are kept, of all segments together. */
const MOST_KEPT = 1_000_000

/**
 * Cut what is beyond EXACT where the blocks of `Ranges` begin.
 * @param {Array<Object>} blocks - of `blocksOf` @param {{in: number[], out: number[]}} extents
 */
export function inSegments(blocks, extents) {
  const cut = []
  for (const block of blocks) {
    let {start} = block
    if (block.kind === "entry") {
      const exact = extents[block.direction][0] + EXACT
      let stop = Math.max((Math.floor(start / BLOCK) + 1) * BLOCK, Math.floor(exact / BLOCK) * BLOCK)
      for (; stop < block.end; stop += BLOCK) {
        cut.push({...block, start, end: stop, size: block.end - block.start, part: start > block.start})
        start = stop
      }
    }
    cut.push(start > block.start ? {...block, start, part: true} : block)
  }
  return cut
}

/**
 * Offsets at which the rows of a block begin; null while bytes are missing.
 * @param {{start: number, end: number}} block @param {number} columns - the most bytes of a row
 * @param {function(number): number} byte - the byte at an offset, or -1
 */
export function rowStarts({start, end}, columns, byte) {
  const starts = [start]
  let begin = start
  // A full row takes the CR LF that would stand alone in the next.
  const endsSoon = at => {
    const next = at + 1 < end ? byte(at + 1) : -1
    return next === 10 || (next === 13 && at + 2 < end && byte(at + 2) === 10)
  }
  for (let at = start; at < end; at += 1) {
    const value = byte(at)
    if (value < 0) return null
    if (value === 10 || (at + 1 - begin >= columns && !endsSoon(at))) {
      begin = at + 1
      if (begin < end) starts.push(begin)
    }
  }
  return starts
}

export class Lines {
  /** Whether bytes near the beginning are still missing. */
  waiting = false
  #kept = new Map()
  #count = 0

  /** @param {{in: Ranges, out: Ranges}} ranges */
  constructor(ranges) {
    this.ranges = ranges
  }

  /** Begin to place all blocks. @param {{in: number[], out: number[]}} extents @param {number} columns */
  begin(extents, columns) {
    if (columns !== this.columns) {
      this.#kept.clear()
      this.#count = 0
    }
    this.columns = columns
    this.extents = extents
    this.waiting = false
  }

  /** As `rowStarts`, or null where nobody has looked yet. @param {Object} block */
  of(block) {
    const known = this.#kept.get(keyOf(block))
    if (known || block.end - this.extents[block.direction][0] > EXACT) return known ?? null
    const starts = this.#look(block)
    this.waiting ||= !starts
    return starts
  }

  /** Look for lines in the blocks that are on screen. @returns {boolean} whether some have been found */
  settle(blocks) {
    let found = false
    for (const block of blocks) {
      if (block.kind !== "entry" || block.starts) continue
      if (this.ranges[block.direction].bytes(block.start, block.end) && this.#look(block)) found = true
    }
    return found
  }

  #look(block) {
    const ranges = this.ranges[block.direction]
    const starts = rowStarts(block, this.columns, offset => ranges.byte(offset))
    if (!starts) return null
    this.#kept.set(keyOf(block), starts)
    this.#count += starts.length
    for (const [key, oldest] of this.#kept) {
      if (this.#count <= MOST_KEPT || oldest === starts) break
      this.#kept.delete(key)
      this.#count -= oldest.length
    }
    return starts
  }
}

function keyOf({direction, start, end}) {
  return `${direction}${start}-${end}`
}
