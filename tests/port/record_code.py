"""Record what Python 2.7 prints, statement by statement: `python record_code.py [PYTHON2]`.

Writes code_recorded.json beside itself: program name to a digest of its text and a list of [first line,
number, output] of its top-level statements. The programs are those of code_programs.txt and of tests/cpy
that Python 2.7 runs.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CPY = HERE.parent / "cpy"
SOURCES = (CPY / "python2_programs.txt", HERE / "code_programs.txt")
MODULES = ("cgi", "configs", "cookies", "mime", "texts")
RUNNER = r"""
import ast, sys, cStringIO, json, imp, random
m = imp.new_module("whrandom"); m.__dict__.update(vars(random)); m.whrandom = random.Random
m.seed = lambda *seeds: random.seed(seeds)
sys.modules["whrandom"] = m
text = sys.stdin.read()
tree = ast.parse(text)
body = tree.body
names = {"__name__": "__main__"}
made = []
for place, node in enumerate(body):
    first = node.lineno
    if hasattr(node, "decorator_list") and node.decorator_list:
        first = node.decorator_list[0].lineno
    out = sys.stdout = cStringIO.StringIO()
    try:
        exec compile(ast.Module([node]), "program", "exec") in names
    except Exception, error:
        out.write("raised " + error.__class__.__name__ + "\n")
    sys.stdout = sys.__stdout__
    value = out.getvalue()
    if isinstance(value, unicode):
        value = value.encode("utf-8")
    made.append([first, place, value.decode("latin-1")])
print json.dumps(made)
"""


def programs() -> dict[str, str]:
    """Return the programs by name."""
    made = {}
    for source in SOURCES:
        for part in source.read_text(encoding="latin-1").split("### ")[1:]:
            made[part.partition("\n")[0].strip()] = part.partition("\n")[2]
    for path in sorted([*CPY.glob("python2/*.py2"), *(CPY / "old_modules" / f"{name}.txt" for name in MODULES)]):
        text = path.read_text(encoding="latin-1")
        if not text.startswith("# by hand"):
            made[path.stem] = text
    return made


def digest(text: str) -> str:
    """Return what tells whether a program is the one that was recorded."""
    return hashlib.sha1(text.encode("latin-1")).hexdigest()


def main(python2: str) -> None:
    """Run everything and write the record."""
    record = {}
    for name, text in programs().items():
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [python2, "-c", RUNNER], input=text.encode("latin-1"), capture_output=True, cwd=folder
            )
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr.decode()}")
        record[name] = {"source": digest(text), "statements": json.loads(done.stdout)}
    (HERE / "code_recorded.json").write_text(json.dumps(record, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "python2.7")
