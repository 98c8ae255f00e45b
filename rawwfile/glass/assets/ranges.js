/** Bytes and spans of one direction of a connection, fetched in blocks when they are looked at. */

import {getBytes, getSpans} from "./api.js"

/** Bytes of a block. */
export const BLOCK = 65_536
const KEPT = 64
const MOST_SPANS = 20_000

export class Ranges {
  /**
   * @param {number} connection @param {string} direction @param {string} side
   * @param {function(): void} arrived - called when a block has come
   */
  constructor(connection, direction, side, arrived) {
    Object.assign(this, {connection, direction, side, arrived})
    /** Offset after the last byte that is known to exist. */
    this.end = 0
    this.blocks = new Map()
    /** The block that was asked last, which is mostly asked again. */
    this.last = null
  }

  /**
   * There may be more bytes, and other spans.
   * @param {number} end - offset after the last byte now
   * @param {boolean} growing - still more will come: what was whole and read is then taken to stay
   */
  grew(end, growing = false) {
    this.end = Math.max(this.end, end)
    this.last = null
    for (const block of this.blocks.values()) block.stale ||= !growing || !isSettled(block)
  }

  /**
   * The byte at an offset, or -1 while it is not here; asking fetches it.
   * @param {number} offset
   */
  byte(offset) {
    const number = Math.floor(offset / BLOCK)
    if (this.last?.number !== number) this.last = this.#block(number)
    const block = this.last
    const at = offset - block.start
    return block.bytes && at < block.bytes.length ? block.bytes[at] : -1
  }

  /** The bytes of [start, stop), or null while some are not here. @returns {?Uint8Array} */
  bytes(start, stop) {
    const data = new Uint8Array(stop - start)
    for (let at = start; at < stop;) {
      const block = this.#block(Math.floor(at / BLOCK))
      const to = Math.min(stop, block.start + BLOCK)
      if (!block.bytes || block.start + block.bytes.length < to) return null
      data.set(block.bytes.subarray(at - block.start, to - block.start), at - start)
      at = to
    }
    return data
  }

  /** The spans that touch [start, stop), as far as they are here: [[start, end, kind], ...]. */
  spans(start, stop) {
    const found = []
    for (let number = Math.floor(start / BLOCK); number * BLOCK < stop; number += 1) {
      const {spans} = this.#block(number)
      for (let at = firstAfter(spans, start); at < spans.length && spans[at][0] < stop; at += 1) {
        const [from, to, kind] = spans[at]
        const known = found.at(-1)?.[1] ?? 0
        // A span that crosses the border of two blocks comes with both; where one of them was read earlier,
        // it may have been cut finer there.
        if (to > known) found.push([from < known ? known : from, to, kind])
      }
    }
    return found
  }

  /** The span at an offset, or null while it is not here. */
  spanAt(offset) {
    return this.spans(offset, offset + 1)[0] ?? null
  }

  /** Wait until [start, stop) is here. @returns {Promise<void>} */
  async fetch(start, stop) {
    const waits = []
    for (let number = Math.floor(start / BLOCK); number * BLOCK < stop; number += 1) {
      const block = this.#block(number)
      if (block.busy) waits.push(block.busy)
    }
    await Promise.all(waits)
  }

  #block(number) {
    let block = this.blocks.get(number)
    if (block) this.blocks.delete(number)
    else block = {number, start: number * BLOCK, bytes: null, spans: [], stale: true, busy: null}
    this.blocks.set(number, block)
    if (this.blocks.size > KEPT) this.blocks.delete(this.blocks.keys().next().value)
    if (block.stale && !block.busy) block.busy = this.#load(block)
    return block
  }

  async #load(block) {
    block.stale = false
    const from = block.start
    const to = Math.min(from + BLOCK, this.end)
    try {
      if (from >= to) return
      const {connection, direction, side} = this
      const [bytes, spans] = await Promise.all([
        getBytes(connection, direction, side, from, to),
        allSpans(connection, direction, side, from, to),
      ])
      block.bytes = bytes
      block.spans = spans
    } catch {
      block.bytes ??= new Uint8Array(0)
    } finally {
      block.busy = null
      this.arrived()
    }
  }
}

/** Whether all of a block is here, and was read by the server's readers. */
function isSettled({bytes, spans}) {
  return bytes?.length === BLOCK && !["unread", "unfinished"].includes(spans.at(-1)?.[2])
}

async function allSpans(connection, direction, side, from, to) {
  const all = []
  for (let at = from; at < to;) {
    const some = await getSpans(connection, direction, side, at, to)
    all.push(...some)
    if (some.length < MOST_SPANS || some.at(-1)[1] <= at) break
    at = some.at(-1)[1]
  }
  return all
}

/** Index of the first span that ends after `offset`. */
function firstAfter(spans, offset) {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[middle][1] > offset) high = middle
    else low = middle + 1
  }
  return low
}
