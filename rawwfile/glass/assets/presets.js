/** Texts to begin with in the send box. `HOST` stands for the watched server. */

const head = (...lines) => [...lines, ""].map(line => `${line}\\r\\n`).join("\n")
const text = (...parts) => parts.join("\n")

const TEXT = "Content-Type: text/plain"
const THREE_LINES = [
  "First line. Sleeping 2 seconds ...\\n",
  "[pause 2]",
  "Second line. Sleeping 2 seconds ...\\n",
  "[pause 2]",
  "Third and last line",
]

/** A plain GET. @param {string} path */
export function getText(path) {
  return head(`GET ${path} HTTP/1.1`, "Host: HOST", "Connection: close")
}

const post = (...fields) => head("POST / HTTP/1.1", "Host: HOST", ...fields, "Connection: close")

/** Requests: [name, text]. */
export const REQUESTS = [
  ["GET a page", getText("/")],
  [
    "POST with a length",
    text(post("Content-Type: application/x-www-form-urlencoded", "Content-Length: 15"), "name=rawwfile&x"),
  ],
  [
    "POST in chunks, slowly",
    text(post("Transfer-Encoding: chunked"), "[pause 1]", "5\\r\\n", "hello\\r\\n", "[pause 1]", head("0")),
  ],
  ["HEAD", head("HEAD / HTTP/1.1", "Host: HOST", "Connection: close")],
  ["Two requests at once", text(head("GET / HTTP/1.1", "Host: HOST"), getText("/lab/now"))],
  ["HTTP/1.0, no Host", head("GET / HTTP/1.0")],
  ["A head that never ends", text("GET / HTTP/1.1\\r\\n", "Host: HOST\\r\\n")],
]

const ok = (...fields) => head("HTTP/1.1 200 OK", TEXT, ...fields)

/** Responses: [name, text]. */
export const RESPONSES = [
  ["Hello, with a length", text(ok("Content-Length: 5"), "hello")],
  ["HowTo 20: three lines with pauses", text(head("HTTP/1.1 200", TEXT), ...THREE_LINES)],
  ["HowTo 20 with a length", text(ok("Content-Length: 90"), ...THREE_LINES)],
  [
    "Chunked by hand",
    text(ok("Transfer-Encoding: chunked"), "5\\r\\n", "hello\\r\\n", "7\\r\\n", ", world\\r\\n", head("0")),
  ],
  [
    "103 before 200",
    text(
      head("HTTP/1.1 103 Early Hints", "Link: </style.css>; rel=preload"),
      "[pause 0.5]",
      ok("Content-Length: 5"),
      "hello",
    ),
  ],
  ["Two lengths", text(ok("Content-Length: 3", "Content-Length: 5"), "hello")],
  ["A redirect", head("HTTP/1.1 302 Found", "Location: /", "Content-Length: 0")],
  ["Not found", text(head("HTTP/1.1 404 Not Found", TEXT, "Content-Length: 8"), "not here")],
]
