"""Takes the words of `rawwfile serve FILE.cpy...`, compiles into the working directory, and becomes the server.

    oracle.py check CASE --cmd \
        '{python} tests/cherrypy/compile_and_serve.py {files} {options} {config} --host {host} --port {port}'

(with the path of this file in full, since the command runs in the folder of the case).
"""

from __future__ import annotations

import os
import subprocess
import sys

TAKES_VALUE = ("-I", "-W", "-E", "-O", "-S")
FOR_COMPILER = (*TAKES_VALUE, "-D")


def parted(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words for the compiler, and those for the server it makes."""
    compiler: list[str] = []
    server: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        mine = word[:2] in FOR_COMPILER or not word.startswith("-")
        (compiler if mine else server).append(word)
        if waiting and (word in TAKES_VALUE or word.startswith("--") and "=" not in word):
            (compiler if mine else server).append(waiting.pop(0))
    return compiler, server


def main(words: list[str]) -> int:
    """Compile; on success this process becomes the server."""
    compiler, server = parted(words)
    made = subprocess.run([sys.executable, "-m", "rawwfile", "compile", *compiler], stdout=subprocess.PIPE, text=True)
    if made.returncode:
        return made.returncode
    output = made.stdout.split(" is written", 1)[0]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, output, *server])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
