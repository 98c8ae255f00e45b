"""A table row by row: a CSV that arrives while it is made.

Room: 4.5 Streams that browsers know. 2018, TextDecoderStream in Chromium 71
Goal: a generator that yields each row when it has it; nothing is collected, so the table could be
      longer than the memory. The page reads the rows as they come, by fetch and a reader.
Run:  python3 -m rawwfile serve legacy_examples/streamed_csv.py
Try:  curl -N http://127.0.0.1:8000/rows
Look: each row is there before the next is made. In a browser the table grows; close the page in the
      middle, and the generator is closed too.
"""

import csv
import io
import time

from rawwfile import expose, quickstart, stream

PAGE = """<!DOCTYPE html>
<title>Rows</title>
<table id="rows"></table><p id="end">more to come ...</p>
<script>
const fields = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g
const cells = line => [...line.matchAll(fields)].map(([, quoted, plain]) => plain ?? quoted.replaceAll('""', '"'))
fetch("rows").then(async response => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ""
    for (let part; !(part = await reader.read()).done;) {
        const lines = (rest + part.value).split("\\r\\n")
        rest = lines.pop()  // a row may come in two parts
        for (const line of lines) {
            const row = document.getElementById("rows").insertRow()
            for (const cell of cells(line)) row.insertCell().textContent = cell
        }
    }
    document.getElementById("end").textContent = "that was all"
})
</script>
"""


class Root:
    @expose
    def index(self):
        return PAGE

    @expose(content_type="text/csv; charset=utf-8")
    @stream
    def rows(self):
        line = io.StringIO(newline="")
        writer = csv.writer(line)
        for row in self.table():
            writer.writerow(row)
            yield line.getvalue()
            line.seek(0)
            line.truncate()

    def table(self):
        yield "number", "square", "made at"
        for number in range(1, 11):
            stream.sleep(0.2)
            yield number, number * number, time.strftime('%H:%M:%S, "local time"')


root = Root()

if __name__ == "__main__":
    quickstart(root)
