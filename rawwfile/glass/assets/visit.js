/** Sending a plain GET to the watched server, and looking at what becomes of it. */

import {announce} from "./dom.js"
import {post, toBase64} from "./api.js"

const READ = 20

/** The bytes of a plain GET. @param {Store} store @param {string} path */
export function getRequest(store, path) {
  const {host} = new URL(store.state.server.url)
  return new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

/** GET a path and choose the exchange as soon as it appears. @param {Store} store @param {string} path */
export async function visit(store, path) {
  announce(`GET ${path} is sent`)
  try {
    await send(store, [{data: getRequest(store, path), pause: 0}], READ)
  } catch (error) {
    store.tell("trouble", error.message)
  }
}

/**
 * Send pieces to the watched server; the exchange they become is chosen when it appears.
 * @param {Store} store
 * @param {Array<{data: Uint8Array, pause: number}>} pieces
 * @param {number} read - seconds to wait for the answer
 * @param {boolean} [end] - end our sending after the last piece
 * @returns {Promise<Object>} what /api/send answered
 */
export async function send(store, pieces, read, end = false) {
  const last = [...store.rows.keys()].reduce((most, id) => Math.max(most, id), 0)
  const [firstLine] = new TextDecoder("latin1").decode(pieces[0].data.subarray(0, 8192)).split(/[\r\n]/)
  let shown = false
  const look = ({detail: row}) => {
    // Others may talk to the server at the same time.
    if (shown || !row || row.id <= last || !firstLine.includes(row.target)) return
    shown = true
    store.chooseExchange(row.id).catch(() => {})
  }
  store.addEventListener("rows", look)
  try {
    const answer = await post("api/send", {
      pieces: pieces.map(({data, pause}) => ({data: toBase64(data), pause})),
      read,
      end,
    })
    if (!shown && answer.connection) await store.chooseFirstOf(answer.connection).catch(() => {})
    return answer
  } finally {
    store.removeEventListener("rows", look)
  }
}
