/** The inspector's HTTP interface, as functions. Every failure is an Error with one sentence to show. */

/** GET an address and read the JSON. @param {string} path @param {AbortSignal} [signal] */
export async function getJson(path, signal) {
  return (await answered(fetch(path, {signal}))).json()
}

/**
 * The bytes of one direction of a connection.
 * @param {number} connection @param {string} direction - "in" or "out" @param {string} side - "plain" or "cipher"
 * @param {number} from @param {number} to
 * @returns {Promise<Uint8Array>} less than asked for where there is less; 0 for bytes that were dropped
 */
export async function getBytes(connection, direction, side, from, to) {
  const response = await answered(fetch(`api/bytes/${connection}/${direction}?side=${side}&from=${from}&to=${to}`))
  const bytes = new Uint8Array(await response.arrayBuffer())
  const dropped = Number(response.headers.get("X-Start") ?? from) - from
  if (dropped <= 0) return bytes
  const whole = new Uint8Array(dropped + bytes.length)
  whole.set(bytes, dropped)
  return whole
}

/** The spans that touch the same range, with their true start and end: [[start, end, kind], ...]. */
export async function getSpans(connection, direction, side, from, to) {
  return getJson(`api/spans/${connection}/${direction}?side=${side}&from=${from}&to=${to}&whole=1`)
}

/** POST a value as JSON and read the JSON that comes back. @param {string} path @param {*} [value] */
export async function post(path, value = {}) {
  return (
    await answered(
      fetch(path, {
        method: "POST",
        headers: {"Content-Type": "application/json", "X-Rawwfile": "1"},
        body: JSON.stringify(value),
      }),
    )
  ).json()
}

/** POST a file as it is. @param {string} path @param {Blob} file */
export async function postFile(path, file) {
  return (
    await answered(
      fetch(path, {
        method: "POST",
        headers: {"Content-Type": "application/octet-stream", "X-Rawwfile": "1"},
        body: file,
      }),
    )
  ).json()
}

/** Whether the inspector answers, and does not know us. @returns {Promise<boolean>} */
export function isStranger() {
  return fetch("assets/mark.svg", {method: "HEAD"}).then(
    ({status}) => status === 403,
    () => false,
  )
}

async function answered(request) {
  let response
  try {
    response = await request
  } catch (error) {
    if (error.name === "AbortError") throw error
    throw new Error("The inspector does not answer. Is rawwfile still running?")
  }
  if (response.ok) return response
  let sentence = ""
  try {
    sentence = (await response.json()).error
  } catch {
    // An answer without JSON has no sentence.
  }
  throw new Error(sentence || `The inspector answered ${response.status} ${response.statusText}.`)
}

/** Bytes as base64. @param {Uint8Array} data */
export function toBase64(data) {
  let text = ""
  for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000))
  return btoa(text)
}

/** base64 as bytes. @param {string} text @returns {Uint8Array} */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}
