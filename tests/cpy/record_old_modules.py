"""Record what Python 2.7 answers to the programs of old_modules/: `python record_old_modules.py [PYTHON2]`.

Writes old_modules/recorded.json: name of a program to its output, one character a byte. whrandom, which
2.7 had no more, is made of random there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "old_modules"
RECORD = HERE / "recorded.json"
OLDER = """\
import sys, imp, random
m = imp.new_module('whrandom'); m.__dict__.update(vars(random)); m.whrandom = random.Random
m.seed = lambda *seeds: random.seed(seeds)
sys.modules['whrandom'] = m
del m, imp, sys
"""


def programs() -> dict[str, Path]:
    """Return the programs by name."""
    return {path.stem: path for path in sorted(HERE.glob("*.txt"))}


def main(python2: str) -> None:
    """Run everything and write the record."""
    record = {}
    for name, path in programs().items():
        source = OLDER.encode() + path.read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([python2, "-"], input=source, capture_output=True, check=True, cwd=folder)
        record[name] = done.stdout.decode("latin-1").split("\n")
    RECORD.write_text(json.dumps(record, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "python2.7")
