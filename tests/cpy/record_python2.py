"""Record what Python 2.7 answers to the programs and pairs of these tests: `python record_python2.py [PYTHON2]`.

Writes python2_recorded.json beside itself, and python2/NAME.out for each python2/NAME.py2 (where the
first line says `# by hand` it is written by hand: that needs an older Python). `programs`: name to
output. `pairs`: for each two of the values and each operator, the repr of the answer or the name of
the exception.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
VALUES = [
    *["None", "True", "0", "3", "-7", "2L", "long(2**65)", "1.5", "-0.25", "2j", "''", "'ab'", "u'ab'", "'%s'"],
    *["()", "(1, 'a')", "[]", "[1, None]", "{}", "{'a': 1}", "len", "object"],
]
OPERATORS = [
    *["a / b", "a % b", "a // b", "a + b", "a - b", "a * b if not isinstance(b, long) or abs(b) < 9 else 0"],
    *["a < b", "a <= b"],
    *["a > b", "a >= b", "a == b", "a != b", "a <> b", "cmp(a, b)", "divmod(a, b)", "sorted([a, b])"],
    *["min(a, b)", "max(a, b)", "a and b", "`a`", "str(a)", "'%s|%r' % (a, b)"],
]
TABLE = '''
values = %r
for operator in %r:
    for x in values:
        for y in values:
            a, b = eval(x), eval(y)
            try: print `eval(operator, {'a': a, 'b': b})`
            except StandardError, e: print e.__class__.__name__
'''


def programs() -> dict[str, str]:
    """Return the programs by name."""
    parts = (HERE / "python2_programs.txt").read_text(encoding="latin-1").split("### ")[1:]
    return {part.partition("\n")[0].strip(): part.partition("\n")[2] for part in parts}


def table() -> str:
    """Return the program that prints the table of pairs."""
    return TABLE % (VALUES, OPERATORS)


def main(python2: str) -> None:
    """Run everything and write the record."""

    def output(source: str) -> str:
        return subprocess.run([python2, "-c", source], capture_output=True, check=True).stdout.decode("latin-1")

    for path in sorted((HERE / "python2").glob("*.py2")):
        if not path.read_text("latin-1").startswith("# by hand"):
            command = [python2, "-W", "ignore", path.name]
            done = subprocess.run(command, cwd=path.parent, capture_output=True, check=True)
            path.with_suffix(".out").write_bytes(done.stdout)
    printed = {name: output(text) for name, text in programs().items()}
    record = {"programs": printed, "pairs": output(table()).split("\n")}
    (HERE / "python2_recorded.json").write_text(json.dumps(record, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "python2.7")
