"""`rawwfile serve FILE.cpy...`, but by way of a port: the files become a package, and that is served.

For the judge of recorded cases, which hands over the command line of `rawwfile serve`:

    oracle.py check CASE --cmd 'python serve_ported.py {files} {options} {config} --host {host} --port {port}'
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

PACKAGE = "ported_application"
FOR_SOURCES = ("-I", "-W", "-E")


def run(words: list[str]) -> int:
    from rawwfile.cli.main import main

    files = [word for word in words if word.endswith(".cpy")]
    port, serve = [], []
    rest = iter(word for word in words if not word.endswith(".cpy"))
    for word in rest:
        if word in FOR_SOURCES:
            port += [word, next(rest)]
        else:
            serve.append(word)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["port", *files, *port, "-o", PACKAGE, "--force"])
    if code:
        return code
    return main(["serve", PACKAGE, *serve])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
